"""A runner whose bodies end when they are told to, asked to or not."""

from server.executions.contract import Report
from server.model import ExecutionState, Outcome, Work


class ToldRunner:
    """Satisfies server.executions.contract.Runner: nothing runs, and what was asked to end is remembered."""

    def __init__(self) -> None:
        self.bodies: dict[str, tuple[Work, Report]] = {}
        self.gone: list[tuple[Work, Report]] = []
        self.asked: set[str] = set()

    def begin(self, work: Work, report: Report) -> None:
        assert all(other.task != work.task for other, _ in self.bodies.values()), (
            "a body beside its successor"
        )
        self.bodies[work.execution] = (work, report)

    def end(self, execution: str, outcome: Outcome) -> None:
        work, report = self.bodies.pop(execution)
        self.gone.append((work, report))
        report.ended(execution, work.fence, outcome)

    def cancel(self, execution: str) -> None:
        self.asked.add(execution)

    def alive(self) -> list[str]:
        return list(self.bodies)

    async def stop(self, grace_ms: int) -> None:
        for execution in list(self.bodies):
            self.end(execution, Outcome(state=ExecutionState.LOST))
