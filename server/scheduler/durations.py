"""How long the executions of a batch took, in memory (pure): a count for each of some 12 % wide buckets of durations."""

import math
from collections import Counter

STEPS = 6  # buckets an octave
LOG2 = math.log2


def bucket_of(duration_ms: float) -> int:
    """Return the bucket of a duration: bucket n is from 2 ** (n / STEPS) ms to 2 ** ((n + 1) / STEPS)."""
    return int(STEPS * LOG2(duration_ms)) if duration_ms > 1 else 0


def edge_ms(bucket: int) -> float:
    """Return where a bucket begins."""
    return math.exp2(bucket / STEPS)


class Durations:
    """Counts durations by bucket, with the sums that give a lognormal curve (in logarithms to base 2)."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.measured = 0
        self.logs = 0.0
        self.log_squares = 0.0

    def add(self, duration_ms: int) -> None:
        """One more execution took so long."""
        log = LOG2(duration_ms) if duration_ms > 1 else 0.0
        self.counts[int(STEPS * log)] += 1
        self.measured += 1
        self.logs += log
        self.log_squares += log * log

    @property
    def middles_ms(self) -> float:
        """The sum of all, as far as the buckets know: each counts as the middle of its own."""
        return (
            sum(count * edge_ms(bucket) for bucket, count in self.counts.items()) * (1 + 2 ** (1 / STEPS)) / 2
        )
