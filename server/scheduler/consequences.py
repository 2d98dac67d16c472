"""What follows a commit, in this order: the index changes, everyone is told, and the bodies begin."""

from collections.abc import Callable, Sequence

from server.executions.contract import Report
from server.model import TaskState, Work
from server.scheduler import events
from server.scheduler.engine import Engine
from server.scheduler.index import Batch, Running
from server.scheduler.leases import Leases
from server.scheduler.plan import MEASURED, Plan
from server.scheduler.pulling import Pulling
from simulation.inputs import Input

OVER = frozenset({TaskState.DONE, TaskState.FAILED})
Begun = Sequence[tuple[Running, Work]]
Worked = Callable[[str, bool], None]
"""Told of an office in which something runs now and nothing did before (True), or the other way round.

It must return at once, and not raise.
"""


def unheard(_office: str, _working: bool) -> None:
    """Nobody wants to know who works."""


class Consequences:
    """Called with a plan whose changes are rows now. Nothing here may await or fail."""

    def __init__(
        self, engine: Engine, report: Report, leases: Leases, pulling: Pulling, worked: Worked = unheard
    ) -> None:
        self._engine = engine
        self._report = report
        self._leases = leases
        self._pulling = pulling
        self._worked = worked
        self._working: set[str] = set()

    def follow(self, plan: Plan, begun: Begun) -> None:
        """Let everything follow."""
        facts: dict[str, list[Input]] = {name: [] for name in plan.offices}
        self._end(plan, facts)
        self._start(plan, begun, facts)
        self._show(plan, facts)
        self._begin(plan, begun)
        self._engine.counters.cycled(self._engine.clock.monotonic_ms() - plan.elapsed_ms)

    def _end(self, plan: Plan, facts: dict[str, list[Input]]) -> None:
        engine, index = self._engine, self._engine.index
        for judged in plan.judged:
            running = judged.end.running
            office = index.offices[running.office]
            engine.counters.ends[judged.end.outcome.state] += 1
            del index.executions[running.id], office.executions[running.id]
            if judged.verdict.state in OVER:
                office.throughput.ended(judged.end.at_ms, 1)
            if judged.end.outcome.state in MEASURED:
                office.throughput.paces.took(running.batch.id, max(0, judged.end.at_ms - running.started_ms))
            if engine.heard(office):
                facts[office.id].append(events.ended(judged))
            engine.answer(running.id)

    def _start(self, plan: Plan, begun: Begun, facts: dict[str, list[Input]]) -> None:
        engine, index = self._engine, self._engine.index
        engine.counters.admissions += len(begun)
        for running, _ in begun:
            office = index.offices[running.office]
            index.executions[running.id] = office.executions[running.id] = running
            office.throughput.began(plan.now_ms)
            if engine.heard(office):
                facts[office.id].append(events.started(running))

    def _show(self, plan: Plan, facts: dict[str, list[Input]]) -> None:
        touched: dict[str, list[Batch]] = {name: [] for name in plan.offices}
        for office, batch in plan.batches.values():
            office.put_figures(batch, batch.plan)
            batch.streak = plan.streaks.get(batch.id, batch.streak)
            touched[office.id].append(batch)
        for name, office in plan.offices.items():
            office.ledger = office.plan
            self._engine.tell(office, touched[name], facts[name])
            if bool(office.executions) is not (name in self._working):
                self._turn(name)

    def _turn(self, office: str) -> None:
        """Work began in an office, or none is left."""
        self._working ^= {office}
        self._worked(office, office in self._working)

    def _begin(self, plan: Plan, begun: Begun) -> None:
        for start, (_, work) in zip(plan.starts, begun, strict=True):
            if start.pull is None:
                self._engine.runner.begin(work, self._report)
            else:
                self._pulling.give(start.pull, work)
        for pull in plan.asked:
            pull.looked_at()
        if begun:
            self._leases.arm()
