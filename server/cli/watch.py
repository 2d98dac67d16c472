"""`tendesks watch`: the live office on one screen of the terminal, from the socket."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from rich.console import Group, RenderableType
from rich.live import Live as LivePicture
from rich.text import Text

from server.cli import drawing, words
from server.cli.call import Call, perform
from server.cli.exits import Exit
from server.cli.figures import Figures, unasked
from server.cli.interrupts import Interrupts
from server.cli.live import Live
from server.cli.options import Data, Json, Url
from server.cli.program import group
from server.cli.progress import LINE_MS, Plain, ends
from server.cli.status import LISTED_MAX, load, plan

REDRAW_MS = 250
AROUND_BATCHES = 18

app = group("watch")


@app.command()
def watch(url: Url = None, data: Data = None, json: Json = False) -> None:
    """The live office in the terminal: ten desks, batches, queue. Ctrl-C closes the view, the work goes on.

    With --json: the office's state, a line whenever it changes. Without a terminal: a line every ten seconds at most.
    """
    perform(_watch, url=url, data=data, json=json)


async def _watch(call: Call) -> Exit:
    office = await call.api.get("/office")  # says at once when there is no server, or no right to look
    listed = (await call.api.get("/batches", limit=LISTED_MAX))["items"]
    live = Live(call.api, call.clock)
    keeping = asyncio.create_task(live.keep())
    try:
        with Interrupts() as interrupts:
            kinds = {batch["id"]: batch["kind"] for batch in listed}
            view = Watching(call, live, interrupts.asked, office["state"], kinds)
            await (
                view.states() if call.screen.json else view.picture() if call.screen.live else view.lines()
            )
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
    return Exit.OK


class Watching:
    """The three ways to watch. Each goes on until somebody asks for the end. `kinds` are those of batches that were there."""

    def __init__(
        self, call: Call, live: Live, asked: asyncio.Event, state: dict[str, Any], kinds: Mapping[str, str]
    ) -> None:
        self._call = call
        self._live = live
        self._asked = asked
        self._state = state
        self._kinds = kinds

    async def picture(self) -> None:
        """Draw the office over itself."""
        console = self._call.screen.err
        with LivePicture(console=console, auto_refresh=False, screen=True) as drawn:
            while not self._asked.is_set():
                state = self._now()
                size = console.size
                picture = office_picture(
                    state, self._live.now_ms(), self._live.age_ms, size.height, self._kinds
                )
                drawn.update(picture, refresh=True)
                await self._call.clock.sleep(REDRAW_MS)

    async def lines(self) -> None:
        """Say now and then what has changed."""
        said, next_ms = "", 0
        while not self._asked.is_set():
            state = self._now()
            line = load(state, self._live.now_ms(), unasked=unasked(figures_of(state, self._kinds), state))
            if line != said and self._call.clock.monotonic_ms() >= next_ms:
                said, next_ms = line, self._call.clock.monotonic_ms() + LINE_MS
                self._call.screen.say(line)
            await self._call.clock.sleep(REDRAW_MS)

    async def states(self) -> None:
        """Give every state that comes, at most one each quarter of a second."""
        given: dict[str, Any] | None = None
        while not self._asked.is_set():
            if (state := self._now()) is not given:
                given = state
                self._call.screen.emit({"now": self._live.now_ms(), "state": state})
            await self._call.clock.sleep(REDRAW_MS)

    def _now(self) -> dict[str, Any]:
        """The newest state known."""
        self._state = self._live.state or self._state
        return self._state


def figures_of(state: Mapping[str, Any], kinds: Mapping[str, str]) -> list[Figures]:
    """The office's batches, those that have ended last."""
    items = [
        replace(Figures.from_live(key, batch), kind=kinds.get(key)) for key, batch in state["batches"].items()
    ]
    return sorted(items, key=lambda figures: figures.ended)


def office_picture(
    state: Mapping[str, Any],
    now_ms: int,
    age_ms: int | None,
    lines: int,
    kinds: Mapping[str, str] = MappingProxyType({}),
) -> RenderableType:
    """One screen: plan and age of the data, queue, ten desks, upstairs, and as many batches as there is room for."""
    items = figures_of(state, kinds)
    age = "Connecting" if age_ms is None else f"Live {words.age(age_ms)} ago"
    parts: list[RenderableType] = [
        ends(Text(plan(state), style="strong"), age),
        Text(load(state, now_ms, unasked=unasked(items, state))),
        Text(),
        drawing.desks(state, now_ms),
        drawing.upstairs(state) or Text(),
        Text(),
    ]
    room = max(lines - AROUND_BATCHES, 1)
    parts.append(drawing.batches(items[:room], state["queue"], now_ms) if items else Text("No batches."))
    more = len(items) - room + state["office"].get("more", 0)
    if more > 0:
        parts.append(Text(f"and {words.counted(more, 'batch', 'batches')} more", style="quiet"))
    return Plain(Group(*parts))
