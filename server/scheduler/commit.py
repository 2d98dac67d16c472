"""A plan becomes rows: one statement for each kind of change, whatever their number."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from server.model import TaskState, Work
from server.scheduler.index import Index, Running
from server.scheduler.plan import End, Judged, Plan
from server.scheduler.window import Entry, entries_wanted
from server.store import batches, executions, offices, tasks, usage
from server.store.ids import Ids
from server.store.statements import Row

WINDOWS_MAX = 256


class OutOfStepError(Exception):
    """Rows are not what the index says: a defect, or a commit whose answer was lost. The office is read again."""

    def __init__(self, message: str, offices: set[str]) -> None:
        super().__init__(message)
        self.offices = offices


async def read_windows(conn: AsyncConnection, index: Index) -> None:
    """Read the next waiting tasks of batches whose windows run low. Before the cycle's own changes."""
    names = list(index.hungry)[:WINDOWS_MAX]
    if not names:
        return
    hungry = [index.hungry.pop(name) for name in names]
    most = max(entries_wanted(office.slots) for office, _ in hungry)
    firsts = [(batch.id, batch.window.first) for _, batch in hungry]
    # Those that are left in the window lie before `first`, so nothing is read twice.
    found: dict[str, list[Entry]] = {name: [] for name in names}
    for batch_id, position, task, counted in await tasks.windows(conn, firsts, most):
        found[batch_id].append(Entry(position, task, bool(counted)))
    for office, batch in hungry:
        batch.window.fill(found[batch.id], most)
        index.offer(office, batch)
        index.offer_office(office)


async def write_ends(conn: AsyncConnection, plan: Plan, ends: Sequence[End]) -> None:
    """End executions and their tasks, each under its fence.

    Raises:
        OutOfStepError: some no longer ran, or under another fence.
    """
    if not ends:
        return
    written = await executions.end(conn, [_execution_end(end) for end in ends])
    refused = [end for end in ends if end.running.id not in written]
    if refused:
        raise OutOfStepError(
            f"expected {len(ends)} running executions, {len(refused)} were not",
            {end.running.office for end in refused},
        )
    plan.end(ends)
    await tasks.end(conn, [_task_end(judged) for judged in plan.judged])
    results: list[dict[str, str | bytes]] = [
        {"task": end.running.task, "execution": end.running.id, "body": end.outcome.result}
        for judged in plan.judged
        if (end := judged.end).outcome.result is not None and judged.verdict.state is TaskState.DONE
    ]
    if results:
        await tasks.store_results(conn, results)


async def write_starts(conn: AsyncConnection, plan: Plan, ids: Ids) -> list[tuple[Running, Work]]:
    """Make the plan's admissions running, and return what is to be carried out once that is committed.

    Raises:
        OutOfStepError: a task did not wait any more.
    """
    if not plan.starts:
        return []
    admitted = {row[0]: row for row in await tasks.admit(conn, [start.entry.task for start in plan.starts])}
    missing = {start.office.id for start in plan.starts if start.entry.task not in admitted}
    if missing:
        raise OutOfStepError(f"expected {len(plan.starts)} waiting tasks, got {len(admitted)}", missing)
    begun = [
        _begun(plan, number, admitted[start.entry.task], ids) for number, start in enumerate(plan.starts)
    ]
    await executions.begin(
        conn,
        [
            {
                "id": running.id, "task": running.task, "batch": running.batch.id, "office": running.office,
                "attempt": running.attempt, "fence": running.fence, "started_ms": running.started_ms,
            }
            for running, _ in begun
        ],
    )  # fmt: skip
    return begun


async def write_figures(conn: AsyncConnection, plan: Plan) -> None:
    """Write what the plan counted: batches, turns, usage."""
    if plan.batches:
        await batches.move(conn, [(id_, *batch.plan.columns()) for id_, (_, batch) in plan.batches.items()])
    if plan.starts:
        starting = {start.office.id: start.office.plan.turn for start in plan.starts}
        await offices.write_turns(conn, list(starting.items()))
    if plan.counted:
        months = {office.account: office.plan.month for office in plan.offices.values()}
        await usage.count(
            conn, [(account, months[account], tasks_) for account, tasks_ in plan.counted.items()]
        )


def _execution_end(end: End) -> Row:
    running, outcome = end.running, end.outcome
    return running.id, running.fence, outcome.state, end.at_ms, outcome.reason, outcome.message


def _task_end(judged: Judged) -> Row:
    running, said = judged.end.running, judged.verdict
    return (
        running.task, running.fence, said.state, said.attempt, said.losses, said.ready_ms, said.reason, said.message,
    )  # fmt: skip


def _begun(plan: Plan, number: int, row: Row, ids: Ids) -> tuple[Running, Work]:
    start = plan.starts[number]
    office, batch = start.office, start.batch
    task, title, input_, attempt, fence, losses = row
    each_ms = batch.plan.each_ms
    running = Running(
        id=ids.new(), fence=fence, task=task, office=office.id, batch=batch, title=title, attempt=attempt,
        losses=losses, position=start.entry.position, started_ms=plan.now_ms,
        estimate_ms=None if each_ms is None else round(each_ms),
    )  # fmt: skip
    work = Work(
        execution=running.id, fence=fence, task=task, batch=batch.id, office=office.id, account=office.account,
        kind=batch.kind, params=batch.params, title=title, input=input_, attempt=attempt, attempts=batch.attempts,
        timeout_ms=batch.timeout_ms,
    )  # fmt: skip
    return running, work
