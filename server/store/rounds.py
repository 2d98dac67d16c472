"""Rows as a queue: rounds over what is due, when somebody says so, when the next is due, and once a store that failed is back."""

import asyncio
from collections.abc import Awaitable, Callable

from structlog import get_logger

from server.clock import Clock, Timer
from server.store.database import STORE_ERRORS

log = get_logger(__name__)


class Rounds:
    """Goes round from `begin` to `stop`, one round at a time.

    `look` begins whatever is due and returns in how many milliseconds something will be, None where nothing is known of;
    `busy` says whether anything that was begun is still under way. `again_ms`: when to come back to a store that failed.
    """

    def __init__(
        self, clock: Clock, *, name: str, look: Callable[[], Awaitable[int | None]], busy: Callable[[], bool], again_ms: int,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._name = name
        self._look = look
        self._busy = busy
        self._again_ms = again_ms
        self._woken = asyncio.Event()
        self._calm = asyncio.Event()
        self._timer: Timer | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Go round from now on; the first round is for what an earlier server did not come to."""
        self.wake()
        self._task = asyncio.create_task(self._work(), name=f"rounds of {self._name}")

    def wake(self) -> None:
        """Something may be due."""
        self._calm.clear()
        self._woken.set()

    async def settled(self) -> None:
        """Return when nothing is due and nothing is under way."""
        if self._task is not None:
            await self._calm.wait()

    async def stop(self) -> None:
        """Begin nothing more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._arm(None)

    async def _work(self) -> None:
        while True:
            self._woken.clear()
            try:
                self._arm(await self._look())
            except STORE_ERRORS as error:
                log.warning("rounds.store_failed", of=self._name, reason=str(error))
                self._arm(self._again_ms)
            if not self._busy() and not self._woken.is_set():
                self._calm.set()
            await self._woken.wait()

    def _arm(self, delay_ms: int | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if delay_ms is None else self._clock.call_later(delay_ms, self.wake)
