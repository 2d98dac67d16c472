"""Tasks as rows: what waits in which order, and the writes that move a task from one state to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.model import TaskState
from server.store.statements import Row, Statement, fetch, packed
from server.store.whys import why_of

# Each given row: id, position, title, key, input.
INSERT = """
INSERT INTO tasks (id, batch, position, title, key, state, input)
SELECT given.value ->> 0, :batch, given.value ->> 1, given.value ->> 2, given.value ->> 3, 'waiting',
  CAST(given.value ->> 4 AS BLOB)
FROM json_each(:tasks) AS given
"""
ADMIT = """
WITH given (id) AS (VALUES :rows)
UPDATE tasks SET state = 'running', fence = fence + 1, attempt = attempt + 1, counted = true, ready_ms = NULL
FROM given WHERE tasks.id = given.id AND tasks.state = 'waiting'
RETURNING id, title, input, attempt, fence, losses
"""
END = """
WITH given (id, fence, state, attempt, losses, ready_ms, reason, message) AS (VALUES :rows)
UPDATE tasks SET state = given.state, attempt = given.attempt, losses = given.losses,
  ready_ms = nullif(given.ready_ms, 0), reason = nullif(given.reason, ''), message = nullif(given.message, ''),
  cancelling = false
FROM given WHERE tasks.id = given.id AND tasks.fence = given.fence AND tasks.state = 'running'
"""
RESULT = """
INSERT INTO results (task, execution, body) VALUES :rows
ON CONFLICT (task) DO UPDATE SET execution = excluded.execution, body = excluded.body
"""
# Each given row: batch, first position. A task in backoff has ready_ms and is not among these.
WINDOW = """
SELECT t.batch, t.position, t.id, t.counted
FROM json_each(:windows) AS given
JOIN tasks AS t ON t.id IN (
  SELECT n.id FROM tasks AS n
  WHERE n.batch = given.value ->> 0 AND n.state = 'waiting' AND n.position >= given.value ->> 1
    AND n.ready_ms IS NULL
  ORDER BY n.position LIMIT :most)
ORDER BY t.batch, t.position
"""
# Only a waiting task has ready_ms.
BACKOFFS = """
SELECT batch, position, id, ready_ms FROM tasks
WHERE ready_ms > 0 AND batch IN (SELECT value FROM json_each(:batches))
"""
READ = """
SELECT t.id, t.batch, t.position, t.state, t.attempt, t.counted
FROM tasks AS t JOIN batches AS b ON b.id = t.batch
WHERE t.id = :task AND b.office = :office AND b.state <> 'arriving'
"""
CANCEL = "UPDATE tasks SET state = 'cancelled', ready_ms = NULL WHERE id = :task AND state = 'waiting'"
CANCEL_BATCH = """
UPDATE tasks SET state = 'cancelled', ready_ms = NULL WHERE batch = :batch AND state = 'waiting'
"""
ASK = "UPDATE tasks SET cancelling = true WHERE id = :task AND state = 'running'"
ASK_BATCH = "UPDATE tasks SET cancelling = true WHERE batch = :batch AND state = 'running'"
RETRY = """
UPDATE tasks SET state = 'waiting', attempt = 0, losses = 0, ready_ms = NULL, cancelling = false,
  reason = NULL, message = NULL
WHERE id = :task AND state IN ('failed', 'cancelled')
"""
_FAILED_FOR = "batch = :batch AND state = 'failed' AND (:why = '' OR :why = WHY)".replace(
    "WHY", why_of("tasks")
)
COUNT_FAILED = "SELECT count(*) FROM tasks WHERE FAILED_FOR".replace("FAILED_FOR", _FAILED_FOR)
RETRY_BATCH = """
UPDATE tasks SET state = 'waiting', attempt = 0, losses = 0, ready_ms = NULL, cancelling = false,
  reason = NULL, message = NULL
WHERE FAILED_FOR
""".replace("FAILED_FOR", _FAILED_FOR)


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskRow:
    """What control has to know of a task."""

    id: str
    batch: str
    position: int
    state: TaskState
    attempt: int
    counted: bool


async def add(conn: AsyncConnection, batch: str, rows: Sequence[Row]) -> None:
    """Insert waiting tasks of a batch: (id, position, title, key, input as text) of each; no text may have a NUL.

    One statement, so that SQLite's thread needs nothing of Python, and keeps nobody from it, until it is through.
    """
    await fetch(conn, INSERT, batch=batch, tasks=packed(rows))


def admit(ids: list[str]) -> Statement:
    """Make waiting tasks running under their next fence: (id, title, input, attempt, fence, losses) of each that was."""
    return Statement(text=ADMIT, rows=[(id_,) for id_ in ids])


def end(ends: Sequence[Row]) -> Statement:
    """Write what ends made of tasks; the fences of their executions are checked in the same transaction.

    Each end is (id, fence, state, attempt, losses, ready_ms or 0, reason or '', message or '').
    """
    return Statement(text=END, rows=ends)


def store_results(results: Sequence[Row]) -> Statement:
    """Insert results: each is (task, execution, body)."""
    return Statement(text=RESULT, rows=results)


def windows(firsts: list[tuple[str, int]], most: int) -> Statement:
    """Read the next waiting tasks of batches from a position on: (batch, position, id, counted), in order."""
    return Statement(text=WINDOW, values={"windows": packed(firsts), "most": most})


async def backoffs(conn: AsyncConnection, batches: list[str]) -> list[Row]:
    """Read what waits for its next attempt: (batch, position, id, ready_ms)."""
    return await fetch(conn, BACKOFFS, batches=packed(batches))


async def task_row(conn: AsyncConnection, office: str, task: str) -> TaskRow | None:
    """Read one task of an office."""
    found = await fetch(conn, READ, office=office, task=task)
    if not found:
        return None
    id_, batch, position, state, attempt, counted = found[0]
    return TaskRow(
        id=id_, batch=batch, position=position, state=TaskState(state), attempt=attempt, counted=bool(counted)
    )


async def cancel(conn: AsyncConnection, task: str) -> None:
    """Cancel a task that waits."""
    await fetch(conn, CANCEL, task=task)


async def cancel_batch(conn: AsyncConnection, batch: str) -> None:
    """Cancel all that waits, and remember for all that runs that it was asked to end."""
    await fetch(conn, CANCEL_BATCH, batch=batch)
    await fetch(conn, ASK_BATCH, batch=batch)


async def ask(conn: AsyncConnection, task: str) -> None:
    """Remember that a running task was asked to end."""
    await fetch(conn, ASK, task=task)


async def retry(conn: AsyncConnection, task: str) -> None:
    """Put a failed or cancelled task back to waiting, its attempts counted anew."""
    await fetch(conn, RETRY, task=task)


async def retry_batch(conn: AsyncConnection, batch: str, why: str | None = None) -> int:
    """Put the failed tasks of a batch, or those that failed for this one, back to waiting; returns how many there were."""
    ((count,),) = await fetch(conn, COUNT_FAILED, batch=batch, why=why or "")
    await fetch(conn, RETRY_BATCH, batch=batch, why=why or "")
    return int(count)
