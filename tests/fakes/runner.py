"""A runner whose bodies only last: nothing runs, the clock decides when each of them ends."""

from collections.abc import Callable, Collection

from server.clock import Clock
from server.executions.contract import Report
from server.model import ExecutionState, Outcome, Work

DONE = Outcome(state=ExecutionState.DONE, result=b'{"ok":true}')
CANCELLED = Outcome(state=ExecutionState.CANCELLED)
LOST = Outcome(state=ExecutionState.LOST)


def minute(_work: Work) -> int:
    return 60_000


def done(_work: Work) -> Outcome:
    return DONE


class FakeRunner:
    """Satisfies server.executions.contract.Runner. `lasting` gives each body its milliseconds, None: until told."""

    def __init__(
        self,
        clock: Clock,
        lasting: Callable[[Work], int | None] = minute,
        outcome: Callable[[Work], Outcome] = done,
    ) -> None:
        self.running: dict[str, tuple[Work, Report]] = {}
        self.begun: list[Work] = []
        self.asked: list[str] = []
        self.most = 0
        self._clock = clock
        self._lasting = lasting
        self._outcome = outcome

    def begin(self, work: Work, report: Report) -> None:
        assert work.execution not in self.running, "an execution begins once"
        assert all(other.task != work.task for other, _ in self.running.values()), (
            "no body beside its successor"
        )
        self.running[work.execution] = (work, report)
        self.begun.append(work)
        self.most = max(self.most, len(self.running))
        lasting_ms = self._lasting(work)
        if lasting_ms is not None:
            self._clock.call_later(lasting_ms, lambda: self.end(work.execution, self._outcome(work)))

    def end(self, execution: str, outcome: Outcome = DONE) -> None:
        """End a body that runs; harmless when it has ended."""
        if execution in self.running:
            work, report = self.running.pop(execution)
            report.ended(execution, work.fence, outcome)

    def alive(self) -> Collection[str]:
        return self.running.keys()

    def cancel(self, execution: str) -> None:
        self.asked.append(execution)
        self._clock.call_later(0, lambda: self.end(execution, CANCELLED))

    async def stop(self, grace_ms: int) -> None:
        for execution in list(self.running):
            self.end(execution, LOST)
