"""The chance that an execution of a batch lasts longer than so long (pure), from what has ended and what still runs.

Short tasks end first: the ends alone would promise too much while a batch is young. So what runs counts as "longer than
its age" (Kaplan and Meier, 1958). What nobody has seen yet is filled in by a lognormal curve that counts as one sample.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from server.scheduler.durations import STEPS, Durations, bucket_of, edge_ms

GUESS = 2.0  # what the lognormal curve counts as, in samples
GUESS_MAX = 64.0  # the same, where only the store's sums are left of what was measured
SIGMA = 0.8  # of the natural logarithm, before anything is known: half of all last 0.6 to 1.6 times the middle one
FALL = 2.0  # chance ~ duration ** -FALL beyond the longest that ended, while something still runs
BEYOND = 5 * STEPS  # buckets that the curve goes on past the longest
LEAST = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What the store keeps of a batch's durations, and how long an execution of it may last at most."""

    count: int
    mean_ms: float
    spread_ms: float
    most_ms: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Curve:
    """What is known at each of `points` (ms, ascending from 0), with straight lines between.

    `beyond`: the chance to last longer; `area`: its integral from there on; `square`: the mean square of durations cut
    there. `spread_ms` is the standard deviation; `mean_ms` is calibrated to exact sums, and counts what still runs.
    `kept` is for whoever works something out from it more than once.
    """

    points: tuple[float, ...]
    beyond: tuple[float, ...]
    area: tuple[float, ...]
    square: tuple[float, ...]
    mean_ms: float
    spread_ms: float
    kept: dict[tuple[int, ...], tuple[float, float, float]] = field(default_factory=dict)

    def at(self, duration_ms: float) -> tuple[float, float, float]:
        """Return beyond, area and square at a duration."""
        high = bisect_left(self.points, duration_ms)
        if high == 0:
            return 1.0, self.area[0], 0.0
        if high >= len(self.points):
            return 0.0, 0.0, self.square[-1]
        from_ms, to_ms = self.points[high - 1], self.points[high]
        before, after = self.beyond[high - 1], self.beyond[high]
        beyond = before + (after - before) * (duration_ms - from_ms) / (to_ms - from_ms)
        area = self.area[high] + (to_ms - duration_ms) * (beyond + after) / 2
        square = (
            self.square[high - 1] + (duration_ms * duration_ms - from_ms * from_ms) * (before + beyond) / 2
        )
        return beyond, area, square

    def left_ms(self, age_ms: float) -> float:
        """Return the mean time left of what has run for so long."""
        beyond, area, _ = self.at(age_ms)
        return area / beyond if beyond > LEAST else self.overdue_ms(age_ms)

    def overdue_ms(self, age_ms: float) -> float:
        """Return what is said to be left of one that runs for longer than it may."""
        return age_ms / 20

    @property
    def whole_ms(self) -> float:
        """The mean as far as the curve knows."""
        return self.area[0]

    @property
    def scatter(self) -> float:
        """The standard deviation in means."""
        return self.spread_ms / self.area[0]


def curve_of(durations: Durations, ages_ms: Sequence[float], measured: Measured) -> Curve:
    """Return the curve of a batch of which at least one execution was measured."""
    running = Counter(map(bucket_of, ages_ms))
    middle, sigma, guessed = _lognormal(durations, measured)
    first, last = _reach(durations.counts, running, middle, sigma)
    edges = [edge_ms(bucket) for bucket in range(first, last + 1)]
    seen = _seen(durations.counts, running, first, last)
    known = _known(durations, running)
    root = sigma * math.sqrt(2)
    guess = [math.erfc((math.log2(edge) - middle) / root) / 2 for edge in edges]
    beyond = [
        (known * one + guessed * other) / (known + guessed) for one, other in zip(seen, guess, strict=True)
    ]
    mean_ms = measured.mean_ms
    if durations.measured:
        mean_ms *= max(1.0, _area(edges, seen, measured.most_ms) / durations.middles_ms * durations.measured)
    return _integrated(edges, beyond, measured.most_ms, mean_ms)


