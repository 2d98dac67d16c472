"""Ctrl-C, once and twice: the first asks politely, the second leaves at once."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupts:
    """Within it, the first interrupt sets `asked` and calls `first`; the second cancels the asyncio task that entered."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.first: Callable[[], None] = lambda: None
        self._before: dict[int, Any] = {}
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> Self:
        self._task = asyncio.current_task()
        loop = asyncio.get_running_loop()

        def caught(_number: int, _frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self.interrupt)

        for number in SIGNALS:
            self._before[number] = signal.signal(number, caught)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def interrupt(self) -> None:
        """What a signal does."""
        if self.asked.is_set():
            if self._task is not None:
                self._task.cancel()
            return
        self.asked.set()
        self.first()
