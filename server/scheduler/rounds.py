"""The starts to come, played through one by one (pure): exact where tasks take much the same time and few are left."""

import heapq
from collections.abc import Sequence

from server.scheduler.fairness import Ring, share_of
from server.scheduler.sharing import Share

STARTS_MAX = 200


def play(shares: Sequence[Share], left_ms: Sequence[Sequence[float]], slots: int) -> list[float]:
    """Return when each batch ends if each of its tasks takes its mean, and what runs the time that is left."""
    table = _Table(shares)
    running = [(left, number) for number, each in enumerate(left_ms) for left in each]
    heapq.heapify(running)
    ends, now_ms = [0.0] * len(shares), 0.0
    while True:
        while len(running) < slots and (number := table.start()) is not None:
            heapq.heappush(running, (now_ms + shares[number].each_ms, number))
        if not running:
            return ends
        now_ms, number = heapq.heappop(running)
        ends[number] = now_ms
        table.end(number)


class _Table:
    """What waits and what runs of each batch, and the order of fairness among them."""

    def __init__(self, shares: Sequence[Share]) -> None:
        self._shares = shares
        self._waiting = [round(each.starts) for each in shares]
        self._running = [each.running for each in shares]
        self._turns = [each.turn for each in shares]
        self._turn = max(self._turns, default=0)
        self._ring = Ring()
        for number in range(len(shares)):
            self._offer(number)

    def start(self) -> int | None:
        """Start a task of the batch that is next, and return its number."""
        name = self._ring.first()
        if name is None:
            return None
        number = int(name)
        self._turn += 1
        self._turns[number] = self._turn
        self._waiting[number] -= 1
        self._running[number] += 1
        self._offer(number)
        return number

    def end(self, number: int) -> None:
        """Count a task that has ended."""
        self._running[number] -= 1
        self._offer(number)

    def _offer(self, number: int) -> None:
        each = self._shares[number]
        if self._waiting[number] > 0 and self._running[number] < each.most:
            self._ring.put(str(number), share_of(self._running[number], each.weight), self._turns[number])
        else:
            self._ring.drop(str(number))
