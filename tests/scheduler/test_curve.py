"""The curve of durations: what has ended, what still runs, and what nobody has seen yet."""

import random

import pytest

from server.scheduler.curve import Curve, Measured, curve_of
from server.scheduler.durations import Durations, bucket_of, edge_ms

MINUTE = 60_000
TIMEOUT = 20 * MINUTE


def curve(durations: list[int], ages: tuple[float, ...] = (), most_ms: int = TIMEOUT) -> Curve:
    kept = Durations()
    for duration in durations:
        kept.add(duration)
    mean = sum(durations) / len(durations)
    spread = (sum((duration - mean) ** 2 for duration in durations) / len(durations)) ** 0.5
    measured = Measured(count=len(durations), mean_ms=mean, spread_ms=spread, most_ms=most_ms)
    return curve_of(kept, ages, measured)


def test_a_duration_is_in_the_bucket_between_its_edges() -> None:
    for duration in (1, 2, 3, 999, 60_000, 1_200_000):
        assert edge_ms(bucket_of(duration)) <= duration < edge_ms(bucket_of(duration) + 1)


def test_equal_durations_keep_their_exact_mean_and_scatter_less_the_more_there_are() -> None:
    few, many = curve([MINUTE] * 5), curve([MINUTE] * 500)
    assert (few.mean_ms, many.mean_ms) == (MINUTE, MINUTE)
    assert many.scatter < 0.1 < few.scatter


@pytest.mark.parametrize("seed", range(5))
def test_the_curve_of_many_is_that_of_all(seed: int) -> None:
    draw = random.Random(seed)
    drawn = [round(draw.lognormvariate(10.5, 0.7)) for _ in range(2_000)]
    found = curve(drawn)
    for duration in (10_000, 36_000, 80_000):
        share = sum(one > duration for one in drawn) / len(drawn)
        assert found.at(duration)[0] == pytest.approx(share, abs=0.03), f"seed {seed}"
    aged = [one - 50_000 for one in drawn if one > 50_000]
    assert found.left_ms(50_000) == pytest.approx(sum(aged) / len(aged), rel=0.15), f"seed {seed}"


@pytest.mark.parametrize("seed", range(5))
def test_what_still_runs_mends_a_mean_that_only_short_tasks_have_made(seed: int) -> None:
    draw = random.Random(seed)
    drawn = [draw.lognormvariate(10.5, 1.0) for _ in range(400)]
    now_ms = 45_000.0  # all began together
    ended = [round(one) for one in drawn if one <= now_ms]
    found = curve(ended, tuple(now_ms for one in drawn if one > now_ms))
    truth, naive = sum(drawn) / len(drawn), sum(ended) / len(ended)
    assert abs(found.mean_ms - truth) < abs(naive - truth) / 2, f"seed {seed}"


def test_what_runs_in_step_with_equal_durations_changes_nothing() -> None:
    assert curve([MINUTE] * 10, (MINUTE / 2,) * 10).mean_ms == MINUTE


def test_nothing_lasts_longer_than_its_timeout() -> None:
    found = curve([50_000, 100_000], (110_000.0,), most_ms=120_000)
    assert found.at(120_001)[0] == 0
    assert 0 < found.left_ms(115_000) <= 5_000
    assert found.left_ms(200_000) > 0  # it is being ended, which takes a moment


def test_after_a_restart_mean_and_spread_of_the_store_stand_in() -> None:
    measured = Measured(count=50, mean_ms=40_000, spread_ms=20_000, most_ms=TIMEOUT)
    found = curve_of(Durations(), (), measured)
    assert found.mean_ms == 40_000
    assert found.spread_ms == pytest.approx(20_000, rel=0.15)


def test_chances_fall_and_integrals_agree() -> None:
    found = curve([800, 900, 30_000, 40_000, 90_000], (1_000.0, 100_000.0))
    assert all(one >= other for one, other in zip(found.beyond, found.beyond[1:], strict=False))
    beyond, area, square = found.at(0)
    assert (beyond, area, square) == (1.0, found.whole_ms, 0.0)
    assert found.at(found.points[-1] * 2) == (0.0, 0.0, found.square[-1])
