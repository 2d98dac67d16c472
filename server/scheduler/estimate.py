"""How long it will take, from measured durations (pure): processor sharing over the batches, and what a tier would do."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from server.model import Tier

ASSUMED_MS = 60_000
MINUTE_MS = 60_000
SIGMA_90 = 1.2816
UNMEASURED = 1.5  # p90 ÷ p50 while nothing is measured


@dataclass(frozen=True, kw_only=True, slots=True)
class TierEstimate:
    """What a tier would make of a number of tasks.

    `now` of them start within this month's quota and take `minutes` with `workers` at a time, `each_ms` a task;
    `later` are held back until `resumes_ms`.
    """

    tier: str
    workers: int
    minutes: int
    each_ms: int
    basis: Literal["assumed", "measured"]
    now: int
    later: int
    resumes_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """What is left of one batch. `elapsed_ms` is the sum over what runs; `each_ms` None: nothing measured yet."""

    weight: int
    cap: int | None
    waiting: int
    running: int
    elapsed_ms: int
    each_ms: float | None
    spread_ms: float
    measured: int

    @property
    def mean_ms(self) -> float:
        """The duration to reckon with."""
        return ASSUMED_MS if self.each_ms is None else self.each_ms

    @property
    def residual_ms(self) -> float:
        """What is left of what runs, in slot time; one that is over its time has a tenth to go."""
        whole = self.running * self.mean_ms
        return max(whole - self.elapsed_ms, whole / 10)

    @property
    def work_ms(self) -> float:
        """All that is left, in slot time."""
        return self.waiting * self.mean_ms + self.residual_ms


def finishes(backlogs: Sequence[Backlog], slots: int) -> list[tuple[int, int]]:
    """Return for each batch the milliseconds until it is done with 50 % and with 90 % likelihood.

    Batches share the slots by weight; when one is done the others speed up. With work ÷ weight as virtual time this
    is one pass over the batches in the order in which they end: O(n log n).
    """
    slots = max(1, slots)
    weights = sum(backlog.weight for backlog in backlogs)
    ends: list[tuple[int, int]] = [(0, 0)] * len(backlogs)
    elapsed_ms = level = 0.0
    for number in sorted(range(len(backlogs)), key=lambda n: backlogs[n].work_ms / backlogs[n].weight):
        backlog = backlogs[number]
        virtual = backlog.work_ms / backlog.weight
        elapsed_ms += (virtual - level) * weights / slots
        level, weights = virtual, weights - backlog.weight
        ends[number] = _range(backlog, slots, elapsed_ms)
    return ends


def _range(backlog: Backlog, slots: int, shared_ms: float) -> tuple[int, int]:
    """Correct the fluid figure for whole tasks, then widen it by what the durations scatter."""
    count = backlog.waiting + backlog.running
    if count == 0:
        return 0, 0
    width = min(slots, count)
    # Tasks of one length end in step, and whole rounds say it all; others leave slots idle behind the last one.
    tail_ms = backlog.mean_ms * (1 - 1 / width) / 2 if backlog.spread_ms else 0.0
    half_ms = max(shared_ms + tail_ms, _alone_ms(backlog, min(slots, backlog.cap or slots)))
    if not backlog.measured:
        return round(half_ms), round(half_ms * UNMEASURED)
    lanes = max(1.0, backlog.work_ms / shared_ms) if shared_ms else 1.0
    scatter = count / lanes**2 + (count / lanes) ** 2 / backlog.measured + 1
    return round(half_ms), round(half_ms + SIGMA_90 * backlog.spread_ms * math.sqrt(scatter))


def _alone_ms(backlog: Backlog, lanes: int) -> float:
    """How long it takes at least: its own rounds, if it had all the slots that it may have."""
    first_ms = backlog.residual_ms / backlog.running if backlog.running else 0.0
    return first_ms + math.ceil(backlog.waiting / max(1, lanes)) * backlog.mean_ms


def tier_estimate(
    tier: Tier, tasks: int, *, workers: int, each_ms: float | None, used: int, resets_ms: int
) -> TierEstimate:
    """Return what a tier makes of `tasks` new tasks when `used` of its monthly quota is gone.

    minutes = ceil(now ÷ workers * each): 100 tasks of 60 s take 34 minutes on three slots, 10 on ten.
    """
    now = tasks if tier.quota_soft else min(tasks, max(0, tier.quota - used))
    duration_ms = round(ASSUMED_MS if each_ms is None else each_ms)
    return TierEstimate(
        tier=tier.name,
        workers=workers,
        minutes=-(-now * duration_ms // (workers * MINUTE_MS)),
        each_ms=duration_ms,
        basis="assumed" if each_ms is None else "measured",
        now=now,
        later=tasks - now,
        resumes_ms=resets_ms if now < tasks else None,
    )
