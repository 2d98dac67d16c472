"""The forecast: the examples of the product's card, and promises against a simulation of slots."""

import heapq
import random
from collections.abc import Callable, Sequence

import pytest

from server.billing.tiers import ENTERPRISE, FREE, PRO, STARTER
from server.model import Tier
from server.scheduler.estimate import Backlog, finishes, tier_estimate, tries
from tests.scheduler.test_curve import curve

MINUTE = 60_000


@pytest.mark.parametrize(
    ("tier", "workers", "tasks", "minutes", "now", "later"),
    [
        (STARTER, 3, 100, 34, 100, 0),
        (PRO, 10, 100, 10, 100, 0),
        (PRO, 20, 100, 5, 100, 0),
        (FREE, 1, 100, 50, 50, 50),
        (STARTER, 3, 50, 17, 50, 0),
        (ENTERPRISE, 50, 60_000, 1_200, 60_000, 0),
    ],
)
def test_the_examples_of_the_card(
    tier: Tier, workers: int, tasks: int, minutes: int, now: int, later: int
) -> None:
    said = tier_estimate(tier, tasks, workers=workers, each_ms=None, used=0, resets_ms=77)
    assert (said.minutes, said.now, said.later, said.basis) == (minutes, now, later, "assumed")
    assert said.resumes_ms == (77 if later else None)


def test_measured_durations_replace_the_assumed_minute_and_usage_counts() -> None:
    said = tier_estimate(FREE, 100, workers=1, each_ms=6_000.4, used=30, resets_ms=1)
    assert (said.each_ms, said.basis, said.now, said.later, said.minutes) == (6_000, "measured", 20, 80, 2)


def backlog(waiting: int, *ages_ms: float, **changes: object) -> Backlog:
    given = {
        "weight": 1, "cap": None, "turn": 0, "waiting": waiting, "ages_ms": ages_ms, "curve": STEADY, "measured": 200,
    }  # fmt: skip
    return Backlog(**{**given, **changes})  # type: ignore[arg-type]


def assumed(waiting: int, *ages_ms: float, **changes: object) -> Backlog:
    return backlog(waiting, *ages_ms, **{"curve": None, "measured": 0, **changes})


STEADY = curve([MINUTE] * 200)


