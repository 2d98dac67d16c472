"""`tendesks status`: what runs, what waits, and how long it will take, once."""

from collections.abc import Mapping
from typing import Any

from server.cli import drawing, words
from server.cli.call import Call, perform
from server.cli.exits import Exit
from server.cli.figures import Figures, unasked
from server.cli.options import Data, Json, Url
from server.cli.program import group

LISTED_MAX = 30

app = group("status")


@app.command()
def status(url: Url = None, data: Data = None, json: Json = False) -> None:
    """What runs, what waits, and how long it will take."""
    perform(_status, url=url, data=data, json=json)


async def _status(call: Call) -> Exit:
    office = await call.api.get("/office")
    listed = (await call.api.get("/batches", limit=LISTED_MAX))["items"]
    call.screen.emit({"url": call.api.address.url, "office": office, "batches": listed})
    state, now_ms = office["state"], call.clock.now_ms()
    call.screen.say((plan(state), "strong"))
    items = sorted(map(Figures.from_http, listed), key=lambda figures: figures.ended)
    call.screen.say(load(state, now_ms, unasked=unasked(items, state)))
    if items:
        call.screen.say()
        call.screen.show(drawing.batches(items, state["queue"], now_ms))
    return Exit.OK


def plan(state: Mapping[str, Any]) -> str:
    """The plan and what it gives: "Pro, 10 at a time"."""
    office = state["office"]
    return f"{office['tier'].capitalize()}, {words.count(office['slots'])} at a time"


def load(state: Mapping[str, Any], now_ms: int, *, unasked: bool = False) -> str:
    """What runs and waits, and how long that takes or why it does not go on; `unasked`: for want of one's own runners."""
    queue = state["queue"]
    parts = [f"{words.count(state['office']['running'])} running", f"{words.count(queue['waiting'])} waiting"]
    if unasked:
        parts.append(words.UNASKED)
    elif "blocked" in queue:
        parts.append(words.blocked(queue["blocked"], queue.get("until"), now_ms))
    elif "eta" in queue:
        parts.append(words.eta(queue["eta"], now_ms))
    return ", ".join(parts)
