"""A moving picture from the server: ordered, watched with a bar, fetched; called off when somebody presses Ctrl-C."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from server.cli import words
from server.cli.api import Api
from server.cli.call import Call
from server.cli.exits import CommandError, UsageError
from server.cli.interrupts import Interrupts
from server.cli.sessions import moment_ms

LOOK_MS = 250
SHAPES = {".tendesks": "tendesks", ".gif": "gif", ".mp4": "mp4"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What was asked for; None where nothing was said."""

    since: str | None = None
    until: str | None = None
    speed: float | None = None
    view: str | None = None
    size: str | None = None
    fps: int | None = None
    night: bool = False
    skip_idle: bool | None = None

    @property
    def of_pictures(self) -> bool:
        """Whether it says anything that makes sense of a moving picture alone."""
        said = (self.since, self.until, self.speed, self.size, self.fps, self.skip_idle)
        return self.night or any(value is not None for value in said)


class NotMadeError(CommandError):
    """The server could not make the picture; `detail` is its reason."""

    code = "not_made"


def target_of(path: Path, wish: Wish) -> str:
    """What is to be written, by the file's name.

    Raises:
        UsageError: the name says nothing known, or the wish is one for pictures and the name is not.
    """
    shape = SHAPES.get(path.suffix.lower())
    if shape is None:
        raise UsageError(f"{path}: expected a name that ends in .tendesks, .gif or .mp4")
    if path.is_dir():
        raise UsageError(f"{path}: is a folder, expected a file")
    if shape == "tendesks" and wish.of_pictures:
        raise UsageError(
            f"{path}: a recording's file is whole; only a GIF or an MP4 has a stretch, a speed or a size"
        )
    return shape


def order_of(wish: Wish, shape: str, recording: dict[str, Any], zone_min: int) -> dict[str, Any]:
    """What the server is asked for. Raises UsageError where a time cannot be read."""
    start_ms = moment_ms(recording["started"])
    asked = {
        "from": _moment("--from", wish.since, start_ms),
        "to": _moment("--until", wish.until, start_ms),
        "speed": wish.speed,
        "view": wish.view,
        "size": wish.size,
        "fps": wish.fps,
        "skip_idle": wish.skip_idle,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    return {"format": shape, "night": wish.night, "zone": zone_min, **given}


async def made(
    call: Call, recording: dict[str, Any], shape: str, wish: Wish, part: Path, interrupts: Interrupts
) -> dict[str, Any]:
    """Have a picture made and fetch it into `part`; the server's copy goes. Returns what it came to be.

    Raises:
        NotMadeError: the server says why.
        RefusedError, NoServerError: as `Api`.
    """
    order = order_of(wish, shape, recording, zone_min(call.clock.now_ms()))
    export = await call.api.post(f"/recordings/{recording['id']}/exports", order)
    path = f"/exports/{export['id']}"
    try:
        done = await _watched(call, export, interrupts)
        await _fetched(call.api, f"{path}/file", {}, part)
    finally:
        with suppress(CommandError):
            await call.api.delete(path)
    return {"view": done["view"], "size": done["size"]}


async def recorded_file(api: Api, recording: str, view: str | None, part: Path) -> None:
    """Fetch a whole recording into `part`."""
    await _fetched(api, f"/recordings/{recording}/file", {"view": view}, part)


def length(item: dict[str, Any]) -> str:
    """How long a recording is."""
    return words.elapsed(round(item["seconds"] * 1000))


async def _watched(call: Call, export: dict[str, Any], interrupts: Interrupts) -> dict[str, Any]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=call.screen.err, transient=True, disable=not call.screen.live) as bars:
        bar = bars.add_task("Waiting", total=1000)
        while export["state"] in ("queued", "running"):
            await _pause(call, interrupts)
            export = await call.api.get(f"/exports/{export['id']}")
            bars.update(
                bar,
                completed=export["permille"],
                description="Painting" if export["state"] == "running" else "Waiting",
            )
    if export["state"] == "failed":
        raise NotMadeError(export.get("reason", "The picture could not be made"))
    return export


async def _pause(call: Call, interrupts: Interrupts) -> None:
    """Wait a moment, or until somebody has had enough."""
    asked = asyncio.ensure_future(interrupts.asked.wait())
    slept = asyncio.ensure_future(call.clock.sleep(LOOK_MS))
    await asyncio.wait([asked, slept], return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    slept.cancel()
    if interrupts.asked.is_set():
        raise KeyboardInterrupt


async def _fetched(api: Api, path: str, query: dict[str, object], part: Path) -> None:
    async with api.download(path, **query) as chunks:
        with part.open("wb") as file:
            async for chunk in chunks:
                file.write(chunk)


def _moment(name: str, text: str | None, start_ms: int) -> str | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            at_ms = start_ms + words.duration_s(text) * 1000
        except ValueError:
            raise UsageError(
                f"{name}: expected a moment such as 2026-11-18T11:06:40Z or a time after the start such as 90s, got {text!r}"
            ) from None
        return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()
    return moment.astimezone(UTC).isoformat()


def zone_min(now_ms: int) -> int:
    """How far the reader's clock is ahead of UTC, in minutes."""
    offset = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone().utcoffset()
    return 0 if offset is None else int(offset.total_seconds() // 60)
