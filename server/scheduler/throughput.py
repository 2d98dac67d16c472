"""How fast an office is, as measured in memory (pure): ends an hour over the last ten minutes, and durations by batch."""

from collections import deque

from server.scheduler.paces import Paces

BUCKET_MS = 10_000
SPAN_MS = 600_000
HOUR_MS = 3_600_000


class Throughput:
    """Counts ends in buckets of ten seconds. It begins to measure with the first start that it hears of."""

    def __init__(self) -> None:
        self.paces = Paces()
        self._since_ms: int | None = None
        self._buckets: deque[list[int]] = deque()

    def began(self, now_ms: int) -> None:
        """Something runs."""
        if self._since_ms is None:
            self._since_ms = now_ms

    def ended(self, now_ms: int, count: int) -> None:
        """So many tasks ended."""
        bucket = now_ms - now_ms % BUCKET_MS
        if self._buckets and self._buckets[-1][0] >= bucket:
            self._buckets[-1][1] += count
        else:
            self._buckets.append([bucket, count])

    def perhour(self, now_ms: int) -> int | None:
        """Return the figure, or None while nothing has ended lately."""
        while self._buckets and self._buckets[0][0] + BUCKET_MS <= now_ms - SPAN_MS:
            self._buckets.popleft()
        if self._since_ms is None or not self._buckets:
            return None
        span_ms = max(BUCKET_MS, min(SPAN_MS, now_ms - self._since_ms))
        return round(sum(count for _, count in self._buckets) * HOUR_MS / span_ms)
