"""Which tasks the quota lets start in which month (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.scheduler.estimate import Backlog, finishes, shares_of

MONTHS_MAX = 12  # looked at one by one; what is left then is counted in whole months
HALVINGS = 30

Range = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """`left` tasks may still be counted this month, `monthly` in each after it."""

    left: int
    monthly: int


def by_month(
    backlogs: Sequence[Backlog], fresh: Sequence[int], slots: int, quota: Quota
) -> list[tuple[int, Range]]:
    """Return for each batch in how many months it ends (0: in this one), and after how many milliseconds of that month.

    `fresh` of each backlog's waiting tasks are not counted yet. Within a month they start as the slots are shared.
    """
    found: list[tuple[int, Range]] = [(0, (0, 0))] * len(backlogs)
    numbers, left = list(range(len(backlogs))), quota.left
    current, waiting = list(backlogs), list(fresh)
    for month in range(MONTHS_MAX):
        ranges = finishes(current, slots)
        starts = _started(current, waiting, slots, left)
        for number, range_ in zip(numbers, ranges, strict=True):
            found[number] = (month, range_)
        over = [at for at, count in enumerate(starts) if count < waiting[at]]
        if not over:
            return found
        numbers = [numbers[at] for at in over]
        waiting = [waiting[at] - starts[at] for at in over]
        current = [
            replace(backlogs[number], waiting=count, ages_ms=(), hold_ms=0.0, least_ms=0.0)
            for number, count in zip(numbers, waiting, strict=True)
        ]
        left = quota.monthly
    months = MONTHS_MAX + (sum(waiting) - 1) // max(1, quota.monthly)
    for number, range_ in zip(numbers, finishes(current, slots), strict=True):
        found[number] = (months, range_)
    return found


def _started(backlogs: Sequence[Backlog], fresh: Sequence[int], slots: int, left: int) -> list[int]:
    """Share `left` starts out as batches would take them: each at an even pace until its end."""
    if sum(fresh) <= left:
        return list(fresh)
    ends = [max(each.ends_ms, 1.0) for each in shares_of(backlogs, slots)]
    low, high = 0.0, max(ends)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        started = sum(count * min(1.0, middle / end) for count, end in zip(fresh, ends, strict=True))
        low, high = (middle, high) if started < left else (low, middle)
    found, sum_, given = [], 0.0, 0
    for count, end in zip(fresh, ends, strict=True):
        sum_ += count * min(1.0, high / end)
        found.append(min(count, max(0, min(left, round(sum_)) - given)))
        given += found[-1]
    return found
