"""The forecast: the examples of the product's card, and processor sharing against a simulation of slots."""

import heapq
import math
import random

import pytest

from server.billing.tiers import ENTERPRISE, FREE, PRO, STARTER
from server.model import Tier
from server.scheduler.estimate import Backlog, finishes, tier_estimate

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


def backlog(waiting: int, running: int = 0, **changes: object) -> Backlog:
    given = {
        "weight": 1, "cap": None, "waiting": waiting, "running": running, "elapsed_ms": 0, "each_ms": float(MINUTE),
        "spread_ms": 0.0, "measured": 10,
    }  # fmt: skip
    return Backlog(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(("slots", "minutes"), [(1, 100), (3, 34), (10, 10)])
def test_one_batch_takes_its_rounds(slots: int, minutes: int) -> None:
    assert finishes([backlog(100)], slots) == [(minutes * MINUTE, minutes * MINUTE)]
    assert finishes([backlog(100 - slots, slots)], slots) == [(minutes * MINUTE, minutes * MINUTE)]


def test_nothing_measured_is_said_with_a_wide_range() -> None:
    ((half, most),) = finishes([backlog(10, each_ms=None, measured=0)], 10)
    assert (half, most) == (MINUTE, MINUTE * 3 // 2)


def test_what_has_run_for_long_has_less_to_go_but_never_nothing() -> None:
    fresh, late, over = (backlog(0, 1, elapsed_ms=minutes * MINUTE) for minutes in (0, 0.5, 3))
    assert [finishes([each], 1)[0][0] for each in (fresh, late, over)] == [MINUTE, MINUTE // 2, MINUTE // 10]


def test_an_empty_batch_is_done_now() -> None:
    assert finishes([backlog(0), backlog(3)], 1)[0] == (0, 0)


def test_a_cap_of_its_own_makes_a_batch_slower() -> None:
    assert finishes([backlog(100, cap=2)], 10) == [(50 * MINUTE, 50 * MINUTE)]


def test_a_heavier_batch_ends_earlier() -> None:
    light, heavy = finishes([backlog(100), backlog(100, weight=4)], 10)
    assert heavy < light


def simulated(counts: list[int], slots: int, draw: random.Random) -> list[float]:
    """When each batch ends if slots go to the smallest running, then the oldest turn, with 30 to 90 s a task."""
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
            heapq.heappush(under_way, (now + draw.uniform(30_000, 90_000), chosen))
        now, ended = heapq.heappop(under_way)
        running[ended] -= 1
        ends[ended] = now
    return ends


@pytest.mark.parametrize("seed", range(20))
def test_processor_sharing_agrees_with_a_simulation_of_the_slots(seed: int) -> None:
    draw = random.Random(seed)
    counts, slots = [draw.randint(20, 200) for _ in range(draw.randint(1, 5))], draw.choice([1, 3, 10])
    spread = 60_000 / math.sqrt(12)
    promised = finishes([backlog(count, spread_ms=spread, measured=100) for count in counts], slots)
    for (half, most), truth in zip(promised, simulated(counts, slots, draw), strict=True):
        assert abs(half - truth) / truth < 0.15, f"seed {seed}: {half} for {truth}"
        assert most > half
