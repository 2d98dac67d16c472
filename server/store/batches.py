"""Batches as rows: the record that other parts read, and the writes of the scheduler."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import NotFoundError
from server.model import BatchState, Blocked
from server.store.database import Database
from server.store.statements import Row, Statement, fetch, packed

_COLUMNS = (
    "id, office, name, kind, params, state, blocked, until_ms, reason, cancelling, priority, slots, attempts, timeout_ms, "
    "ordinal, total, waiting, running, done, failed, cancelled, created_ms, started_ms, ended_ms, cleared_ms, "
    "turn, measured, spent_ms, squares"
)
READ = f"SELECT {_COLUMNS} FROM batches WHERE id = :batch AND office = :office AND state <> 'arriving'"  # noqa: S608
SHOWN = f"""
SELECT {_COLUMNS} FROM batches
WHERE office IN (SELECT value FROM json_each(:offices)) AND ended_ms IS NULL AND state <> 'arriving'
UNION ALL
SELECT {_COLUMNS} FROM batches
WHERE office IN (SELECT value FROM json_each(:offices)) AND ended_ms > :after
ORDER BY id
"""  # noqa: S608
ADD = """
INSERT INTO batches (id, office, name, kind, params, state, priority, slots, attempts, timeout_ms, ordinal, turn,
  total, waiting, created_ms)
VALUES (:id, :office, :name, :kind, :params, :state, :priority, :slots, :attempts, :timeout_ms, :order, :turn,
  :total, :total, :created_ms)
"""
ARRIVED = """
UPDATE batches SET state = 'queued', ordinal = :order, turn = :turn, total = :total, waiting = :total WHERE id = :batch
"""
MOVE = """
WITH given (id, state, blocked, until_ms, reason, cancelling, turn, total, waiting, running, done, failed, cancelled,
  started_ms, ended_ms, measured, spent_ms, squares) AS (VALUES :rows)
UPDATE batches SET state = given.state, blocked = given.blocked, until_ms = given.until_ms, reason = given.reason,
  cancelling = given.cancelling, turn = given.turn, total = given.total, waiting = given.waiting,
  running = given.running, done = given.done, failed = given.failed, cancelled = given.cancelled,
  started_ms = given.started_ms, ended_ms = given.ended_ms, measured = given.measured, spent_ms = given.spent_ms,
  squares = given.squares
FROM given WHERE batches.id = given.id
"""
# No index knows these columns, so this costs half as much as MOVE.
COUNT = """
WITH given (id, state, turn, waiting, running, done, failed, cancelled, measured, spent_ms, squares) AS (VALUES :rows)
UPDATE batches SET state = given.state, turn = given.turn, waiting = given.waiting, running = given.running,
  done = given.done, failed = given.failed, cancelled = given.cancelled, measured = given.measured,
  spent_ms = given.spent_ms, squares = given.squares
FROM given WHERE batches.id = given.id
"""
PATCH = "UPDATE batches SET name = :name, priority = :priority, slots = :slots WHERE id = :batch"
DROP_TASKS = """
DELETE FROM tasks WHERE id IN (
  SELECT t.id FROM tasks AS t JOIN batches AS b ON b.id = t.batch
  WHERE b.id = :batch AND b.state = 'arriving' LIMIT 1000)
