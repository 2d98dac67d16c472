import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ticker.timeline import Timeline


@given(st.integers(1, 60), st.integers(0, 10_000_000))
def test_a_tick_is_due_in_the_first_millisecond_in_which_it_is_reached(hz: int, tick: int) -> None:
    line = Timeline(base_ms=1_795_000_000_000, start_ms=7_000, hz=hz)
    due_ms = line.due_ms(tick)
    assert line.tick(due_ms) == tick
    assert tick == 0 or line.tick(due_ms - 1) == tick - 1
    assert 0 <= line.now_ms(due_ms) - line.moment_ms(tick) < 1 + (1000 % hz > 0)


def test_time_goes_on_from_the_base_whatever_the_wall_clock_does() -> None:
    line = Timeline(base_ms=1_000_000, start_ms=50, hz=10)
    assert line.now_ms(1_050) == 1_001_000
    assert line.moment_ms(10) == 1_001_000


@pytest.mark.parametrize(
    ("late_ms", "drift_ms", "rebuild"),
    [(1_099, 0, False), (1_100, 0, True), (0, 2_000, False), (0, 2_001, True), (0, -2_001, True)],
)
def test_eleven_ticks_behind_or_more_than_two_seconds_off_is_too_late(
    late_ms: int, drift_ms: int, rebuild: bool
) -> None:
    line = Timeline(base_ms=1_000_000, start_ms=0, hz=10)
    now = 5_000 + late_ms
    wall = line.now_ms(now) + drift_ms
    assert line.lost(due_ms=5_000, monotonic_ms=now, wall_ms=wall) is rebuild
