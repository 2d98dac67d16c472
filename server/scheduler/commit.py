"""A plan becomes rows: one statement for each kind of change, whatever their number, all in one trip to the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.model import TaskState, Work
from server.scheduler.index import Batch, Index, Office, Running
from server.scheduler.plan import LEASE_MS, End, Judged, Plan, Start
from server.scheduler.window import Entry, entries_wanted
from server.store import batches, executions, offices, tasks, usage
from server.store.ids import Ids
from server.store.statements import Row, Statement, carry_out

WINDOWS_MAX = 256


class OutOfStepError(Exception):
    """Rows are not what the index says: a defect, or a commit whose answer was lost. The office is read again."""

    def __init__(self, message: str, offices: set[str]) -> None:
        super().__init__(message)
        self.offices = offices


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Batches whose windows run low, and how many entries to read for each of them."""

    hungry: Sequence[tuple[Office, Batch]]
    most: int

    @classmethod
    def of(cls, index: Index) -> "Reading":
        """Choose those that are read now; they stay in the index as hungry until `fill`."""
        hungry = list(index.hungry.values())[:WINDOWS_MAX]
        return cls(hungry=hungry, most=max((entries_wanted(office.slots) for office, _ in hungry), default=0))

    def statements(self) -> list[Statement]:
        """Those that are left in a window lie before its `first`, so nothing is read twice."""
        if not self.hungry:
            return []
        return [tasks.windows([(batch.id, batch.window.first) for _, batch in self.hungry], self.most)]

    def fill(self, index: Index, answers: Sequence[Sequence[Row]]) -> None:
        """Give the batches what was read, and let them take part."""
        found: dict[str, list[Entry]] = {batch.id: [] for _, batch in self.hungry}
        for batch_id, position, task, counted in answers[0] if self.hungry else ():
            found[batch_id].append(Entry(position, task, bool(counted)))
        for office, batch in self.hungry:
            index.hungry.pop(batch.id, None)
            batch.window.fill(found[batch.id], self.most)
            index.offer(office, batch)
            index.offer_office(office)


async def read_windows(conn: AsyncConnection, index: Index) -> None:
    """Read the next waiting tasks of batches whose windows run low. Before the cycle's own changes."""
    reading = Reading.of(index)
    if reading.hungry:
        reading.fill(index, await carry_out(conn, reading.statements()))


async def write(
    conn: AsyncConnection, plan: Plan, ids: Ids, told: Sequence[Statement] = ()
) -> list[tuple[Running, Work]]:
    """Write all that a plan changes, and read ahead; return what is to be carried out once that is committed.

    Ends go first, each under its fence: what comes back to waiting may be read ahead by the same trip. `told` is what is
    written besides, of batches that end.

    Raises:
        OutOfStepError: an execution no longer ran or under another fence, or a task did not wait any more.
    """
    names = [ids.new() for _ in plan.starts]
    ends, starts, reading = _ends(plan), _starts(plan, names), Reading.of(plan.index)
    answers = await carry_out(conn, [*ends, *starts, *_figures(plan), *told, *reading.statements()])
    if ends:
        _check_ends(plan, answers[0])
    admitted = _admitted(plan, answers[len(ends)]) if starts else {}
    reading.fill(plan.index, answers[-1:])
    return [
        _begun(plan, start, name, admitted[start.entry.task])
        for start, name in zip(plan.starts, names, strict=True)
    ]


def _ends(plan: Plan) -> list[Statement]:
    """End executions, then their tasks; the first one answers with the ids of the executions."""
    if not plan.judged:
        return []
    results = [
        (end.running.task, end.running.id, end.outcome.result)
        for judged in plan.judged
        if (end := judged.end).outcome.result is not None and judged.verdict.state is TaskState.DONE
    ]
    return [
        executions.end([_execution_end(judged.end) for judged in plan.judged]),
        tasks.end([_task_end(judged) for judged in plan.judged]),
        *([tasks.store_results(results)] if results else []),
    ]


