"""`tendesks webhooks add | list | remove | rotate | ping | deliveries`: addresses that ended batches are told to."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from server.cli import words
from server.cli.api import Api
from server.cli.call import Call, perform
from server.cli.exits import Exit, RefusedError
from server.cli.figures import moment_ms
from server.cli.options import Data, Json, Url
from server.cli.program import group

app = group("webhooks")

LOOK_MS = 200
PING_MS = 30_000
"""How long a test message is looked after; it is given up by the server after half of that."""
OFF = {
    "owner": "off",
    "gone": "off: it answered 410",
    "failing": "off: nothing arrived for five days",
    "secret": "off: its secret cannot be opened; rotate it",
}
HookId = Annotated[str, typer.Argument(metavar="ID", help="Its id, or the beginning of it.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1, max=500)]


@app.callback()
def webhooks() -> None:
    """Have ended batches told to addresses of your own, signed and at least once."""


@app.command("add")
def add(
    address: Annotated[str, typer.Argument(metavar="URL", help="Where messages are sent.")],
    label: Annotated[
        str | None, typer.Option(help="What it is; only you see it.", show_default=False)
    ] = None,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add an address, and print the secret that messages are signed with. It is shown this once."""

    async def body(call: Call) -> Exit:
        made = await call.api.post("/webhooks", {"url": address, **({"label": label} if label else {})})
        call.screen.emit(made)
        call.screen.say(made["secret"])
        call.screen.tell(
            f"Webhook {made['id']} is on. `tendesks webhooks ping {made['id']}` sends a test message."
        )
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("list")
def list_command(url: Url = None, data: Data = None, json: Json = False) -> None:
    """The webhooks there are, and how each of them stands."""

    async def body(call: Call) -> Exit:
        found = await call.api.get("/webhooks")
        call.screen.emit({"webhooks": found["items"], "sending": found["sending"]})
        if found["items"]:
            call.screen.show(table(found["items"], call.clock.now_ms()))
        else:
            call.screen.say("No webhooks. `tendesks webhooks add URL` adds one.")
        if found["items"] and not found["sending"]:
            call.screen.tell("The plan has no webhooks: nothing is sent, and what waits is kept.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("remove")
def remove(hook: HookId, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Delete a webhook, with what waits there."""

    async def body(call: Call) -> Exit:
        found = await find_hook(call.api, hook)
        await call.api.delete(f"/webhooks/{found['id']}")
        call.screen.emit({"id": found["id"], "removed": True})
        call.screen.say((name(found), "strong"), ": removed.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("rotate")
def rotate(hook: HookId, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Make another secret and print it, this once. For a day messages are signed with the former one as well."""

    async def body(call: Call) -> Exit:
        found = await find_hook(call.api, hook)
        made = await call.api.post(f"/webhooks/{found['id']}/rotate")
        call.screen.emit(made)
        call.screen.say(made["secret"])
        until = words.moment(moment_ms(made["former_until"]), call.clock.now_ms())
        call.screen.tell(f"The former secret is good until {until}.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("ping")
def ping(hook: HookId, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Send a test message, and say whether it arrived."""

    async def body(call: Call) -> Exit:
        found = await find_hook(call.api, hook)
        sent = await call.api.post(f"/webhooks/{found['id']}/ping")
        sent = await _outcome(call, found["id"], sent)
        call.screen.emit(sent)
        call.screen.say(told(sent, call.clock.now_ms()))
        return Exit.OK if sent["state"] == "delivered" else Exit.REFUSED

    perform(body, url=url, data=data, json=json)


@app.command("deliveries")
def deliveries(
    hook: HookId, limit: Limit = 20, url: Url = None, data: Data = None, json: Json = False
) -> None:
    """What was sent there of late and what waits, newest first."""

    async def body(call: Call) -> Exit:
        found = await find_hook(call.api, hook)
        rows = (await call.api.get(f"/webhooks/{found['id']}/deliveries?limit={limit}"))["items"]
        call.screen.emit({"deliveries": rows})
        grid = Table.grid(padding=(0, 2))
        for row in rows:
            grid.add_row(
                Text(row["id"], style="quiet"),
                row["event"],
                row.get("batch", ""),
                told(row, call.clock.now_ms()),
            )
        if rows:
            call.screen.show(grid)
        else:
            call.screen.say("Nothing was sent there yet.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


async def find_hook(api: Api, wanted: str) -> dict[str, Any]:
    """The one webhook with this id, or this beginning of one.

    Raises:
        RefusedError: there is none, or more than one.
    """
    found = [
        each for each in (await api.get("/webhooks"))["items"] if wanted and each["id"].startswith(wanted)
    ]
    if len(found) == 1:
        return dict(found[0])
    if found:
        problem, said = "ambiguous", f"{wanted!r} begins the ids of {len(found)} webhooks; give more of it"
    else:
        problem, said = (
            "not_found",
            f"no webhook's id begins with {wanted!r}; `tendesks webhooks list` lists them",
        )
    raise RefusedError(said, problem={"code": problem}, status=409 if found else 404)


async def _outcome(call: Call, hook: str, sent: dict[str, Any]) -> dict[str, Any]:
    """What came of a test message, which is tried once."""
    until_ms = call.clock.monotonic_ms() + PING_MS
    while sent["state"] == "waiting" and call.clock.monotonic_ms() < until_ms:
        await call.clock.sleep(LOOK_MS)
        rows = (await call.api.get(f"/webhooks/{hook}/deliveries"))["items"]
        sent = next((row for row in rows if row["id"] == sent["id"]), sent)
    return sent


def table(hooks: list[dict[str, Any]], now_ms: int) -> Table:
    """A line for each webhook."""
    grid = Table.grid(padding=(0, 2))
    for hook in hooks:
        waiting = words.counted(hook["waiting"], "waits", "wait") if hook["waiting"] else ""
        grid.add_row(
            Text(hook["id"], style="quiet"), Text(name(hook)), Text(standing(hook, now_ms)), Text(waiting)
        )
    return grid


def name(hook: Mapping[str, Any]) -> str:
    """What its maker called it, else its address."""
    return words.plain(hook.get("label") or hook["url"], 60)


def standing(hook: Mapping[str, Any], now_ms: int) -> str:
    """How it stands, in words."""
    if hook["state"] == "off":
        return OFF.get(hook.get("off", ""), "off")
    if hook["state"] == "failing":
        return f"nothing arrives since {words.moment(moment_ms(hook['failing']), now_ms)}"
    return "in order"


def told(delivery: Mapping[str, Any], now_ms: int) -> str:
    """What became of a delivery."""
    tries = words.counted(delivery["attempts"], "attempt")
    if delivery["state"] == "delivered":
        return f"arrived after {tries}"
    reason = words.plain(delivery.get("reason", "not tried yet"), 120)
    if delivery["state"] == "failed":
        return f"did not arrive after {tries}: {reason}"
    again = f", next {words.moment(moment_ms(delivery['next']), now_ms)}" if "next" in delivery else ""
    return f"waits after {tries}: {reason}{again}"
