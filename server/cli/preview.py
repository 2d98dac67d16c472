"""`tendesks preview OUT.png`: the office as a picture, as it is now or as it was at a moment of a recording."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from server.cli import words
from server.cli.api import Api
from server.cli.call import Call, perform
from server.cli.exits import Exit, UsageError
from server.cli.options import Data, Json, Url
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.cli.sessions import find_recording, moment_ms
from server.errors import InvalidInputError, NotFoundError
from server.model import View
from server.preview.cards import NIGHT_FROM, NIGHT_TO, zone_at
from server.preview.order import check_size
from server.recording.playback import at_moment
from server.recording.segment import state_at
from simulation.views import project

app = group("preview")


class Wish(NamedTuple):
    """The picture as it is wanted; `night` None: as the clock says."""

    size: tuple[int, int]
    view: View
    night: bool | None


class Moment(NamedTuple):
    """What is painted: a state, and when it was."""

    state: Any
    now_ms: int


class _Span(NamedTuple):
    n: int
    start_ms: int
    end_ms: int


@app.command()
def preview(  # noqa: PLR0913, PLR0917 - its arguments are the options
    out: Annotated[Path, typer.Argument(metavar="OUT.png", help="Where to write the picture.")],
    size: Annotated[str, typer.Option(metavar="WxH", help="Its size in pixels.")] = "1200x630",
    night: Annotated[
        bool | None, typer.Option("--night/--day", help="[by this machine's clock]", show_default=False)
    ] = None,
    view: Annotated[
        View, typer.Option(help="What is shown: numbers alone, batches' names too, or titles too.")
    ] = View.BATCHES,
    recording: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Of a recorded session: its id, the beginning of it, or `last`.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="A moment of it, or how long after its start: 90s, 1h30m.",
            show_default=False,
        ),
    ] = None,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Paint the office into a PNG file, for a README or a wiki. The picture is painted on this machine."""
    with reporting(Screen(json=json)):
        wish = Wish(size=read_size(size), view=view, night=night)
        if out.suffix.lower() != ".png":
            raise UsageError(f"expected a name that ends in .png, got {out.name}")
        if at is not None and recording is None:
            raise UsageError("--at: expected --recording beside it")

    async def body(call: Call) -> Exit:
        moment = await (_now(call.api) if recording is None else recorded(call.api, recording, at))
        picture = await asyncio.to_thread(painted, moment, wish)
        await asyncio.to_thread(out.write_bytes, picture)
        told = {"to": str(out), "bytes": len(picture), "width": wish.size[0], "height": wish.size[1]}
        call.screen.emit({**told, "view": wish.view, "now": moment.now_ms})
        call.screen.say(f"{words.counted(len(picture), 'byte')} in {out}")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


def read_size(text: str) -> tuple[int, int]:
    """Width and height of "1200x630".

    Raises:
        UsageError: it is no size, or one that is not painted.
    """
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text.strip().lower())
    if found is None:
        raise UsageError(f"--size: expected a size such as 1200x630, got {text!r}")
    size = int(found[1]), int(found[2])
    try:
        check_size(*size)
    except InvalidInputError as error:
        raise UsageError(f"--{error.detail}") from error
    return size


def painted(moment: Moment, wish: Wish) -> bytes:
    """The picture as PNG.

    Raises:
        InvalidInputError: what the server sent is no state.
    """
    from server.preview import painter, png, state  # noqa: PLC0415 - they take half a second, and only this needs them

    zone_ms = zone_at(moment.now_ms)
    hour = (moment.now_ms + zone_ms) // 3_600_000 % 24
    night = not NIGHT_TO <= hour < NIGHT_FROM if wish.night is None else wish.night
    told = state.checked(project(state.checked(moment.state), wish.view))
    return png.png(painter.paint(told, moment.now_ms, wish.size, night=night, zone_ms=zone_ms))


async def _now(api: Api) -> Moment:
    office = await api.get("/office")
    return Moment(office["state"], office["now"])


async def recorded(api: Api, recording: str, at: str | None) -> Moment:
    """A moment of a recording; its last one unless said.

    Raises:
        UsageError: `at` is no moment.
        RefusedError: no recording is meant, or more than one.
        NotFoundError: nothing is kept of that moment.
    """
    meant = (await find_recording(api, recording))["id"]
    found = await api.get(f"/recordings/{meant}")
    spans = [_Span(each["n"], moment_ms(each["start"]), moment_ms(each["end"])) for each in found["segments"]]
    now_ms = moment_of(at, moment_ms(found["started"]), spans[-1].end_ms if spans else 0)
    place = at_moment(spans, now_ms)
    if place is None:
        raise NotFoundError("--at: nothing is kept of that moment")
    path = f"/recordings/{meant}/segments/{spans[place].n}"
    async with api.download(path) as chunks:
        text = b"".join([chunk async for chunk in chunks])
    shown = state_at(text.splitlines(), now_ms, found["hz"])
    if shown is None:
        raise NotFoundError("--at: nothing is kept of that moment")
    return Moment(shown, now_ms)


def moment_of(at: str | None, start_ms: int, end_ms: int) -> int:
    """A moment in milliseconds: "90s" after the start, or written in full (RFC 3339); the end where nothing is said.

    Raises:
        UsageError: it is neither.
    """
    if at is None:
        return end_ms
    try:
        return start_ms + words.duration_s(at) * 1000
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(at.strip())
    except ValueError as error:
        raise UsageError(f"--at: expected 90s, 1h30m or a moment in full, got {at!r}") from error
    return round(moment.astimezone(UTC).timestamp() * 1000)