RETURNING 1
"""
DROP = "DELETE FROM batches WHERE id = :batch AND state = 'arriving'"
ARRIVING = "SELECT id FROM batches WHERE ended_ms IS NULL AND state = 'arriving'"
HAS = "SELECT 1 FROM batches WHERE office = :office LIMIT 1"


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchRow:
    """One batch with all its figures; total = waiting + running + done + failed + cancelled.

    `order` counts the office's batches from 0. `reason` is the sentence with which the server paused it; since `cleared_ms` its content is gone. `cancelling`: cancelled, but something still runs. `eta_ms` (the
    moments by which it is done with 50 % and 90 % likelihood) is known to the scheduler only and is in no row.
    """

    id: str
    office: str
    name: str
    kind: str
    params: Mapping[str, Any]
    state: BatchState
    blocked: Blocked | None
    until_ms: int | None
    reason: str | None
    cancelling: bool
    priority: int
    slots: int | None
    attempts: int
    timeout_ms: int
    order: int
    total: int
    waiting: int
    running: int
    done: int
    failed: int
    cancelled: int
    created_ms: int
    started_ms: int | None
    ended_ms: int | None
    cleared_ms: int | None = None
    eta_ms: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """What only the scheduler needs of a batch: its turn, and how long its executions took."""

    turn: int
    measured: int
    spent_ms: int
    squares: int


_NAMES = tuple(BatchRow.__dataclass_fields__)[:-1]


def read_row(row: Row) -> tuple[BatchRow, Pace]:
    """Take a row of this file's columns apart."""
    turn, measured, spent_ms, squares = row[len(_NAMES) :]
    fields = dict(zip(_NAMES, row, strict=False))
    fields["params"] = orjson.loads(fields["params"])
    fields["state"] = BatchState(fields["state"])
    fields["blocked"] = Blocked(fields["blocked"]) if fields["blocked"] else None
    fields["cancelling"] = bool(fields["cancelling"])
    pace = Pace(turn=turn, measured=measured, spent_ms=spent_ms, squares=squares)
    return BatchRow(**fields), pace


async def batch_with_pace(conn: AsyncConnection, office: str, batch: str) -> tuple[BatchRow, Pace]:
    """Read one batch of an office, with what the scheduler needs. Raises as `batch_row` does."""
    found = await fetch(conn, READ, office=office, batch=batch)
    if not found:
        raise NotFoundError(f"batch: there is no {batch!r} in this office")
    return read_row(found[0])


async def batch_row(conn: AsyncConnection, office: str, batch: str) -> BatchRow:
    """Read one batch of an office.

    Raises:
        NotFoundError: there is none, it is another office's, or it is still arriving.
    """
    row, _ = await batch_with_pace(conn, office, batch)
    return row


async def shown_batches(
    conn: AsyncConnection, offices: list[str], ended_after_ms: int
) -> list[tuple[BatchRow, Pace]]:
    """Read the batches of some offices that have not ended, or ended after a moment; oldest first."""
    rows = await fetch(conn, SHOWN, offices=packed(offices), after=ended_after_ms)
    return [read_row(row) for row in rows]


async def add_batch(conn: AsyncConnection, row: BatchRow, *, turn: int) -> None:
    """Insert a new batch, `arriving` or complete; its figures are those of one that has not begun."""
    await fetch(
        conn, ADD, id=row.id, office=row.office, name=row.name, kind=row.kind, state=row.state,
        params=orjson.dumps(row.params).decode(), priority=row.priority, slots=row.slots, attempts=row.attempts,
        timeout_ms=row.timeout_ms, order=row.order, turn=turn, total=row.total, created_ms=row.created_ms,
    )  # fmt: skip


async def arrived(conn: AsyncConnection, batch: str, *, turn: int, order: int, total: int) -> None:
    """Make an arriving batch queued."""
    await fetch(conn, ARRIVED, batch=batch, turn=turn, order=order, total=total)


async def drop_arriving(db: Database, batch: str) -> None:
    """Delete a batch that never arrived, a thousand tasks a transaction. One that did stays as it is."""
    left = True
    while left:
        async with db.write() as tx:
            left = bool(await fetch(tx.conn, DROP_TASKS, batch=batch))
    async with db.write() as tx:
        await fetch(tx.conn, DROP, batch=batch)


async def arriving(conn: AsyncConnection) -> list[str]:
    """Return the batches whose arrival was cut short."""
    return [batch for (batch,) in await fetch(conn, ARRIVING)]


def count(counts: Sequence[Row]) -> Statement:
    """Write what changes with every start and end: each row is the id, then the columns in the order of COUNT."""
    return Statement(text=COUNT, rows=counts)


def move(moves: Sequence[Row]) -> Statement:
    """Write the figures of batches: each row is the id and then the columns in the order of MOVE."""
    return Statement(text=MOVE, rows=moves)


async def patch(conn: AsyncConnection, batch: str, *, name: str, priority: int, slots: int | None) -> None:
    """Write what a user may change of a batch."""
    await fetch(conn, PATCH, batch=batch, name=name, priority=priority, slots=slots)


async def has_batches(conn: AsyncConnection, office: str) -> bool:
    """Say whether this office ever had a batch."""
    return bool(await fetch(conn, HAS, office=office))
