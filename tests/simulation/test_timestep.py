"""Time in ticks and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.timestep import Moment, catchup_max, drift_ms_max, lost, tick_of, ticks_in, time_of
from tests.simulation.histories import SETTINGS

RATES = st.sampled_from((1, 3, 7, 10, 30, 60, 1000))


@pytest.mark.parametrize(
    ("elapsed_ms", "ticks"), [(0, 0), (99, 0), (100, 1), (199, 1), (250, 2), (1_000, 10)]
)
def test_whole_ticks(elapsed_ms: int, ticks: int) -> None:
    assert ticks_in(elapsed_ms, hz=10) == ticks


@SETTINGS
@given(st.integers(0, 10**10), st.integers(0, 10**10), RATES)
def test_what_is_left_over_is_less_than_a_tick_however_long_it_goes_on(
    start_ms: int, elapsed_ms: int, hz: int
) -> None:
    ticks = ticks_in(elapsed_ms, hz=hz)
    assert 0 <= elapsed_ms * hz - ticks * 1000 < 1000
    assert time_of(ticks, base_ms=start_ms, hz=hz) <= start_ms + elapsed_ms


@pytest.mark.parametrize(
    ("ticks", "drift_ms", "rebuild"),
    [
        (catchup_max, 0, False),
        (catchup_max + 1, 0, True),
        (0, drift_ms_max, False),
        (0, -drift_ms_max, False),
        (0, drift_ms_max + 1, True),
        (0, -drift_ms_max - 1, True),
    ],
)
def test_too_far_behind_or_off_is_lost(ticks: int, drift_ms: int, rebuild: bool) -> None:
    assert lost(late_ms=ticks * 100, drift_ms=drift_ms, hz=10) is rebuild
    assert lost(late_ms=ticks * 100 + 99, drift_ms=drift_ms, hz=10) is rebuild


@SETTINGS
@given(st.integers(0, 10**7), st.integers(0, 10**13), RATES)
def test_the_tick_of_a_moment_is_the_first_that_reaches_it(tick: int, base_ms: int, hz: int) -> None:
    now_ms = time_of(tick, base_ms=base_ms, hz=hz)
    assert tick_of(now_ms, base_ms=base_ms, hz=hz) == tick
    after = tick_of(now_ms + 1, base_ms=base_ms, hz=hz)
    assert time_of(after, base_ms=base_ms, hz=hz) > now_ms >= time_of(after - 1, base_ms=base_ms, hz=hz)


@pytest.mark.parametrize(("stretch_ms", "tick"), [(0, 40), (1, 41), (100, 41), (101, 42), (2_000, 60)])
def test_the_tick_after_a_stretch(stretch_ms: int, tick: int) -> None:
    assert Moment(tick=40, now_ms=4_000, hz=10, seed=0).tick_after(stretch_ms) == tick
