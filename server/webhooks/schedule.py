"""When an attempt is made again, and when no more (p)."""

from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime

_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000
WAITS_MS = (
    5_000, 30_000, 2 * _MINUTE_MS, 10 * _MINUTE_MS, 30 * _MINUTE_MS, _HOUR_MS, 2 * _HOUR_MS, 4 * _HOUR_MS, 8 * _HOUR_MS,
    12 * _HOUR_MS, 14 * _HOUR_MS, 14 * _HOUR_MS, 16 * _HOUR_MS,
)  # fmt: skip
"""How long to wait after each attempt that failed: fourteen attempts within three days, give or take the jitter."""
JITTER_PART = 0.1
"""Up to so much more or less, so that what failed together does not come again together."""
retry_after_ms_max = 24 * _HOUR_MS
FAILING_MS = 5 * 24 * _HOUR_MS
"""An address at which nothing arrived for so long is switched off."""


def wait_ms(step: int, chance: Callable[[], float], asked_ms: int | None = None) -> int | None:
    """How long to wait after the attempt of this step, the first being 0; None: it was the last one.

    `asked_ms`: the receiver wants to hear nothing for so long. `chance` gives numbers from 0 to 1.
    """
    if step >= len(WAITS_MS):
        return None
    planned_ms = round(WAITS_MS[step] * (1 + JITTER_PART * (2 * chance() - 1)))
    return max(planned_ms, min(asked_ms or 0, retry_after_ms_max))


def asked_wait_ms(retry_after: str | None, now_ms: int) -> int | None:
    """Read a Retry-After header (RFC 9110, 10.2.3): seconds or a date; None: it says nothing that can be read."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:10]) * 1000, retry_after_ms_max)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return min(max(0, round(moment.timestamp() * 1000) - now_ms), retry_after_ms_max)
