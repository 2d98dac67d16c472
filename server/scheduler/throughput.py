"""How fast an office is, as measured in memory (pure): ends an hour over the last ten minutes, ends by the minute, and durations by batch."""

from collections import deque

from server.scheduler.paces import Paces

BUCKET_MS = 10_000
SPAN_MS = 600_000
MINUTE_MS = 60_000
HOUR_MS = 3_600_000
minutes_max = 20
"""So many whole minutes are told, at most."""


class Throughput:
    """Counts ends in buckets of ten seconds. It begins to measure with the first start that it hears of."""

    def __init__(self) -> None:
        self.paces = Paces()
        self._since_ms: int | None = None
        self._buckets: deque[list[int]] = deque()
        self._minutes: deque[list[int]] = deque()
        self._paced: tuple[int | None, tuple[int, ...]] = (None, ())  # up to which minute, and what it was

    def began(self, now_ms: int) -> None:
        """Something runs."""
        if self._since_ms is None:
            self._since_ms = now_ms

    def ended(self, now_ms: int, count: int) -> None:
        """So many tasks ended."""
        _add(self._buckets, now_ms - now_ms % BUCKET_MS, count)
        _add(self._minutes, now_ms - now_ms % MINUTE_MS, count)

    def perhour(self, now_ms: int) -> int | None:
        """Return the figure, or None while nothing has ended lately."""
        while self._buckets and self._buckets[0][0] + BUCKET_MS <= now_ms - SPAN_MS:
            self._buckets.popleft()
        if self._since_ms is None or not self._buckets:
            return None
        span_ms = max(BUCKET_MS, min(SPAN_MS, now_ms - self._since_ms))
        return round(sum(count for _, count in self._buckets) * HOUR_MS / span_ms)

    def pace(self, now_ms: int) -> tuple[int, ...]:
        """Return when the last whole minute was over, and how many tasks ended in each before it, oldest first.

        Only minutes since it began to measure, at most `minutes_max`; empty where nothing ended in any of them.
        It is asked for with every change of the queue, and what is over does not change: it is reckoned once a minute.
        """
        over_ms = now_ms - now_ms % MINUTE_MS
        if self._paced[0] != over_ms:
            self._paced = (over_ms, self._pace(over_ms))
        return self._paced[1]

    def _pace(self, over_ms: int) -> tuple[int, ...]:
        while self._minutes and self._minutes[0][0] < over_ms - minutes_max * MINUTE_MS:
            self._minutes.popleft()
        ends = {minute: count for minute, count in self._minutes if minute < over_ms}
        if self._since_ms is None or not ends:
            return ()
        first = max(over_ms - minutes_max * MINUTE_MS, self._since_ms - self._since_ms % MINUTE_MS)
        return (over_ms, *(ends.get(minute, 0) for minute in range(first, over_ms, MINUTE_MS)))


def _add(buckets: deque[list[int]], start_ms: int, count: int) -> None:
    """Count in the bucket that begins then; one that is older counts in the last, for time never goes back."""
    if buckets and buckets[-1][0] >= start_ms:
        buckets[-1][1] += count
    else:
        buckets.append([start_ms, count])
