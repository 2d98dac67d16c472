"""What is to be made of a recording (p): a moving picture of a stretch of it, in which view, how fast, how large.

An order goes to another process as JSON, so it is checked where it is made and read as it was written.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from server.errors import InvalidInputError
from server.model import View
from server.recording.markers import Stretch


class Format(StrEnum):
    """GIF plays everywhere and is small; MP4 (H.264) is sharp, and may be long."""

    GIF = "gif"
    MP4 = "mp4"


speed_min, speed_max = 0.5, 3_600.0
fps_max: Mapping[Format, int] = {Format.GIF: 20, Format.MP4: 60}
film_ms_max: Mapping[Format, int] = {Format.GIF: 120_000, Format.MP4: 600_000}
"""How long a moving picture plays, in milliseconds."""
frames_max = 18_000
"""How many pictures it has: ten minutes of thirty a second."""
gif_bytes_max = 3_000_000
mp4_bytes_max = 256 * 1024 * 1024
"""How large a moving picture's file is."""
zone_min_max = 14 * 60
width_min, height_min = 160, 90
width_max, height_max = 1920, 1200

SPEEDS = (1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 960, 1_800, 3_600)
"""What is chosen from where no speed was asked for."""
FILM_MS = 60_000
"""How long a moving picture plays at most where no speed was asked for."""
SIZES: Mapping[Format, tuple[int, int]] = {Format.GIF: (640, 360), Format.MP4: (1280, 720)}
FPS: Mapping[Format, int] = {Format.GIF: 10, Format.MP4: 24}


@dataclass(frozen=True, kw_only=True, slots=True)
class Movie:
    """A moving picture that somebody wants.

    `from_ms` and `to_ms` are moments, None the recording's own ends; `speed` None: whatever makes it play for a minute
    at most. `zone_min` is how far the clock of whoever looks is ahead of UTC, in minutes. Idle stretches are passed over where `skip_idle` is set. A GIF may come smaller and slower in its pictures
    than `size` and `fps` say, if it would be too large otherwise.
    """

    format: Format
    view: View
    from_ms: int | None = None
    to_ms: int | None = None
    speed: float | None = None
    size: tuple[int, int]
    fps: int
    night: bool = False
    zone_min: int = 0
    skip_idle: bool = True
    idle: tuple[Stretch, ...] = ()

    def with_idle(self, idle: tuple[Stretch, ...]) -> "Movie":
        """The same order, with what the recording is known to have of idle stretches."""
        return replace(self, idle=idle)

    def fields(self) -> dict[str, Any]:
        """The order as plain JSON; `order_of` reads it."""
        return asdict(self)


def movie_of(fields: Mapping[str, Any]) -> Movie:
    """The order that was written by `Movie.fields`."""
    width, height = fields["size"]
    given = {
        **fields,
        "format": Format(fields["format"]),
        "view": View(fields["view"]),
        "size": (width, height),
    }
    return Movie(**{**given, "idle": tuple((since_ms, to_ms) for since_ms, to_ms in fields["idle"])})


def movie(  # noqa: PLR0913 -- one argument for each thing that may be asked for
    *,
    format: Format,  # noqa: A002 -- as it is called wherever it is asked for
    view: View,
    from_ms: int | None = None,
    to_ms: int | None = None,
    speed: float | None = None,
    size: tuple[int, int] | None = None,
    fps: int | None = None,
    night: bool = False,
    zone_min: int = 0,
    skip_idle: bool | None = None,
) -> Movie:
    """An order with what is usual for whatever was left open: a GIF shows idle stretches, an MP4 passes over them.

    Raises:
        InvalidInputError: something is outside its limits; the message names which.
    """
    if from_ms is not None and to_ms is not None and to_ms <= from_ms:
        raise InvalidInputError("to: expected a moment after from, got one that is not")
    if speed is not None and not speed_min <= speed <= speed_max:
        raise InvalidInputError(
            f"speed: expected a number from {speed_min:g} to {speed_max:g}, got {speed:g}"
        )
    return Movie(
        format=format,
        view=view,
        from_ms=from_ms,
        to_ms=to_ms,
        speed=speed,
        size=_even(*_checked_size(*(size or SIZES[format]))),
        fps=_checked_fps(fps or FPS[format], format),
        night=night,
        zone_min=zone_min,
        skip_idle=format is Format.MP4 if skip_idle is None else skip_idle,
    )


def size_of(text: str) -> tuple[int, int]:
    """Read a size such as 1280x720. Raises InvalidInputError."""
    width, cross, height = text.lower().partition("x")
    if not cross or not all(part.isascii() and part.isdigit() and len(part) <= 5 for part in (width, height)):
        raise InvalidInputError(f"size: expected a width and a height such as 1280x720, got {text[:40]!r}")
    return _checked_size(int(width), int(height))


def _checked_size(width: int, height: int) -> tuple[int, int]:
    if not (width_min <= width <= width_max and height_min <= height <= height_max):
        raise InvalidInputError(
            f"size: expected {width_min}x{height_min} to {width_max}x{height_max}, got {width}x{height}"
        )
    return width, height


def _checked_fps(fps: int, shape: Format) -> int:
    if not 1 <= fps <= fps_max[shape]:
        raise InvalidInputError(f"fps: expected 1 to fps_max = {fps_max[shape]} for a {shape}, got {fps}")
    return fps


def _even(width: int, height: int) -> tuple[int, int]:
    """H.264 keeps colours for pixels in squares of four, so no side is odd."""
    return width - width % 2, height - height % 2
