"""Time in ticks and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.timestep import Moment, catchup_max, drift_ms_max, step, tick_of, time_of
from tests.simulation.histories import SETTINGS

RATES = st.sampled_from((1, 3, 7, 10, 30, 60, 1000))


@pytest.mark.parametrize(
    ("elapsed_ms", "residual", "ticks", "rest"),
    [(0, 0, 0, 0), (99, 0, 0, 990), (100, 0, 1, 0), (1, 990, 1, 0), (250, 500, 3, 0), (1_000, 0, 10, 0)],
)
def test_whole_ticks_and_what_is_left(elapsed_ms: int, residual: int, ticks: int, rest: int) -> None:
    taken = step(elapsed_ms=elapsed_ms, residual=residual, hz=10)
    assert (taken.ticks, taken.residual, taken.rebuild) == (ticks, rest, False)


@SETTINGS
@given(st.lists(st.integers(0, 500), max_size=30), RATES)
def test_no_time_is_lost_between_steps(stretches: list[int], hz: int) -> None:
    ticks = residual = 0
    for elapsed_ms in stretches:
        taken = step(elapsed_ms=elapsed_ms, residual=residual, hz=hz)
        ticks, residual = ticks + taken.ticks, taken.residual
    assert ticks * 1000 + residual == sum(stretches) * hz


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
def test_too_far_behind_or_off_means_rebuild(ticks: int, drift_ms: int, rebuild: bool) -> None:
    assert step(elapsed_ms=ticks * 100, residual=0, hz=10, drift_ms=drift_ms).rebuild is rebuild


@pytest.mark.parametrize(("elapsed_ms", "residual"), [(-1, 0), (0, -1), (0, 1000)])
def test_time_that_goes_back_is_refused(elapsed_ms: int, residual: int) -> None:
    with pytest.raises(ValueError, match=f"got {elapsed_ms} and {residual}"):
        step(elapsed_ms=elapsed_ms, residual=residual, hz=10)


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
