"""The only file that reads time. Everything else is given a Clock, or a moment as an argument."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A callback that is due later and may be called off."""

    def cancel(self) -> None:
        """Call it off; harmless when it has fired already."""


class Clock(Protocol):
    """Wall time for what people read, monotonic time for what must not jump, and a way to wait."""

    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch, UTC. May jump when the machine's clock is set."""

    def monotonic_ms(self) -> int:
        """Milliseconds since some fixed moment. Never goes back."""

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> Timer:
        """Call `callback` on the event loop after `delay_ms` (0 or less: as soon as possible)."""

    async def sleep(self, delay_ms: int) -> None:
        """Return after `delay_ms`."""


class SystemClock:
    """The machine's time and the running event loop's timers."""

    def now_ms(self) -> int:
        """See Clock."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """See Clock."""
        return time.monotonic_ns() // 1_000_000

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> Timer:
        """See Clock."""
        return asyncio.get_running_loop().call_later(max(delay_ms, 0) / 1000, callback)

    async def sleep(self, delay_ms: int) -> None:
        """See Clock."""
        await asyncio.sleep(max(delay_ms, 0) / 1000)
