"""Many named moments, one timer."""

import heapq
from collections.abc import Callable

from server.clock import Clock, Timer

LOOK_MS = 60_000  # the wall clock may be set, and a laptop may sleep: look again at least so often
SET_BACK_MS = 1_000  # a clock that is only kept right is never moved so far at once


class Alarms:
    """Calls back at moments of the wall clock. Setting a name again moves it; one timer of the clock serves all.

    When the wall clock was set back, all are called within a minute: some meant a delay, which would grow by as much.
    So whoever is called looks whether it is time, and sets its alarm again if not.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: dict[str, tuple[int, Callable[[], None]]] = {}
        self._heap: list[tuple[int, str]] = []
        self._timer: Timer | None = None
        self._armed_ms: int | None = None
        self._ahead_ms = clock.now_ms() - clock.monotonic_ms()

    def at(self, moment_ms: int, name: str, callback: Callable[[], None]) -> None:
        """Call back at that moment, or as soon as possible if it has passed."""
        self._due[name] = (moment_ms, callback)
        heapq.heappush(self._heap, (moment_ms, name))
        self._arm()

    def sooner(self, moment_ms: int, name: str, callback: Callable[[], None]) -> None:
        """Do as `at`, unless that name is due earlier already."""
        if name not in self._due or self._due[name][0] > moment_ms:
            self.at(moment_ms, name, callback)

    def clear(self) -> None:
        """Call all off."""
        self._due.clear()
        self._heap.clear()
        self._arm()

    def _arm(self) -> None:
        while self._heap and self._due.get(self._heap[0][1], (None,))[0] != self._heap[0][0]:
            heapq.heappop(self._heap)
        next_ms = self._heap[0][0] if self._heap else None
        if next_ms == self._armed_ms:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._armed_ms = next_ms
        self._timer = None
        if next_ms is not None:
            self._timer = self._clock.call_later(min(next_ms - self._clock.now_ms(), LOOK_MS), self._ring)

    def _ring(self) -> None:
        self._timer = self._armed_ms = None
        now_ms = self._clock.now_ms()
        due = self._take_all() if self._was_set_back(now_ms) else self._take_due(now_ms)
        for callback in due:
            callback()
        self._arm()

    def _was_set_back(self, now_ms: int) -> bool:
        before_ms, self._ahead_ms = self._ahead_ms, now_ms - self._clock.monotonic_ms()
        return self._ahead_ms < before_ms - SET_BACK_MS

    def _take_all(self) -> list[Callable[[], None]]:
        taken = sorted(self._due.values(), key=lambda due: due[0])
        self._due.clear()
        self._heap.clear()
        return [callback for _, callback in taken]

    def _take_due(self, now_ms: int) -> list[Callable[[], None]]:
        taken = []
        while self._heap and self._heap[0][0] <= now_ms:
            moment_ms, name = heapq.heappop(self._heap)
            due = self._due.get(name)
            if due is not None and due[0] == moment_ms:
                del self._due[name]
                taken.append(due[1])
        return taken
