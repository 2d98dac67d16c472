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
    holds tasks whose backoff is over: rows know them by their `ready_ms`, and reading on never meets them.
    """

    def __init__(self, first: int = 0, *, dry: bool = False) -> None:
        self.first = first
        self.dry = dry
        self.fresh: deque[Entry] = deque()
        self.returned: list[Entry] = []

    def head(self) -> Entry | None:
        """Return the task that is next."""
        if self.returned and (not self.fresh or self.returned[0] < self.fresh[0]):
            return self.returned[0]
        return self.fresh[0] if self.fresh else None

    def take(self) -> Entry:
        """Take the task that is next; there must be one."""
        if self.returned and (not self.fresh or self.returned[0] < self.fresh[0]):
            return heapq.heappop(self.returned)
        return self.fresh.popleft()

    def come_back(self, entry: Entry) -> None:
        """Add a task whose backoff is over."""
        heapq.heappush(self.returned, entry)

    def hungry(self, slots: int) -> bool:
        """Whether rows should be read before the next cycle chooses among so many slots."""
        return not self.dry and len(self.fresh) < min(slots, ENTRIES_MAX)

    def fill(self, entries: Sequence[Entry], most: int) -> None:
        """Add what was read from `first` on, when at most `most` were asked for."""
        self.fresh.extend(entries)
        self.dry = len(entries) < most
        if entries:
            self.first = entries[-1].position + 1

    def reread(self, position: int) -> None:
        """A task at `position` waits again: read from there once more."""
        ahead = self.fresh[0].position if self.fresh else self.first
        self.first = min(position, ahead)
        self.fresh.clear()
        self.dry = False

    def forget(self, task: str) -> None:
        """Take one task out."""
        self.fresh = deque(entry for entry in self.fresh if entry.task != task)
        self.returned = [entry for entry in self.returned if entry.task != task]
        heapq.heapify(self.returned)

    def clear(self) -> None:
        """Take all out: nothing waits any more."""
        self.fresh.clear()
        self.returned.clear()
        self.dry = True


def entries_wanted(slots: int) -> int:
    """Return how many entries to read at once, so that reading is rare beside starting."""
    return min(max(ENTRIES_MIN, 4 * slots), ENTRIES_MAX)
