"""Moments as HTTP tells them: RFC 3339, UTC, milliseconds."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from server.errors import InvalidInputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(moment_ms: int) -> str:
    """Write a moment in milliseconds since the Unix epoch, `2026-11-18T11:06:40.000Z`."""
    moment = _EPOCH + timedelta(milliseconds=moment_ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment_ms % 1000:03d}Z"


def maybe_rfc3339(moment_ms: int | None) -> str | None:
    """The same, where there may be no moment."""
    return None if moment_ms is None else rfc3339(moment_ms)


def moment_of(members: Mapping[str, Any], name: str) -> int | None:
    """Read a moment of a body, in milliseconds, rounded down; None where nothing was said.

    Raises:
        InvalidInputError: it is no RFC 3339 text with its distance from UTC.
    """
    text = members.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidInputError(f"{name}: expected a moment such as 2026-11-18T11:06:40Z, got {text!r:.40}")
    return (moment - _EPOCH) // timedelta(milliseconds=1)