@pytest.mark.parametrize(("slots", "minutes"), [(1, 100), (3, 34), (10, 10), (20, 5)])
def test_before_anything_is_measured_a_batch_takes_its_rounds_of_60_s(slots: int, minutes: int) -> None:
    rounds = (minutes * MINUTE, minutes * MINUTE * 3 // 2)
    assert finishes([assumed(100)], slots) == [rounds]
    assert finishes([assumed(100 - slots, *[0.0] * slots)], slots) == [rounds]


def test_two_unmeasured_batches_share() -> None:
    first, second = finishes([assumed(50, turn=1), assumed(50, turn=2)], 10)
    assert first[0] == second[0] == 10 * MINUTE


@pytest.mark.parametrize(("slots", "minutes"), [(1, 100), (3, 34), (10, 10)])
def test_equal_durations_take_their_rounds_and_promise_a_narrow_range(slots: int, minutes: int) -> None:
    ((half, most),) = finishes([backlog(100)], slots)
    assert half == pytest.approx(minutes * MINUTE, rel=0.03)
    assert half <= most < half * 1.25


def test_what_has_run_for_long_has_less_to_go_but_never_nothing() -> None:
    fresh, late, over = (finishes([backlog(0, minutes * MINUTE)], 1)[0][0] for minutes in (0, 0.5, 3))
    assert fresh == pytest.approx(MINUTE, rel=0.1)
    assert late == pytest.approx(MINUTE / 2, rel=0.2)
    assert over > 0
    assert finishes([assumed(0, 4.0 * MINUTE)], 1)[0][0] == MINUTE


def test_an_empty_batch_is_done_now() -> None:
    assert finishes([backlog(0), backlog(3)], 1)[0] == (0, 0)


def test_a_cap_of_its_own_makes_a_batch_slower() -> None:
    assert finishes([backlog(100, cap=2)], 10)[0][0] == pytest.approx(50 * MINUTE, rel=0.03)


def test_a_heavier_batch_ends_earlier() -> None:
    light, heavy = finishes([backlog(100), backlog(100, weight=4)], 10)
    assert heavy < light


def test_failures_that_are_tried_again_take_their_time() -> None:
    once, again = finishes([backlog(100)], 10)[0], finishes([backlog(100, again=0.3, attempts=3)], 10)[0]
    assert again[0] / once[0] == pytest.approx(tries(0.3, 3), rel=0.1)
    assert tries(0.3, 3) == pytest.approx(1 + 0.3 + 0.09)
    assert (tries(0, 3), tries(1, 3)) == (1, 3)


def test_nothing_ends_before_a_limit_is_over_or_the_last_backoff() -> None:
    assert finishes([backlog(1, hold_ms=5 * MINUTE)], 10)[0][0] >= 6 * MINUTE * 0.95
    assert finishes([backlog(1, least_ms=5 * MINUTE)], 10)[0][0] >= 6 * MINUTE * 0.95
    assert finishes([assumed(1, least_ms=5 * MINUTE)], 10)[0][0] == 6 * MINUTE


def test_one_task_that_hangs_keeps_its_batch_from_ending_but_not_the_others() -> None:
    hanging = curve([MINUTE] * 150 + [15 * MINUTE] * 8)
    stuck = finishes([backlog(3, 2.0 * MINUTE, curve=hanging), backlog(30)], 10)
    assert stuck[0][0] > 10 * MINUTE
    assert stuck[1][0] < 6 * MINUTE


Draw = Callable[[random.Random], float]


def simulated(counts: Sequence[int], slots: int, one: Draw, draw: random.Random) -> list[float]:
    """When each batch ends if slots go to the smallest running, then the oldest turn."""
    waiting, running, ends = list(counts), [0] * len(counts), [0.0] * len(counts)
    turns = list(range(len(counts)))
    under_way: list[tuple[float, int]] = []
    now = 0.0
    while any(waiting) or under_way:
        while len(under_way) < slots and any(waiting):
            chosen = min((n for n in range(len(counts)) if waiting[n]), key=lambda n: (running[n], turns[n]))
            turns[chosen] = max(turns) + 1
            waiting[chosen] -= 1
            running[chosen] += 1
            heapq.heappush(under_way, (now + one(draw), chosen))
        now, ended = heapq.heappop(under_way)
        running[ended] -= 1
        ends[ended] = now
    return ends


DRAWS: dict[str, Draw] = {
    "even": lambda draw: draw.uniform(30_000, 90_000),
    "prose": lambda draw: draw.lognormvariate(10.8, 0.6),
    "cached": lambda draw: 800.0 if draw.random() < 0.6 else draw.lognormvariate(11, 0.4),
}


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("seed", range(4))
def test_half_of_all_futures_end_before_the_promise_and_nine_in_ten_before_its_end(
    name: str, seed: int
) -> None:
    draw = random.Random(f"{name} {seed}")
    counts, slots = [draw.randint(10, 120) for _ in range(draw.randint(1, 4))], draw.choice([1, 3, 10])
    known = curve([round(DRAWS[name](draw)) for _ in range(5_000)])
    batches = [backlog(count, turn=turn, curve=known, measured=5_000) for turn, count in enumerate(counts)]
    promised = finishes(batches, slots)
    futures = [simulated(counts, slots, DRAWS[name], draw) for _ in range(60)]
    for number, (half, most) in enumerate(promised):
        ends = sorted(future[number] for future in futures)
        said = f"{name} {seed}: {counts} on {slots}, {half} and {most} for {ends[30]:.0f} and {ends[54]:.0f}"
        assert abs(half - ends[30]) / ends[30] < (0.1 if counts[number] >= 30 else 0.25), said
        assert 0.85 * ends[54] < most < 1.35 * ends[54], said
