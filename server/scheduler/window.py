"""The next few hundred waiting tasks of one batch (pure): ids and positions, the rest stays in its rows."""

import heapq
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

ENTRIES_MIN = 64
ENTRIES_MAX = 1_024


class Entry(NamedTuple):
    """A waiting task; `counted` once the month's quota has counted it."""

    position: int
    task: str
    counted: bool


class Window:
    """What of a batch may start next, in order of position.

    `first` is the position from which rows are still to be read; `dry` says that none are left there. `returned`
    holds tasks whose backoff is over: rows know them by their `ready_ms`, and reading on never meets them. `back` holds
    those that were put back at once; reading on may meet them, and leaves them out.
    """

    def __init__(self, first: int = 0, *, dry: bool = False) -> None:
        self.first = first
        self.dry = dry
        self.fresh: deque[Entry] = deque()
        self.returned: list[Entry] = []
        self.back: list[Entry] = []

    def head(self, *, free: bool = False) -> Entry | None:
        """Return the task that is next; `free`: of those that the quota has counted already."""
        queue = self._next(free=free)
        return queue[0] if queue else None

    def take(self, *, free: bool = False) -> Entry:
        """Take the task that `head` returns; there must be one."""
        queue = self._next(free=free)
        return queue.popleft() if isinstance(queue, deque) else heapq.heappop(queue)

    def come_back(self, entry: Entry) -> None:
        """Add a task whose backoff is over."""
        heapq.heappush(self.returned, entry)

    def put_back(self, entry: Entry) -> None:
        """Add a task that may start again at once; its place is the old one."""
        heapq.heappush(self.back, entry)

    def _next(self, *, free: bool) -> deque[Entry] | list[Entry]:
        """Return the queue whose first entry is next; empty if there is none."""
        found: deque[Entry] | list[Entry] = self.fresh
        if not self.fresh or (free and not self.fresh[0].counted):
            found = self.returned
        for queue in (self.returned, self.back):
            if queue and (not found or queue[0] < found[0]):
                found = queue
        return found

    def hungry(self, slots: int) -> bool:
        """Whether rows should be read before the next cycle chooses among so many slots."""
        return not self.dry and len(self.fresh) < min(slots, ENTRIES_MAX)

    def fill(self, entries: Sequence[Entry], most: int) -> None:
        """Add what was read from `first` on, when at most `most` were asked for."""
        back = {entry.task for entry in self.back}
        self.fresh.extend(entry for entry in entries if entry.task not in back)
        self.dry = len(entries) < most
        if entries:
            self.first = entries[-1].position + 1

    def reread(self, position: int) -> None:
        """A task at `position` waits again: read from there once more."""
        ahead = self.fresh[0].position if self.fresh else self.first
        self.first = min(position, ahead)
        self.fresh.clear()
        self.back = [entry for entry in self.back if entry.position < self.first]
        heapq.heapify(self.back)
        self.dry = False

    def forget(self, task: str) -> None:
        """Take one task out."""
        self.fresh = deque(entry for entry in self.fresh if entry.task != task)
        self.returned = [entry for entry in self.returned if entry.task != task]
        heapq.heapify(self.returned)
        self.back = [entry for entry in self.back if entry.task != task]
        heapq.heapify(self.back)

    def clear(self) -> None:
        """Take all out: nothing waits any more."""
        self.fresh.clear()
        self.returned.clear()
        self.back.clear()
        self.dry = True


def entries_wanted(slots: int) -> int:
    """Return how many entries to read at once, so that reading is rare beside starting."""
    return min(max(ENTRIES_MIN, 4 * slots), ENTRIES_MAX)