def _starts(plan: Plan, names: Sequence[str]) -> list[Statement]:
    """Make tasks running, then their executions; the first one answers with the tasks."""
    if not plan.starts:
        return []
    begun_ms, lease_ms = plan.now_ms, plan.now_ms + LEASE_MS
    rows = [
        (name, start.office.id, start.entry.task, begun_ms, lease_ms)
        for name, start in zip(names, plan.starts, strict=True)
    ]
    return [tasks.admit([start.entry.task for start in plan.starts]), executions.begin(rows)]


def _figures(plan: Plan) -> list[Statement]:
    """Write what the plan counted: batches, turns, usage; and the leases that go on."""
    found = [executions.renew(plan.renewed)] if plan.renewed else []
    moved, counted = [], []
    for id_, (_, batch) in plan.batches.items():
        if batch.plan.stands() == batch.figures.stands():
            counted.append((id_, *batch.plan.counts()))
        else:
            moved.append((id_, *batch.plan.columns()))
    if moved:
        found.append(batches.move(moved))
    if counted:
        found.append(batches.count(counted))
    over = {office.id: office.plan.turn for office, batch in plan.batches.values() if batch.plan.ended}
    if over:
        found.append(offices.write_turns(list(over.items())))
    if plan.counted:
        months = {office.account: office.plan.month for office in plan.offices.values()}
        found.append(
            usage.count([(account, months[account], count) for account, count in plan.counted.items()])
        )
    return found


def _check_ends(plan: Plan, answer: Sequence[Row]) -> None:
    if len(answer) == len(plan.judged):
        return
    written = {id_ for (id_,) in answer}
    refused = [judged.end.running for judged in plan.judged if judged.end.running.id not in written]
    raise OutOfStepError(
        f"expected {len(plan.judged)} running executions, {len(refused)} were not",
        {running.office for running in refused},
    )


def _admitted(plan: Plan, answer: Sequence[Row]) -> dict[str, Row]:
    admitted = {row[0]: row for row in answer}
    missing = {start.office.id for start in plan.starts if start.entry.task not in admitted}
    if missing:
        raise OutOfStepError(f"expected {len(plan.starts)} waiting tasks, got {len(admitted)}", missing)
    return admitted


def _execution_end(end: End) -> Row:
    running, outcome = end.running, end.outcome
    return (
        running.id, running.fence, outcome.state.value, end.at_ms, outcome.reason or "", outcome.message or "",
    )  # fmt: skip


def _task_end(judged: Judged) -> Row:
    running, said = judged.end.running, judged.verdict
    return (
        running.task, running.fence, said.state.value, said.attempt, said.losses, said.ready_ms or 0,
        said.reason or "", said.message or "",
    )  # fmt: skip


def _begun(plan: Plan, start: Start, name: str, row: Row) -> tuple[Running, Work]:
    office, batch = start.office, start.batch
    task, title, input_, attempt, fence, losses = row
    each_ms = batch.plan.each_ms
    running = Running(
        id=name, fence=fence, task=task, office=office.id, batch=batch, title=title, attempt=attempt,
        losses=losses, position=start.entry.position, started_ms=plan.now_ms,
        estimate_ms=None if each_ms is None else round(each_ms), turn_ms=start.turn_ms,
        lease_ms=plan.elapsed_ms + LEASE_MS, written_ms=plan.elapsed_ms + LEASE_MS,
        timeout_ms=plan.elapsed_ms + batch.timeout_ms,
    )  # fmt: skip
    work = Work(
        execution=name, fence=fence, task=task, batch=batch.id, office=office.id, account=office.account,
        kind=batch.kind, params=batch.params, title=title, input=input_, attempt=attempt, attempts=batch.attempts,
        timeout_ms=batch.timeout_ms,
    )  # fmt: skip
    return running, work
