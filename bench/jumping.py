"""A clock that jumps from timer to timer, and bodies that only last: for weeks that pass in a minute."""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count

from bench.week import Load
from server.executions.contract import Report
from server.model import ExecutionState, Outcome, Reason, Work
from server.scheduler.loop import Scheduler

DONE = Outcome(state=ExecutionState.DONE)
FAILED = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="exit 1")
CANCELLED = Outcome(state=ExecutionState.CANCELLED)


class _Timer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class JumpingClock:
    """Satisfies server.clock.Clock; goes on only when told to, from timer to timer."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self._due: list[tuple[int, int, _Timer]] = []
        self._order = count()

    def now_ms(self) -> int:
        return self._now_ms

    def monotonic_ms(self) -> int:
        return self._now_ms

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> _Timer:
        timer = _Timer(callback)
        heapq.heappush(self._due, (self._now_ms + max(0, delay_ms), next(self._order), timer))
        return timer

    async def sleep(self, delay_ms: int) -> None:
        done = asyncio.get_running_loop().create_future()
        self.call_later(delay_ms, lambda: done.done() or done.set_result(None))
        await done

    async def go_to(self, moment_ms: int, scheduler: Scheduler) -> None:
        """Fire what is due until then, and let the scheduler come to rest each time."""
        await scheduler.settled()
        while self._due and self._due[0][0] <= moment_ms:
            due_ms, _, timer = heapq.heappop(self._due)
            if timer.callback is not None:
                self._now_ms = max(self._now_ms, due_ms)
                timer.callback()
                await scheduler.settled()
        self._now_ms = max(self._now_ms, moment_ms)


class Bodies:
    """Satisfies server.executions.contract.Runner: each attempt lasts as its load says."""

    def __init__(self, clock: JumpingClock, loads: dict[str, Load]) -> None:
        self._clock = clock
        self._loads = loads
        self._running: dict[str, tuple[Work, Report]] = {}

    def begin(self, work: Work, report: Report) -> None:
        self._running[work.execution] = work, report
        lasts_ms, failed = self._loads[work.params["load"]].attempt(work.title, work.attempt)
        self._clock.call_later(lasts_ms, lambda: self._end(work.execution, FAILED if failed else DONE))

    def cancel(self, execution: str) -> None:
        self._end(execution, CANCELLED)

    def alive(self) -> list[str]:
        return list(self._running)

    async def stop(self, grace_ms: int) -> None:
        for execution in list(self._running):
            self._end(execution, CANCELLED)

    def _end(self, execution: str, outcome: Outcome) -> None:
        work, report = self._running.pop(execution, (None, None))
        if work is not None and report is not None:
            report.ended(execution, work.fence, outcome)
