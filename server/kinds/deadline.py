"""A limit on how long something may take or be silent, by our own clock."""

import asyncio
from types import TracebackType
from typing import Self

from server.clock import Clock, Timer
from server.errors import UnavailableError


class Deadline:
    """`async with Deadline(clock, ms, words):` ends its body once `ms` have passed since it began or was last put off.

    It works as `asyncio.timeout` does: a cancellation by somebody else stays one.

    Raises:
        UnavailableError: the time is over; `words` say of what.
    """

    def __init__(self, clock: Clock, after_ms: int, words: str) -> None:
        self._clock = clock
        self._after_ms = after_ms
        self._words = words
        self._since_ms = 0
        self._over = False
        self._timer: Timer | None = None
        self._task: asyncio.Task[object] | None = None
        self._asked_before = 0

    def put_off(self) -> None:
        """Something has happened: the time begins anew. Cheap enough for every piece of a stream."""
        self._since_ms = self._clock.monotonic_ms()

    def change(self, after_ms: int) -> None:
        """From now on the time is `after_ms`, and it begins anew."""
        self._after_ms = after_ms
        self.put_off()
        self._arm(after_ms)

    async def __aenter__(self) -> Self:
        self._task = asyncio.current_task()
        if self._task is None:
            raise RuntimeError("expected to be within an asyncio task")
        self._asked_before = self._task.cancelling()
        self.put_off()
        self._arm(self._after_ms)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        task, self._task = self._task, None
        if not self._over or task is None:
            return
        if task.uncancel() <= self._asked_before and kind is asyncio.CancelledError:
            raise UnavailableError(self._words) from error

    def _due(self) -> None:
        if self._task is None:
            return
        left_ms = self._since_ms + self._after_ms - self._clock.monotonic_ms()
        if left_ms > 0:
            self._arm(left_ms)
            return
        self._over = True
        self._task.cancel()

    def _arm(self, delay_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(delay_ms, self._due)
