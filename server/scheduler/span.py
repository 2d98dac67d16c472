"""From a batch's share of the slots to the moments of its end (pure): half likely, and nine times in ten.

A batch ends when the last of its tasks to be started, and those beside it, have ended. So the time is that until the last
start, a sum over many tasks, and then the longest of a few. What runs already has its own chances, by its age.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from server.scheduler.curve import LEAST, Curve
from server.scheduler.durations import bucket_of, edge_ms
from server.scheduler.sharing import Share

Z_90 = 1.2816
MODEL = 0.04  # what the model itself may be off, of the whole
WIDE = 1.25  # by how much more than modelled ends scatter, as measured by bench/forecast.py
IN_STEP = 12.0  # how fast tasks that began together come apart
OLD_PART = 0.98  # what runs now is looked at if its end matters that much
AGES_MAX = 12  # of more than these every second, third … stands for its neighbours
TURNS = 3
HALVINGS = 10
BACKOFF_MS = 2_000

Chance = Callable[[float], float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Going:
    """A measured batch: its share, its curve, the ages of what runs, and the part of ends that are tried again.

    `doubt_ms` is the variance (ms²) that comes from the batches which end before it; `least_ms`: its last start is not
    before then; `played_ms`: when it ends if all tasks last their mean, or 0 if that was not played through.
    """

    share: Share
    curve: Curve
    count: int
    ages_ms: Sequence[float]
    again: float
    doubt_ms: float
    least_ms: float
    played_ms: float


def span(going: Going) -> tuple[float, float]:
    """Return the milliseconds to the batch's end, with 50 % and with 90 % likelihood."""
    ages = _Ages(going)
    if going.share.starts <= 0:
        guess = max(going.share.left_ms, 1.0)
        return _when(ages.ended, 0.5, guess), _when(ages.ended, 0.9, guess)
    half_ms, most_ms = _to_come(going, ages)
    if ages.ended(half_ms) > OLD_PART:
        return half_ms, most_ms
    return _with_old(half_ms, most_ms, ages.ended)


