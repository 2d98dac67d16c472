"""Executions as rows: one attempt each, under a fence; an end is written exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.database import Database
from server.store.statements import Row, Statement, fetch, packed

# The task is running already, under the fence and attempt of this execution.
BEGIN = """
WITH given (id, office, task, started_ms, lease_ms) AS (VALUES :rows)
INSERT INTO executions (id, task, batch, office, attempt, fence, state, started_ms, lease_ms)
SELECT given.id, t.id, t.batch, given.office, t.attempt, t.fence, 'running', given.started_ms, given.lease_ms
FROM given JOIN tasks AS t ON t.id = given.task
"""
# Whoever comes second changes nothing.
END = """
WITH given (id, fence, state, ended_ms, reason, message) AS (VALUES :rows)
UPDATE executions SET state = given.state, ended_ms = given.ended_ms,
  reason = nullif(given.reason, ''), message = nullif(given.message, '')
FROM given WHERE executions.id = given.id AND executions.fence = given.fence AND executions.state = 'running'
RETURNING id
"""
RENEW = """
WITH given (id, lease_ms) AS (VALUES :rows)
UPDATE executions SET lease_ms = given.lease_ms
FROM given WHERE executions.id = given.id AND executions.state = 'running'
"""
RUNNING = """
SELECT e.id, e.fence, e.task, e.batch, e.office, e.attempt, e.started_ms, t.title, t.losses, t.cancelling, t.position
FROM executions AS e JOIN tasks AS t ON t.id = e.task
WHERE e.state = 'running' AND e.office IN (SELECT value FROM json_each(:offices))
ORDER BY e.started_ms, e.id
"""
COUNT = """
SELECT office, count(*) FROM executions
WHERE state = 'running' AND office IN (SELECT value FROM json_each(:offices)) GROUP BY office
"""
TOKENS = "SELECT id, fence FROM executions WHERE state = 'running'"
STANDING = "SELECT fence, state FROM executions WHERE id = :execution AND office = :office"
STATES = """
SELECT e.id, e.state, e.reason, e.ended_ms, t.ready_ms FROM executions AS e JOIN tasks AS t ON t.id = e.task
WHERE e.id IN (SELECT value FROM json_each(:executions))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExecutionRow:
    """A running execution and what is to be known of its task."""

    id: str
    fence: int
    task: str
    batch: str
    office: str
    attempt: int
    started_ms: int
    title: str
    losses: int
    cancelling: bool
    position: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EndedRow:
    """How an execution ended, as written; `ready_ms` is when its task is tried again."""

    id: str
    state: str
    reason: str | None
    ended_ms: int | None
    ready_ms: int | None


def begin(starts: Sequence[Row]) -> Statement:
    """Insert executions of tasks that were made running just before: each is (id, office, task, started_ms, lease_ms)."""
    return Statement(text=BEGIN, rows=starts)


def renew(leases: Sequence[tuple[str, int]]) -> Statement:
    """Write how long leases last now: each is (id, lease_ms)."""
    return Statement(text=RENEW, rows=leases)


def end(ends: Sequence[Row]) -> Statement:
    """End executions that still run under their fence; answers with the ids of those that did.

    Each end is (id, fence, state, ended_ms, reason or '', message or '').
    """
    return Statement(text=END, rows=ends)


async def running(conn: AsyncConnection, offices: list[str]) -> list[ExecutionRow]:
    """Read what runs in some offices, oldest first."""
    names = tuple(ExecutionRow.__dataclass_fields__)
    return [
        ExecutionRow(**dict(zip(names, row, strict=True)))
        for row in await fetch(conn, RUNNING, offices=packed(offices))
    ]


async def running_counts(conn: AsyncConnection, offices: list[str]) -> dict[str, int]:
    """Count what runs, by office; those where nothing runs are absent."""
    return dict(await fetch(conn, COUNT, offices=packed(offices)))


async def ended(conn: AsyncConnection, ids: list[str]) -> list[EndedRow]:
    """Read how some executions stand."""
    return [
        EndedRow(id=id_, state=state, reason=reason, ended_ms=ended_ms, ready_ms=ready_ms)
        for id_, state, reason, ended_ms, ready_ms in await fetch(conn, STATES, executions=packed(ids))
    ]


async def standing(conn: AsyncConnection, office: str, execution: str) -> tuple[int, str] | None:
    """Read the fence and state of one execution of an office; None: there is none."""
    found = await fetch(conn, STANDING, execution=execution, office=office)
    return (found[0][0], found[0][1]) if found else None


async def running_tokens(db: Database) -> set[str]:
    """Return the fencing tokens, `id.fence`, of all that rows say is running.

    After a crash these are the bodies that may have outlived their process: end them before the scheduler starts.
    """
    async with db.read() as conn:
        return {f"{id_}.{fence}" for id_, fence in await fetch(conn, TOKENS)}
