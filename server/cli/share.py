"""`tendesks share create | list | revoke | rotate`: links by which others look on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from server.cli import words
from server.cli.api import Api
from server.cli.call import Call, perform
from server.cli.exits import Exit, RefusedError, UsageError
from server.cli.figures import moment_ms
from server.cli.lookup import find_batch
from server.cli.options import Data, Json, Url
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen

app = group("share")


class Level(StrEnum):
    """How much a link shows."""

    FIGURES = "figures"
    BATCHES = "batches"
    TITLES = "titles"


SHOWS = {Level.FIGURES: "numbers", Level.BATCHES: "batch names", Level.TITLES: "task titles"}
REACH = {
    "machine": "It works on this machine only; `--lan` makes one for the local network.",
    "lan": "It works in this machine's local network.",
    "public": "Whoever has it can look.",
}
LinkId = Annotated[str, typer.Argument(metavar="ID", help="Its id, or the beginning of it.")]


@app.callback()
def share() -> None:
    """Let others look on, by a link: no account, read only."""


@app.command("create")
def create(  # noqa: PLR0913, PLR0917 - its arguments are the options
    label: Annotated[
        str | None, typer.Option(help="Whom it is for; only you see it.", show_default=False)
    ] = None,
    view: Annotated[
        Level | None,
        typer.Option(help="Numbers, batch names too [batches], or task titles too.", show_default=False),
    ] = None,
    expires: Annotated[str, typer.Option(metavar="SPAN", help="How long it is good; 90d at most.")] = "7d",
    recording: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Share this recording instead of the live office.", show_default=False
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="MOMENT", help="Of a recording, nothing before this.", show_default=False
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="MOMENT", help="Of a recording, nothing after this.", show_default=False
        ),
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(metavar="BATCH", help="Share this batch's results instead.", show_default=False),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN", help="Where it may be embedded; may be said again.", show_default=False
        ),
    ] = None,
    card: Annotated[bool, typer.Option("--card", help="Let its picture show the office as it is.")] = False,
    lan: Annotated[bool, typer.Option("--lan", help="Let it work in the local network.")] = False,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a link and print its URL, which is shown this once."""
    with reporting(Screen(json=json)):
        span_ms = _span_ms("--expires", expires)

    async def body(call: Call) -> Exit:
        wish = {
            "label": label, "view": view, "expires": _moment(call.clock.now_ms() + span_ms), "recording": recording,
            "from": since, "to": until, "origins": origin, "card": card, "lan": lan,
            "batch": (await find_batch(call.api, batch))["id"] if batch is not None else None,
        }  # fmt: skip
        _print(call, await call.api.post("/links", wish))
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("list")
def list_command(url: Url = None, data: Data = None, json: Json = False) -> None:
    """The links there are, with who watches now. Those that have ended are listed for a day."""

    async def body(call: Call) -> Exit:
        links = [link async for link in call.api.pages("/links")]
        call.screen.emit({"links": links})
        if links:
            call.screen.show(table(links, call.clock.now_ms()))
        else:
            call.screen.say("No links. `tendesks share create` makes one.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("revoke")
def revoke(link: LinkId, url: Url = None, data: Data = None, json: Json = False) -> None:
    """End a link; whoever watches by it is cut off at once."""

    async def body(call: Call) -> Exit:
        found = await find_link(call.api, link)
        await call.api.delete(f"/links/{found['id']}")
        gone = words.counted(found["viewers"], "viewer is", "viewers are")
        cut = f"; {gone} cut off" if found["viewers"] else ""
        call.screen.emit({"id": found["id"], "revoked": True})
        call.screen.say((name(found), "strong"), f": ended{cut}.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("rotate")
def rotate(
    link: LinkId,
    grace: Annotated[
        str | None,
        typer.Option(
            metavar="SPAN", help="How long the former URL stays good [not at all].", show_default=False
        ),
    ] = None,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Give a link another URL, which is shown this once; the former one ends."""
    with reporting(Screen(json=json)):
        grace_ms = 0 if grace is None else _span_ms("--grace", grace)

    async def body(call: Call) -> Exit:
        found = await find_link(call.api, link)
        _print(call, await call.api.post(f"/links/{found['id']}/rotate", {"grace": grace_ms / 1000}))
        return Exit.OK

    perform(body, url=url, data=data, json=json)


async def find_link(api: Api, wanted: str) -> dict[str, Any]:
    """The one link with this id, or this beginning of one.

    Raises:
        RefusedError: there is none, or more than one.
    """
    found = [link async for link in api.pages("/links") if link["id"].startswith(wanted)] if wanted else []
    if len(found) == 1:
        return found[0]
    if found:
        problem, told = "ambiguous", f"{wanted!r} begins the ids of {len(found)} links; give more of it"
    else:
        problem, told = "not_found", f"no link's id begins with {wanted!r}; `tendesks share list` lists them"
    raise RefusedError(told, problem={"code": problem}, status=409 if found else 404)


def table(links: list[dict[str, Any]], now_ms: int) -> Table:
    """A line for each link."""
    grid = Table.grid(padding=(0, 2))
    for link in links:
        grid.add_row(
            Text(link["id"], style="quiet"),
            Text(name(link), style="" if link["state"] == "live" else "quiet"),
            Text(what(link)),
            Text(watched(link)),
            Text(standing(link, now_ms)),
        )
    return grid


def name(link: Mapping[str, Any]) -> str:
    """What its maker called it."""
    return words.plain(link.get("label", "unnamed"), 40)


def what(link: Mapping[str, Any]) -> str:
    """What it shows: "live, batch names", "replay, numbers", "results"."""
    if "batch" in link:
        return "results"
    return f"{'replay' if 'recording' in link else 'live'}, {SHOWS[Level(link['view'])]}"


def watched(link: Mapping[str, Any]) -> str:
    """How many watch now; of recordings and results nobody knows, which are read without a socket."""
    live = "recording" not in link and "batch" not in link
    return words.counted(link["viewers"], "viewer") if live else ""


def standing(link: Mapping[str, Any], now_ms: int) -> str:
    """Until when it is good, or since when it is not."""
    if link["state"] == "revoked":
        return f"revoked {words.moment(moment_ms(link['revoked']), now_ms)}"
    ends = words.moment(moment_ms(link["expires"]), now_ms)
    return f"until {ends}" if link["state"] == "live" else "expired"


def _print(call: Call, made: Mapping[str, Any]) -> None:
    """The URL alone on standard output, so that it can be handed on; how far it reaches beside it."""
    now_ms = call.clock.now_ms()
    call.screen.emit(made)
    call.screen.say(made["url"])
    until = words.moment(moment_ms(made["expires"]), now_ms)
    former = ""
    if "old_until" in made:
        former = f" The former URL is good until {words.moment(moment_ms(made['old_until']), now_ms)}."
    call.screen.tell(f"{REACH[made['reach']]} It ends {until}.{former}")


def _span_ms(option: str, text: str) -> int:
    try:
        return words.duration_s(text) * words.SECOND_MS
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / words.SECOND_MS, tz=UTC).isoformat(timespec="milliseconds")
