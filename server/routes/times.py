"""Moments as HTTP tells them: RFC 3339, UTC, milliseconds."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(moment_ms: int) -> str:
    """Write a moment in milliseconds since the Unix epoch, `2026-11-18T11:06:40.000Z`."""
    moment = _EPOCH + timedelta(milliseconds=moment_ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment_ms % 1000:03d}Z"


def maybe_rfc3339(moment_ms: int | None) -> str | None:
    """The same, where there may be no moment."""
    return None if moment_ms is None else rfc3339(moment_ms)
