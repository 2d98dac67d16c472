"""What is not kept for ever: inputs, results and titles of batches that ended long ago, and old rows of the audit log.

Counts, states, durations and the batch's own name stay: a batch without its content still says how it went.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.ids import first_id
from server.store.statements import Statement, carry_out, fetch, packed

tasks_at_once = 200
deeds_at_once = 500
DAY_MS = 86_400_000

DUE = """
SELECT b.id FROM accounts AS a JOIN offices AS o ON o.account = a.id JOIN batches AS b ON b.office = o.id
WHERE a.keep_results IS NOT NULL AND b.cleared_ms IS NULL AND b.ended_ms <= :now_ms - a.keep_results * :day_ms LIMIT 1
"""
TASKS = """
SELECT id, position FROM tasks WHERE batch = :batch AND position > :after ORDER BY position LIMIT :limit
"""
EXECUTIONS = "SELECT id FROM executions WHERE task IN (SELECT value FROM json_each(:tasks))"
CLEAR = (
    "DELETE FROM results WHERE task IN (SELECT value FROM json_each(:tasks))",
    "UPDATE executions SET message = NULL WHERE task IN (SELECT value FROM json_each(:tasks))",
    """
    UPDATE tasks SET input = CAST('{}' AS BLOB), title = 'Task ' || (position + 1), key = NULL, message = NULL
    WHERE id IN (SELECT value FROM json_each(:tasks))
    """,
)
CLEARED = "UPDATE batches SET cleared_ms = :now_ms WHERE id = :batch"
WHEN = "SELECT cleared_ms FROM batches WHERE id = :batch AND cleared_ms IS NOT NULL"
DROP_DEEDS = """
DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < :below ORDER BY id LIMIT :limit) RETURNING 1
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Some:
    """Some tasks of a batch, with all their executions; `last` is the position of the last one."""

    tasks: Sequence[str]
    executions: Sequence[str]
    last: int


async def batch_due(conn: AsyncConnection, now_ms: int) -> str | None:
    """Read a batch whose content its account does not wish to keep any longer; None: there is none."""
    found = await fetch(conn, DUE, now_ms=now_ms, day_ms=DAY_MS)
    return found[0][0] if found else None


async def some_of(conn: AsyncConnection, batch: str, after: int) -> Some | None:
    """Read some tasks of a batch behind a position; None: there are no more."""
    rows = await fetch(conn, TASKS, batch=batch, after=after, limit=tasks_at_once)
    if not rows:
        return None
    tasks = [task for task, _ in rows]
    executions = [execution for (execution,) in await fetch(conn, EXECUTIONS, tasks=packed(tasks))]
    return Some(tasks=tasks, executions=executions, last=rows[-1][1])


async def clear_tasks(conn: AsyncConnection, tasks: Sequence[str]) -> None:
    """Take the content of tasks away."""
    values = {"tasks": packed(tasks)}
    await carry_out(conn, [Statement(text=text, values=values) for text in CLEAR])


async def write_cleared(conn: AsyncConnection, batch: str, now_ms: int) -> None:
    """Write down that a batch has no content any more."""
    await fetch(conn, CLEARED, batch=batch, now_ms=now_ms)


async def cleared_ms(conn: AsyncConnection, batch: str) -> int | None:
    """Since when a batch has no content any more; None: it has."""
    found = await fetch(conn, WHEN, batch=batch)
    return found[0][0] if found else None


async def drop_old_deeds(conn: AsyncConnection, before_ms: int) -> bool:
    """Delete some rows of the audit log that are older than a moment; says whether more may be left."""
    found = await fetch(conn, DROP_DEEDS, below=first_id(before_ms), limit=deeds_at_once)
    return len(found) == deeds_at_once
