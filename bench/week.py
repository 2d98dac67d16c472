"""A week of batches, by seed: when they come, how many tasks each has, and how long every attempt at a task takes."""

import math
import random
from dataclasses import dataclass, replace

SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS = 1_000, 60_000, 3_600_000, 86_400_000
TIMEOUT_MS = 20 * MINUTE_MS
TASKS = (5, 2_000)
LONGEST_MS = 8 * HOUR_MS  # nobody submits more than a working day's work at once
HIT_MS = 800.0  # an answer from a cache
STUCK = 0.02  # the part of tasks that hang until their timeout, where some do

# Shape: how often in seven, seconds of the middle task (from, to), sigma of the logarithm, hits, failures, attempts.
SHAPES = {
    "prose": (2, (40, 180), (0.4, 0.9), (0.0, 0.0), (0.0, 0.02), (1, 3)),
    "calls": (1, (3, 20), (0.3, 0.8), (0.0, 0.0), (0.0, 0.02), (1, 3)),
    "cached": (1, (30, 90), (0.5, 0.5), (0.4, 0.8), (0.0, 0.02), (1, 3)),
    "flaky": (1, (20, 120), (0.3, 0.7), (0.0, 0.0), (0.05, 0.3), (3, 3)),
    "stuck": (1, (20, 90), (0.4, 0.8), (0.0, 0.0), (0.0, 0.02), (1, 3)),
    "steady": (1, (20, 120), (0.03, 0.03), (0.0, 0.0), (0.0, 0.0), (1, 1)),
}


@dataclass(frozen=True, kw_only=True)
class Load:
    """One batch to come: lognormal durations, a part of them from a cache, a part that fails."""

    name: str
    seed: str
    at_ms: int
    count: int
    shape: str
    middle_ms: float
    sigma: float
    hits: float
    fails: float
    attempts: int
    slots: int | None
    priority: int

    def attempt(self, title: str, attempt: int) -> tuple[int, bool]:
        """Milliseconds, and whether it fails: always the same for the same attempt at the same task."""
        draw = random.Random(f"{self.seed}:{title}:{attempt}")
        if draw.random() < self.hits:
            lasts_ms = draw.lognormvariate(math.log(HIT_MS), 0.4)
        else:
            lasts_ms = draw.lognormvariate(math.log(self.middle_ms), self.sigma)
            if self.shape == "stuck" and draw.random() < STUCK:
                lasts_ms = TIMEOUT_MS
        failed = draw.random() < self.fails
        if failed:
            lasts_ms *= draw.uniform(0.1, 1)  # it noticed on its way
        return max(50, round(min(lasts_ms, TIMEOUT_MS))), failed

    @property
    def mean_ms(self) -> float:
        """About how long a task takes."""
        whole_ms = self.middle_ms * math.exp(self.sigma**2 / 2)
        whole_ms += STUCK * TIMEOUT_MS if self.shape == "stuck" else 0
        return (1 - self.hits) * whole_ms + self.hits * HIT_MS


def week(seed: str, slots: int, batches: int) -> list[Load]:
    """Five days of an office with so many slots: one to three batches at once, most of them in the morning."""
    draw = random.Random(seed)
    loads: list[Load] = []
    while len(loads) < batches:
        at_ms = draw.randrange(5) * DAY_MS + draw.triangular(8, 20, 10) * HOUR_MS
        for _ in range(draw.choice((1, 1, 2, 3))):
            minute_ms = draw.uniform(0, 2 * MINUTE_MS)
            loads.append(_load(draw, f"{seed} {len(loads)}", round(at_ms + minute_ms), slots))
    return sorted(loads[:batches], key=lambda load: load.at_ms)


def _load(draw: random.Random, name: str, at_ms: int, slots: int) -> Load:
    shape = draw.choices(list(SHAPES), [often for often, *_ in SHAPES.values()])[0]
    _, middle, sigma, hits, fails, attempts = SHAPES[shape]
    low, high = TASKS
    load = Load(
        name=name, seed=name, at_ms=at_ms, count=round(math.exp(draw.uniform(math.log(low), math.log(high)))),
        shape=shape, middle_ms=draw.uniform(*middle) * SECOND_MS, sigma=draw.uniform(*sigma),
        hits=draw.uniform(*hits), fails=draw.uniform(*fails), attempts=draw.choice(attempts),
        slots=draw.randint(1, max(1, slots // 2)) if draw.random() < 0.12 else None,
        priority=draw.choices((1, 2, 4), (7, 2, 1))[0],
    )  # fmt: skip
    most = int(LONGEST_MS * (load.slots or slots) / load.mean_ms)
    return replace(load, count=max(low, min(load.count, most)))
