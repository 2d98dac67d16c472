"""Figures and states as people read them: "3,412 tasks", "8:42", "15:58". The page says it the same way."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

EN_DASH = "\N{EN DASH}"
SECOND_MS = 1_000
MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000

REASONS = {
    "exit": "Program failed",
    "timeout": "Timed out",
    "unreachable": "Site not reachable",
    "limit": "A limit was reached",
    "invalid": "The answer did not fit",
    "lost": "Runner lost",
}
BLOCKED = {
    "quota": "waiting for quota",
    "ratelimit": "waiting for the rate limit",
    "capacity": "waiting for room on this machine",
    "paused": "paused",
    "draining": "waiting for the server to restart",
    "disk": "waiting, the disk is full",
    "suspended": "waiting, the account is suspended",
}
UNASKED = "waiting for your runners"
"""What `capacity` means for tasks that are pulled."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")


def plain(text: str, most: int | None = None) -> str:
    """User text fit for a terminal: one line, no control characters, at most `most` characters.

    A title is data: it must never move the cursor, change colours or turn the direction of writing.
    """
    line = _CONTROL.sub(" ", text).strip()
    return line if most is None or len(line) <= most else f"{line[: most - 1]}…"


def count(number: int) -> str:
    """Thousands with a comma."""
    return f"{number:,}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 task", "3,412 tasks"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(permille: int) -> str:
    """Rounded down: 100 % is said when all is done, not before."""
    return f"{permille // 10} %"


def elapsed(span_ms: int) -> str:
    """Time gone by: "0:07", "8:42", "1:04:09"."""
    seconds = max(span_ms, 0) // SECOND_MS
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def age(span_ms: int) -> str:
    """How old something is: "0.3 s", "12 s", "4 min"."""
    if span_ms < 10 * SECOND_MS:
        return f"{max(span_ms, 0) // 100 / 10:.1f} s"
    return f"{span_ms // SECOND_MS} s" if span_ms < 2 * MINUTE_MS else f"{span_ms // MINUTE_MS} min"


class _Unit(NamedTuple):
    ms: int
    step: float
    name: str

    def of(self, span_ms: int) -> float:
        """Round up to a whole step: an estimate that is kept is worth more than a short one."""
        steps = -(-max(span_ms, 0) // round(self.ms * self.step))
        return max(steps, 1) * self.step


def _unit_for(span_ms: int) -> _Unit:
    """No finer than anybody could plan by."""
    if span_ms <= 90 * SECOND_MS:
        return _Unit(SECOND_MS, 5, "s")
    if span_ms < 100 * MINUTE_MS:
        return _Unit(MINUTE_MS, 1, "min")
    return _Unit(HOUR_MS, 0.5, "h") if span_ms < 2 * DAY_MS else _Unit(DAY_MS, 1, "days")


def about(span_ms: int) -> str:
    """About how long: "40 s", "3 min", "2.5 h"."""
    unit = _unit_for(span_ms)
    return f"{unit.of(span_ms):g} {unit.name}"


def stretch(half_ms: int, most_ms: int) -> str:
    """From when half are done to when nine in ten are, as one range: 34 to 41 min, with a dash."""
    unit = _unit_for(most_ms)
    low, high = unit.of(half_ms), unit.of(most_ms)
    return f"{high:g} {unit.name}" if low >= high else f"{low:g}{EN_DASH}{high:g} {unit.name}"


def eta(moments_ms: Sequence[int], now_ms: int, zone: tzinfo | None = None) -> str:
    """The range that is left and the clock time by which nine in ten are done: "…41 min, by 15:58"."""
    half_ms, most_ms = moments_ms
    return f"{stretch(half_ms - now_ms, most_ms - now_ms)}, by {moment(most_ms, now_ms, zone)}"


def moment(at_ms: int, now_ms: int, zone: tzinfo | None = None) -> str:
    """A promised moment: a clock time today, with its day on any other. `zone` None: the reader's own."""
    at, today = _local(at_ms, zone), _local(now_ms, zone)
    clock_time = f"{at:%H:%M}"
    return clock_time if at.date() == today.date() else f"{at.day} {at:%b}, {clock_time}"


def _local(at_ms: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(at_ms / SECOND_MS, tz=UTC).astimezone(zone)


def blocked(why: str, until_ms: int | None, now_ms: int, zone: tzinfo | None = None) -> str:
    """Why nothing starts, and until when: the quota's month turns at midnight UTC, whatever the reader's clock says."""
    sentence = BLOCKED.get(why, plain(why))
    if until_ms is None:
        return sentence
    turn = _local(until_ms, UTC)
    return (
        f"{sentence}, until {f'{turn.day} {turn:%b}' if why == 'quota' else moment(until_ms, now_ms, zone)}"
    )


def reason(word: str | None, message: str | None) -> str:
    """Why a task failed, as a sentence without blame: the message where there is one."""
    if message:
        return plain(message)
    return REASONS.get(word or "", word or "Failed")


def duration_s(text: str) -> int:
    """Read "90", "90s", "20m", "1h30m", "7d" as seconds.

    Raises:
        ValueError: it is none of these, or zero.
    """
    match = _DURATION.fullmatch(text.strip())
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    total = days * 86_400 + hours * 3600 + minutes * 60 + seconds
    if total < 1:
        raise ValueError(f"expected a duration such as 90s, 20m, 1h30m or 7d, got {text!r}")
    return total
