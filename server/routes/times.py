"""Moments as HTTP tells them: RFC 3339, UTC, milliseconds."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from server.errors import InvalidInputError

MOMENT_CHARS_MAX = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(moment_ms: int) -> str:
    """Write a moment in milliseconds since the Unix epoch, `2026-11-18T11:06:40.000Z`."""
    moment = _EPOCH + timedelta(milliseconds=moment_ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment_ms % 1000:03d}Z"


def maybe_rfc3339(moment_ms: int | None) -> str | None:
    """The same, where there may be no moment."""
    return None if moment_ms is None else rfc3339(moment_ms)


def moment_of(members: Mapping[str, Any], name: str) -> int | None:
    """Read a moment, in milliseconds since the Unix epoch; None where nothing was said.

    Raises:
        InvalidInputError: it is not written as RFC 3339 has it, or is before 1970.
    """
    text = members.get(name)
    if text is None:
        return None
    since = _since(text) if isinstance(text, str) and len(text) <= MOMENT_CHARS_MAX else timedelta(-1)
    if since < timedelta(0):
        raise InvalidInputError(f"{name}: expected a moment such as 2026-11-18T11:06:40Z, got {text!r:.40}")
    return since // timedelta(milliseconds=1)


def _since(text: str) -> timedelta:
    try:
        return datetime.fromisoformat(text) - _EPOCH
    except (ValueError, TypeError, OverflowError):  # TypeError: it says no time zone
        return timedelta(-1)
