from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.routes.times import maybe_rfc3339, rfc3339


@pytest.mark.parametrize(
    ("moment_ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_795_000_000_007, "2026-11-18T11:06:40.007Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_moments_are_written_in_utc(moment_ms: int, text: str) -> None:
    assert rfc3339(moment_ms) == text


@given(st.integers(0, 253_402_300_799_999))
def test_no_millisecond_is_lost(moment_ms: int) -> None:
    moment = datetime.fromisoformat(rfc3339(moment_ms))
    assert round(moment.timestamp() * 1000) == moment_ms


def test_no_moment_is_none() -> None:
    assert maybe_rfc3339(None) is None
    assert maybe_rfc3339(0) == rfc3339(0)
