"""Finding one's way through a recording: the segment of any moment."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.recording.playback import at_moment
from tests.recording.courses import SETTINGS


@dataclass(frozen=True)
class Span:
    start_ms: int
    end_ms: int


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        (-1, None),
        (0, 0),
        (9, 0),
        (10, 1),
        (15, 1),
        (16, None),
        (19, None),
        (20, 2),
        (21, 3),
        (30, 3),
        (31, None),
    ],
)
def test_the_segment_of_a_moment(moment: int, found: int | None) -> None:
    spans = [Span(0, 10), Span(10, 15), Span(20, 21), Span(21, 30)]
    assert at_moment(spans, moment) == found
    assert at_moment([], moment) is None


@SETTINGS
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=8), st.integers(-1, 80))
def test_the_segment_found_is_that_which_started_last_if_it_holds(
    rows: list[tuple[int, int]], now: int
) -> None:
    spans = [Span(start, start + length) for start, length in sorted(rows)]
    started = [n for n, span in enumerate(spans) if span.start_ms <= now]
    expected = started[-1] if started and now <= spans[started[-1]].end_ms else None
    assert at_moment(spans, now) == expected
