"""The line of a bar: where it is drawn, how it rests, and when it is sent again."""

import pytest

from simulation.progress import Progress, assumed_ms, estimated, reported, told

AT = 1_000_000


def line(permille: int, remaining_ms: int, *, by_body: bool = True, at_ms: int = AT) -> Progress:
    return Progress(at_ms=at_ms, permille=permille, remaining_ms=remaining_ms, reported=by_body)


@pytest.mark.parametrize(
    ("later_ms", "permille"), [(-5_000, 200), (0, 200), (4_000, 600), (8_000, 1000), (80_000, 1000)]
)
def test_a_reported_bar_runs_straight_to_the_end(later_ms: int, permille: int) -> None:
    assert line(200, 8_000).drawn(AT + later_ms) == permille


def test_an_estimated_bar_stops_at_95_percent() -> None:
    bar = line(0, 10_000, by_body=False)
    assert [bar.drawn(AT + ms) for ms in (5_000, 9_500, 9_900, 60_000)] == [500, 950, 950, 950]


@pytest.mark.parametrize(("by_body", "permille"), [(True, 1000), (False, 950)])
def test_a_bar_with_nothing_left_is_full(by_body: bool, permille: int) -> None:
    assert line(0, 0, by_body=by_body).drawn(AT) == permille


def test_nothing_known_is_no_bar() -> None:
    assert estimated(AT, None) is None
    assert estimated(AT, 60_000) == line(0, 60_000, by_body=False)
    assert estimated(AT, -1) == line(0, 0, by_body=False)


def test_a_resting_bar_stands_where_it_was_and_has_as_much_left() -> None:
    assert line(200, 8_000).rested(AT + 4_000) == line(600, 4_000, at_ms=AT + 4_000)


@pytest.mark.parametrize(
    ("permille", "remaining_ms", "elapsed_ms", "estimate_ms", "left_ms"),
    [
        (250, 7_000, 10_000, None, 7_000),  # it says itself what is left
        (250, None, 10_000, None, 30_000),  # its own speed
        (250, None, 999, 20_000, 15_000),  # too early for a speed: what was measured before
        (0, None, 10_000, 20_000, 20_000),  # no speed at nothing
        (250, None, 0, None, assumed_ms * 3 // 4),  # nothing known at all
        (1000, None, 5_000, None, 0),
        (500, -3, 5_000, None, 0),
    ],
)
def test_what_is_left(
    permille: int, remaining_ms: int | None, elapsed_ms: int, estimate_ms: int | None, left_ms: int
) -> None:
    said = reported(
        at_ms=AT,
        permille=permille,
        remaining_ms=remaining_ms,
        elapsed_ms=elapsed_ms,
        estimate_ms=estimate_ms,
    )
    assert said == line(permille, left_ms)


@pytest.mark.parametrize(("said", "permille"), [(-7, 0), (1_200, 1000)])
def test_a_word_out_of_range_is_brought_into_it(said: int, permille: int) -> None:
    bar = reported(at_ms=AT, permille=said, remaining_ms=5, elapsed_ms=1, estimate_ms=None)
    assert bar.permille == permille


@pytest.mark.parametrize(
    ("permille", "sent"), [(600, False), (630, False), (570, False), (631, True), (569, True)]
)
def test_a_bar_is_sent_again_when_it_would_be_off_by_more_than_three_points(
    permille: int, sent: bool
) -> None:
    before = line(200, 8_000)
    now = line(permille, 1, at_ms=AT + 4_000)
    assert told(before, now) is (now if sent else before)


def test_the_first_word_of_the_body_is_always_sent() -> None:
    now = line(500, 5_000, at_ms=AT + 5_000)
    assert told(line(0, 10_000, by_body=False), now) is now
    assert told(None, now) is now
