"""What people read of batches and tasks: page by page, each page from one snapshot, in an order that stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, and_, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import NotFoundError
from server.model import BatchState, ExecutionState, TaskState
from server.store.batches import BatchRow, Pace, read_row
from server.store.tables import batches, executions, results, tasks
from server.store.whys import why_of

STEP = 50
PAGE_BYTES_MAX = 4 * 1024 * 1024

_BATCH = [
    batches.c["ordinal" if name == "order" else name]
    for name in (*BatchRow.__dataclass_fields__, *Pace.__dataclass_fields__)
    if name != "eta_ms"
]
_TASK = (
    tasks.c.id, tasks.c.batch, tasks.c.position, tasks.c.title, tasks.c.key, tasks.c.state,
    tasks.c.attempt, tasks.c.reason, tasks.c.message, tasks.c.ready_ms, tasks.c.input, results.c.body,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class ExecutionRecord:
    """One attempt at a task."""

    id: str
    attempt: int
    state: ExecutionState
    started_ms: int
    ended_ms: int | None
    reason: str | None
    message: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskRecord:
    """A task as people see it. `input` and `result` are JSON text; `attempts` were used; it waits until `ready_ms`."""

    id: str
    batch: str
    position: int
    title: str
    key: str | None
    state: TaskState
    attempts: int
    reason: str | None
    message: str | None
    ready_ms: int | None
    input: bytes
    result: bytes | None
    executions: tuple[ExecutionRecord, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskFilter:
    """Which tasks of an office; None: all. `words` are looked for in titles, whatever their case; `why`: see whys.py."""

    batch: str | None = None
    state: TaskState | None = None
    words: str | None = None
    why: str | None = None


async def batches_page(
    conn: AsyncConnection,
    office: str,
    *,
    limit: int,
    after: str | None = None,
    states: Sequence[BatchState] = (),
    words: str | None = None,
) -> list[BatchRow]:
    """Read up to `limit` batches that have arrived, the newest first, from below the id `after` on."""
    query = select(*_BATCH).where(batches.c.office == office, batches.c.state != BatchState.ARRIVING)
    if after is not None:
        query = query.where(batches.c.id < after)
    if states:
        query = query.where(batches.c.state.in_(states))
    if words:
        query = query.where(batches.c.name.icontains(words, autoescape=True))
    rows = await conn.execute(query.order_by(batches.c.id.desc()).limit(limit))
    return [read_row(tuple(row))[0] for row in rows]


async def tasks_page(
    conn: AsyncConnection,
    office: str,
    wanted: TaskFilter,
    *,
    limit: int,
    after: tuple[str, int] | None = None,
) -> list[TaskRecord]:
    """Read tasks with their executions: newest batch first, within it in the order of the list, after (batch, position).

    Up to `limit` of them, fewer where they are so large that a page would weigh more than PAGE_BYTES_MAX.
    """
    found: list[TaskRecord] = []
    weight = 0
    while len(found) < limit and weight < PAGE_BYTES_MAX:
        most = min(STEP, limit - len(found))
        step = await task_records(conn, office, wanted, limit=most, after=after)
        found += step
        weight += sum(len(task.input) + len(task.result or b"") for task in step)
        if len(step) < most:
            break
        after = (step[-1].batch, step[-1].position)
    return await _with_executions(conn, found)


async def task_records(
    conn: AsyncConnection,
    office: str,
    wanted: TaskFilter,
    *,
    limit: int,
    after: tuple[str, int] | None = None,
) -> list[TaskRecord]:
    """Read tasks as `tasks_page` does, without executions and whatever they weigh."""
    query = _tasks_of(office).where(*_conditions(wanted, after))
    rows = await conn.execute(query.order_by(batches.c.id.desc(), tasks.c.position).limit(limit))
    return [_task(tuple(row)) for row in rows]


async def task_record(conn: AsyncConnection, office: str, task: str) -> TaskRecord:
    """Read one task with all its executions.

    Raises:
        NotFoundError: there is none, or it is another office's.
    """
    row = (await conn.execute(_tasks_of(office).where(tasks.c.id == task))).one_or_none()
    if row is None:
        raise NotFoundError(f"task: there is no {task!r} in this office")
    (complete,) = await _with_executions(conn, [_task(tuple(row))])
    return complete


async def execution_exists(conn: AsyncConnection, office: str, execution: str) -> bool:
    """Whether this office has such an execution."""
    query = select(executions.c.id).where(executions.c.id == execution, executions.c.office == office)
    return (await conn.execute(query)).first() is not None


def _tasks_of(office: str) -> Select[tuple[object, ...]]:
    return (
        select(*_TASK)
        .select_from(batches.join(tasks, tasks.c.batch == batches.c.id).outerjoin(results))
        .where(batches.c.office == office, batches.c.state != BatchState.ARRIVING)
    )


def _conditions(wanted: TaskFilter, after: tuple[str, int] | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.batch is not None:
        conditions.append(batches.c.id == wanted.batch)
    if wanted.state is not None:
        conditions.append(tasks.c.state == wanted.state)
    if wanted.words:
        conditions.append(tasks.c.title.icontains(wanted.words, autoescape=True))
    if wanted.why:
        failed = tasks.c.state == TaskState.FAILED
        conditions += [failed, literal_column(f"({why_of('tasks')})") == wanted.why]
    if after is not None:
        batch, position = after
        later = and_(batches.c.id == batch, tasks.c.position > position)
        conditions.append(later if wanted.batch is not None else or_(batches.c.id < batch, later))
    return conditions


def _task(row: tuple[object, ...]) -> TaskRecord:
    fields = dict(zip(TaskRecord.__dataclass_fields__, row, strict=False))
    return TaskRecord(**{**fields, "state": TaskState(str(fields["state"]))})  # type: ignore[arg-type]


async def _with_executions(conn: AsyncConnection, found: Sequence[TaskRecord]) -> list[TaskRecord]:
    by_task = await _executions_of(conn, [task.id for task in found])
    return [replace(task, executions=tuple(by_task.get(task.id, ()))) for task in found]


async def _executions_of(conn: AsyncConnection, ids: Sequence[str]) -> Mapping[str, list[ExecutionRecord]]:
    columns = [executions.c[name] for name in ExecutionRecord.__dataclass_fields__]
    query = select(executions.c.task, *columns).where(executions.c.task.in_(ids))
    by_task: dict[str, list[ExecutionRecord]] = {}
    for task, *row in await conn.execute(query.order_by(executions.c.fence)):
        fields = dict(zip(ExecutionRecord.__dataclass_fields__, row, strict=True))
        record = ExecutionRecord(**{**fields, "state": ExecutionState(fields["state"])})
        by_task.setdefault(task, []).append(record)
    return by_task
