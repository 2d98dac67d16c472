"""A clock that stands still until a test moves it."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from itertools import count

START_MS = 1_795_000_000_000  # 2026-11-18T11:06:40Z


class FakeTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class FakeClock:
    """Satisfies server.clock.Clock.

    `settle` is awaited after each timer that fires, so that whatever the timer set going comes to
    rest before time moves on: a test hands over e.g. the scheduler's and the ticker's `settled`.
    """

    def __init__(self, now_ms: int = START_MS, settle: Callable[[], Awaitable[None]] | None = None) -> None:
        self.settle = settle
        self._now_ms = now_ms
        self._skew_ms = 0
        self._timers: list[tuple[int, int, FakeTimer]] = []
        self._order = count()

    def now_ms(self) -> int:
        return self._now_ms + self._skew_ms

    def monotonic_ms(self) -> int:
        return self._now_ms

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(callback)
        heapq.heappush(self._timers, (self._now_ms + max(delay_ms, 0), next(self._order), timer))
        return timer

    async def sleep(self, delay_ms: int) -> None:
        done = asyncio.get_running_loop().create_future()
        timer = self.call_later(delay_ms, lambda: done.done() or done.set_result(None))
        try:
            await done
        finally:
            timer.cancel()

    def set_wall(self, now_ms: int) -> None:
        """Set the wall clock alone, as an administrator would; monotonic time goes on."""
        self._skew_ms = now_ms - self._now_ms

    async def advance(self, delta_ms: int) -> None:
        """Move time on, firing what falls due in order and letting it come to rest each time."""
        end_ms = self._now_ms + delta_ms
        await self._rest()
        while self._timers and self._timers[0][0] <= end_ms:
            due_ms, _, timer = heapq.heappop(self._timers)
            if timer.callback is None:
                continue
            self._now_ms = max(self._now_ms, due_ms)
            callback, timer.callback = timer.callback, None
            callback()
            await self._rest()
        self._now_ms = end_ms
        await self._rest()

    async def _rest(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        if self.settle is not None:
            await self.settle()
