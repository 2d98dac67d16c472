"""What plates, display and footer say: pure, from the state and the moment; the words of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

REASONS = {
    "exit": "Program failed",
    "timeout": "Timed out",
    "unreachable": "Site not reachable",
    "limit": "A limit was reached",
    "invalid": "The answer did not fit",
    "lost": "Runner lost",
}
GLYPHS = {
    "working": "play",
    "waiting": "hourglass",
    "done": "check",
    "failed": "bang",
    "idle": "cup",
    "off": "moon",
}
_MINUTE_MS, _DAY_MS = 60_000, 86_400_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ESTIMATED_MAX = 950


@dataclass(frozen=True, kw_only=True, slots=True)
class Ring:
    """How far a task is: the hue's number, or None for red; thousandths; whether the task said so itself."""

    hue: int | None
    permille: int
    reported: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PlateText:
    """What the plate of a desk says."""

    glyph: str
    name: str
    note: str
    tone: str
    """plain, idle, waiting or failed"""
    ring: Ring | None


def count(value: int) -> str:
    """Thousands with a comma."""
    return f"{value:,}"


def clock(ms: int) -> str:
    """A clock time: "15:58"; ``ms`` is of the reader's own zone."""
    minutes = ms // _MINUTE_MS % 1440
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hue(state: Mapping[str, Any], batch: str | None) -> int | None:
    """The number of a batch's hue, 0 to 7; None for a batch the state does not know."""
    found = state["batches"].get(batch) if batch is not None else None
    return None if found is None else found["order"] % 8


def plate_text(state: Mapping[str, Any], desk: Mapping[str, Any], now_ms: int, zone_ms: int) -> PlateText:
    """What a desk's plate says at a moment."""
    activity = desk["activity"]
    rests = activity in {"idle", "off"}
    tone = "idle" if rests else activity if activity in {"failed", "waiting"} else "plain"
    return PlateText(
        glyph=GLYPHS[activity],
        name=desk["worker"],
        note=_note(desk, now_ms, zone_ms),
        tone=tone,
        ring=None if rests else _ring(state, desk, now_ms),
    )


def _note(desk: Mapping[str, Any], now_ms: int, zone_ms: int) -> str:
    activity, until = desk["activity"], desk.get("until")
    if activity == "working":
        return str(desk.get("title", ""))
    if activity == "done":
        return "done"
    if activity == "failed":
        return (
            _lower(reason(desk.get("reason"))) if until is None else f"tries again {clock(until + zone_ms)}"
        )
    return _waits(until, now_ms, zone_ms) if activity == "waiting" else ""


def _waits(until: int | None, now_ms: int, zone_ms: int) -> str:
    if until is None:
        return "waits"
    left = until - now_ms
    return (
        f"waits {max(0, -(-left // 1000))} s"
        if left < _MINUTE_MS
        else f"waits until {clock(until + zone_ms)}"
    )


def reason(word: str | None) -> str:
    """Why something failed, in words."""
    return "Failed" if word is None else REASONS.get(word, word)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _ring(state: Mapping[str, Any], desk: Mapping[str, Any], now_ms: int) -> Ring | None:
    if desk["activity"] == "failed":
        return Ring(hue=None, permille=1000, reported=True)
    own = hue(state, desk.get("batch")) or 0
    if desk["activity"] == "done":
        return Ring(hue=own, permille=1000, reported=True)
    if "progress" not in desk:
        return None
    return Ring(hue=own, permille=drawn(desk["progress"], now_ms), reported=desk["progress"][3] == 1)


def drawn(progress: list[int], now_ms: int) -> int:
    """Where the bar stands at a moment, 0 to 1000, as every viewer computes it: `simulation/progress.py`."""
    at, permille, remaining, said = progress
    most = 1000 if said else _ESTIMATED_MAX
    if remaining <= 0:
        return most
    return min(most, permille + (1000 - permille) * max(0, now_ms - at) // remaining)


def moment(ms: int, now_ms: int, zone_ms: int) -> str:
    """A promised moment: a clock time today, with its day on any other."""
    if (ms + zone_ms) // _DAY_MS == (now_ms + zone_ms) // _DAY_MS:
        return clock(ms + zone_ms)
    day = datetime.fromtimestamp((ms + zone_ms) // 1000, UTC)
    return f"{day.day} {_MONTHS[day.month - 1]}, {clock(ms + zone_ms)}"
