import pytest

from server.ticker.pace import LATE_MS, Pace


@pytest.mark.parametrize(
    ("late_ms", "place"), [(0, 0), (1, 0), (2, 1), (3, 2), (50, 5), (51, 6), (500, 8), (501, 9), (90_000, 9)]
)
def test_a_tick_is_counted_once_by_how_late_it_was(late_ms: int, place: int) -> None:
    pace = Pace()
    pace.ticked(late_ms)
    figures = pace.figures(offices=3)
    assert figures.late == tuple(int(place == other) for other in range(len(LATE_MS) + 1))
    assert (figures.ticks, figures.late_ms, figures.offices) == (1, late_ms, 3)


def test_nothing_has_happened_at_first() -> None:
    figures = Pace().figures(offices=0)
    assert (figures.ticks, figures.diffs, figures.epochs, figures.rebuilds, sum(figures.late)) == (
        0,
        0,
        0,
        0,
        0,
    )