class _Ages:
    """What runs: the chance that all of it has ended, and the work that it is until some moment."""

    def __init__(self, going: Going) -> None:
        ages = sorted(going.ages_ms)
        stride = -(-len(ages) // AGES_MAX)
        picked = ages[stride // 2 :: stride] if ages else []
        self._curve, self._again = going.curve, going.again
        self._of = [(age, *going.curve.at(age)[:2]) for age in picked]
        self._part = len(ages) / len(picked) if picked else 1.0
        self.count = len(ages)

    def ended(self, by_ms: float) -> float:
        """Return the chance that all has ended by then, and, if it was to be tried again, the next attempt too."""
        chance = 1.0
        for age, beyond, area in self._of:
            if beyond > LEAST:
                chance *= 1 - self._curve.at(age + by_ms)[0] / beyond
                left_ms = area / beyond
            else:
                left_ms = self._curve.overdue_ms(age)
                chance *= 1 - math.exp(-by_ms / (left_ms + 1))
            if self._again:
                chance *= 1 - self._again * self._curve.at(max(0.0, by_ms - left_ms - BACKOFF_MS))[0]
        return float(chance**self._part)

    def free(self, by_ms: float) -> float:
        """Return how many have probably ended by then."""
        ended = 0.0
        for age, beyond, _ in self._of:
            ended += 1 - self._curve.at(age + by_ms)[0] / beyond if beyond > LEAST else 1.0
        return ended * self._part

    def work_ms(self, until_ms: float) -> float:
        """Return the slot time that it takes until then."""
        work = 0.0
        for age, beyond, area in self._of:
            work += (area - self._curve.at(age + until_ms)[1]) / beyond if beyond > LEAST else 0.0
        return work * self._part


def _to_come(going: Going, ages: _Ages) -> tuple[float, float]:
    """Return both moments for the tasks that still wait."""
    share, curve = going.share, going.curve
    last_ms = max(going.least_ms, _last_start(going, ages))
    width = max(1.0, min(share.lanes, share.starts))
    low_ms, middle_ms, high_ms = _longest(going, width - 1, last_ms)
    mean_ms = 0.3 * low_ms + 0.4 * middle_ms + 0.3 * high_ms
    tail = ((high_ms - middle_ms) / Z_90) ** 2
    many = _variance(going, last_ms)
    half_ms = last_ms + mean_ms + (middle_ms - mean_ms) * tail / (tail + many + 1)
    if going.played_ms:
        rounds = share.starts / width + 1
        half_ms += (going.played_ms - half_ms) * math.exp(-IN_STEP * rounds * curve.scatter**2)
    half_ms = max(half_ms, going.least_ms + middle_ms)
    unsure_ms = half_ms * math.expm1(Z_90 * unsureness(curve, going.count))
    wide_ms = math.sqrt((high_ms - middle_ms) ** 2 + Z_90**2 * many + unsure_ms**2)
    return half_ms, half_ms + WIDE * wide_ms


def unsureness(curve: Curve, count: int) -> float:
    """Return how far off the mean may be (standard deviation, in means) when it comes from so many durations."""
    return math.sqrt(curve.scatter**2 / count + MODEL**2)


def _last_start(going: Going, ages: _Ages) -> float:
    """Return when the last task starts.

    By then those that run have done only a part of their work: until the batch's work was all done would be too long.
    One that takes a while may outlast all the others, so nothing counts beyond the last start itself.
    """
    share, curve = going.share, going.curve
    if share.lanes < 1:  # one at a time, with pauses in between: it begins anywhere in the last of them
        return max(0.0, share.ends_ms - share.each_ms * (1 / share.lanes + 1) / 2)
    at_ms, scale = share.ends_ms, share.each_ms / curve.whole_ms
    for _ in range(TURNS):
        _, area, square = curve.at(at_ms)
        each_ms = curve.whole_ms - area - (square / (2 * at_ms) if at_ms > 0 else 0.0)
        done_ms = max(0.0, share.starts - 1) * each_ms * scale + ages.work_ms(at_ms)
        at_ms = max(0.0, (at_ms + share.ends_ms - (share.work_ms - done_ms) / share.lanes) / 2)
    waiting = math.ceil(share.starts)
    if waiting <= ages.count:
        ended = ages.count * (waiting - 0.3) / (ages.count + 0.4)  # the middle of the n-th to end
        at_ms = min(at_ms, _when(ages.free, ended, at_ms))
    return at_ms


def _variance(going: Going, last_ms: float) -> float:
    """Return the variance (ms²) of the last start: of tasks cut at that time, for a longer one holds up its own slot only."""
    share, curve = going.share, going.curve
    _, area, square = curve.at(max(last_ms, share.each_ms))
    one = max(0.0, square - (curve.whole_ms - area) ** 2)
    average = share.work_ms / share.ends_ms if share.ends_ms > 0 else 1.0
    return (share.starts + share.running) * one / max(average, 0.2) ** 2 + going.doubt_ms


def _longest(going: Going, others: float, since_ms: float) -> tuple[float, float, float]:
    """Return, at 10, 50 and 90 %, how long the last one takes with `others` beside it that began within `since_ms` before.

    It is worked out once for about the same: half an other, a bucket of time, a hundredth of what is tried again.
    """
    kept = going.curve.kept
    key = (
        round(2 * others),
        min(bucket_of(since_ms), bucket_of(going.curve.points[-1])),
        round(100 * going.again),
    )
    found = kept.get(key)
    if found is None:
        found = kept[key] = _worked_out(going.curve, key[0] / 2, edge_ms(key[1]), key[2] / 100)
    return found


def _worked_out(curve: Curve, others: float, since_ms: float, again: float) -> tuple[float, float, float]:
    _, far, _ = curve.at(since_ms)
    whole_ms = max(curve.whole_ms - far, LEAST)
    fail_ms = curve.whole_ms / 2 + BACKOFF_MS  # about when a failed one starts again

    def chance(by_ms: float) -> float:
        beyond, area, _ = curve.at(by_ms)
        met = 1 - (area - curve.at(by_ms + since_ms)[1]) / whole_ms
        found = (1 - beyond) * max(0.0, met) ** others
        if again:
            found *= (1 - again * curve.at(max(0.0, by_ms - fail_ms))[0]) ** (others + 1)
        return float(found)

    low, middle, high = (_when(chance, part, curve.whole_ms) for part in (0.1, 0.5, 0.9))
    return low, middle, high


def _with_old(half_ms: float, most_ms: float, ended: Chance) -> tuple[float, float]:
    """Let what runs now count too: all of both must have ended."""
    spread_ms = max(1.0, (most_ms - half_ms) / Z_90)

    def chance(by_ms: float) -> float:
        return math.erfc((half_ms - by_ms) / spread_ms / math.sqrt(2)) / 2 * ended(by_ms)

    return _when(chance, 0.5, half_ms), _when(chance, 0.9, most_ms)


def _when(chance: Chance, part: float, guess_ms: float) -> float:
    """Return when a chance that grows with time reaches a part."""
    low, high = 0.0, max(guess_ms, 1.0)
    while chance(high) < part and high < 1e12:
        low, high = high, high * 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle) < part else (low, middle)
    return (low + high) / 2
