from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import InvalidInputError
from server.routes.times import maybe_rfc3339, moment_of, rfc3339


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


@given(st.integers(0, 253_402_300_799_999))
def test_what_was_written_is_read_again(moment_ms: int) -> None:
    assert moment_of({"at": rfc3339(moment_ms)}, "at") == moment_ms


def test_a_moment_has_a_time_zone_of_any_kind() -> None:
    texts = ("2026-11-18T11:06:40Z", "2026-11-18T12:06:40.000+01:00", "2026-11-18T11:06:40.0009Z")
    assert {moment_of({"at": text}, "at") for text in texts} == {1_795_000_000_000}
    assert moment_of({}, "at") is None


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "now",
        "2026-11-18T11:06:40",
        "2026-11-18",
        "1969-12-31T23:59:59Z",
        7,
        [],
        "9" * 50,
        "0001-01-01T00:00:00+23:59",
    ],
)
def test_what_is_no_moment_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidInputError, match="at: expected a moment such as 2026-11-18T11:06:40Z"):
        moment_of({"at": wrong}, "at")