def _lognormal(durations: Durations, measured: Measured) -> tuple[float, float, float]:
    """Return middle and sigma of the binary logarithm, and what they count as."""
    prior, count = (SIGMA / math.log(2)) ** 2, durations.measured
    missing = measured.count - count
    if count > missing:
        middle = durations.logs / count
        squares = max(0.0, durations.log_squares - count * middle * middle)
        return middle, math.sqrt((squares + prior) / count), GUESS
    # After a restart the buckets are empty, but the store's sums give mean and spread.
    square = math.log1p((measured.spread_ms / max(1.0, measured.mean_ms)) ** 2) / math.log(2) ** 2
    square = (measured.count * square + prior) / (measured.count + 1)
    middle = math.log2(max(1.0, measured.mean_ms)) - square * math.log(2) / 2
    return middle, math.sqrt(square), min(GUESS_MAX, GUESS + missing)


def _reach(counts: Counter[int], running: Counter[int], middle: float, sigma: float) -> tuple[int, int]:
    """Return the first and the last bucket of the curve."""
    first = min([*counts, int(STEPS * (middle - 3 * sigma))])
    last = max([*counts, *running, int(STEPS * (middle + 2 * sigma))])
    return max(0, first), max(0, last) + BEYOND


def _known(durations: Durations, running: Counter[int]) -> float:
    """Return what the measured part of the curve counts as: all ends, and what has outlasted one of them."""
    if not durations.counts:
        return 0.0
    least = min(durations.counts)
    return durations.measured + sum(count for bucket, count in running.items() if bucket > least)


def _seen(counts: Counter[int], running: Counter[int], first: int, last: int) -> list[float]:
    """Return the chance to outlast the beginning of each bucket, as Kaplan and Meier have it."""
    risk = float(counts.total() + sum(count for bucket, count in running.items() if bucket >= first))
    longest = max(counts, default=first)
    chance, found = 1.0, []
    for bucket in range(first, last + 1):
        found.append(chance if bucket <= longest else chance * edge_ms(longest + 1 - bucket) ** FALL)
        ended, still = counts.get(bucket, 0), running.get(bucket, 0)
        if ended:
            chance *= 1 - ended / max(risk - still / 2, ended)
        risk -= ended + still
    return found


def _area(edges: Sequence[float], beyond: Sequence[float], most_ms: float) -> float:
    """Return the mean duration under a curve that ends at `most_ms`."""
    area = min(edges[0], most_ms)
    for n in range(len(edges) - 1):
        if edges[n] >= most_ms:
            break
        area += (min(edges[n + 1], most_ms) - edges[n]) * (beyond[n] + beyond[n + 1]) / 2
    return area


def _integrated(edges: Sequence[float], beyond: Sequence[float], most_ms: float, mean_ms: float) -> Curve:
    """Cut the curve where nothing may last longer, and sum it up from both ends."""
    points, chances = [0.0], [1.0]
    for edge, chance in zip(edges, beyond, strict=True):
        if edge >= most_ms:
            break
        points.append(edge)
        chances.append(chance)
    points.append(float(most_ms) if points[-1] < most_ms <= 2 * points[-1] else 1.1 * points[-1] + 1)
    chances.append(0.0)
    square = [0.0]
    for n in range(1, len(points)):
        height = (chances[n - 1] + chances[n]) / 2
        square.append(square[-1] + height * (points[n] ** 2 - points[n - 1] ** 2))
    area = _from_there_on(points, chances)
    return Curve(
        points=tuple(points), beyond=tuple(chances), area=area, square=tuple(square), mean_ms=mean_ms,
        spread_ms=math.sqrt(max(0.0, square[-1] - area[0] ** 2)),
    )  # fmt: skip


def _from_there_on(points: Sequence[float], beyond: Sequence[float]) -> tuple[float, ...]:
    area = [0.0]
    for n in range(len(points) - 1, 0, -1):
        area.append(area[-1] + (points[n] - points[n - 1]) * (beyond[n - 1] + beyond[n]) / 2)
    return tuple(reversed(area))
