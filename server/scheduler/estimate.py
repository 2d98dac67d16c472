"""How long it will take, from measured durations (pure): what is left of each batch, its share, and what a tier would do."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from server.model import Tier
from server.scheduler.curve import Curve
from server.scheduler.rounds import STARTS_MAX, play
from server.scheduler.sharing import Share, share
from server.scheduler.span import Going, span, unsureness

ASSUMED_MS = 60_000
MINUTE_MS = 60_000
UNMEASURED = 1.5  # p90 ÷ p50 while nothing is measured
DOUBT = 0.7  # of its work, how far off a batch may be of which nothing is measured
STEADY = 0.3  # scatter below which the starts to come are played through


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
    """What is left of one batch. `curve` None: nothing measured yet.

    `again` is the part of ends after which a task is tried again, at most `attempts` times in all; nothing of it that
    waits starts before `hold_ms`, and its last task not before `least_ms`.
    """

    weight: int
    cap: int | None
    turn: int
    waiting: int
    ages_ms: Sequence[float]
    curve: Curve | None
    measured: int
    again: float = 0.0
    attempts: int = 1
    hold_ms: float = 0.0
    least_ms: float = 0.0

    @property
    def each_ms(self) -> float:
        """The duration to reckon with."""
        return ASSUMED_MS if self.curve is None else self.curve.mean_ms

    @property
    def steady(self) -> bool:
        """Whether tasks that begin together end together."""
        return self.curve is None or self.curve.scatter < STEADY

    def lefts_ms(self) -> list[float]:
        """Return what is left of each that runs; one over its assumed time has a quarter of its age to go."""
        if self.curve is None:
            return [max(ASSUMED_MS - age, age / 4) for age in self.ages_ms]
        return [self.curve.left_ms(age) for age in self.ages_ms]


def finishes(backlogs: Sequence[Backlog], slots: int) -> list[tuple[int, int]]:
    """Return for each batch the milliseconds until it is done with 50 % and with 90 % likelihood.

    Batches share the slots by the rules of fairness; when one is done the others speed up.
    """
    slots = max(1, slots)
    shares = shares_of(backlogs, slots)
    played = [0.0] * len(shares)
    if sum(each.starts for each in shares) <= STARTS_MAX and any(backlog.steady for backlog in backlogs):
        played = play(shares, [backlog.lefts_ms() for backlog in backlogs], slots)
    doubts = _doubts(backlogs, shares, slots)
    return [_range(*each) for each in zip(backlogs, shares, played, doubts, strict=True)]


def shares_of(backlogs: Sequence[Backlog], slots: int) -> list[Share]:
    """Return what each batch gets of the slots."""
    shares = [_share(backlog, slots) for backlog in backlogs]
    share(shares, slots)
    return shares


def tries(again: float, attempts: int) -> float:
    """Return how many executions a task takes on average."""
    return float(attempts) if again >= 1 else (1 - again**attempts) / (1 - again)


def _share(backlog: Backlog, slots: int) -> Share:
    running, left_ms = len(backlog.ages_ms), sum(backlog.lefts_ms())
    if backlog.again:
        left_ms += running * backlog.again * tries(backlog.again, backlog.attempts - 1) * backlog.each_ms
    return Share(
        weight=backlog.weight, most=max(1, min(backlog.cap or slots, backlog.waiting + running, slots)),
        turn=backlog.turn, starts=backlog.waiting * tries(backlog.again, backlog.attempts),
        each_ms=max(1.0, backlog.each_ms), left_ms=left_ms, running=running,
    )  # fmt: skip


def _doubts(backlogs: Sequence[Backlog], shares: Sequence[Share], slots: int) -> list[float]:
    """Return the variance (ms²) that each batch's end has from those that end before it, and make room for it."""
    found, sum_ = [0.0] * len(shares), 0.0
    for number in sorted(range(len(shares)), key=lambda number: shares[number].ends_ms):
        backlog, each = backlogs[number], shares[number]
        found[number] = sum_ / slots**2
        if backlog.curve is None:
            sum_ += (DOUBT * each.work_ms) ** 2
        else:
            unsure_ms = unsureness(backlog.curve, backlog.measured) * each.starts * each.each_ms
            sum_ += (each.starts + each.running) * backlog.curve.spread_ms**2 + unsure_ms**2
    return found


def _range(backlog: Backlog, each: Share, played_ms: float, doubt_ms: float) -> tuple[int, int]:
    """Say when one batch is done."""
    if each.starts <= 0 and not each.running:
        return 0, 0
    if backlog.curve is None:
        half_ms = backlog.hold_ms + _assumed(backlog, each, played_ms)
        return round(half_ms), round(half_ms * UNMEASURED)
    going = Going(
        share=each, curve=backlog.curve, count=backlog.measured, ages_ms=backlog.ages_ms, again=backlog.again,
        doubt_ms=doubt_ms, least_ms=backlog.least_ms, played_ms=played_ms,
    )  # fmt: skip
    half_ms, most_ms = span(going)
    return round(backlog.hold_ms + half_ms), round(backlog.hold_ms + max(half_ms, most_ms))


def _assumed(backlog: Backlog, each: Share, played_ms: float) -> float:
    """Return how long a batch takes of which nothing is measured: at least its whole rounds, all slots its own."""
    first_ms = each.left_ms / each.running if each.running else 0.0
    rounds_ms = first_ms + math.ceil(backlog.waiting / each.most) * ASSUMED_MS
    least_ms = backlog.least_ms + ASSUMED_MS if backlog.waiting else 0.0
    return max(played_ms or max(each.ends_ms, rounds_ms), least_ms)


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
