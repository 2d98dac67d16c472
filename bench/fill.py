"""Rows that go into a store directly, because there are too many to hand in: long queues, long histories."""

import json
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from bench.bodies import RESULT
from bench.stores import office_of, writing

DAY_MS = 86_400_000
COUNTED = "WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < :count)"
BATCH = """
INSERT INTO batches (id, office, name, kind, params, state, attempts, timeout_ms, ordinal, turn, total, waiting, done,
  measured, spent_ms, created_ms, started_ms, ended_ms)
VALUES (:batch, :office, 'a list', 'python', :params, :state, 1, 1200000, :ordinal, :turn, :count, :waiting, :done,
  :done, :done * 1000, :created_ms, :started_ms, :ended_ms)
"""
TASKS = f"""{COUNTED}
INSERT INTO tasks (id, batch, position, title, state, attempt, fence, counted, input)
SELECT :batch || printf('%06d', n), :batch, n, 'Task ' || n, :task_state, :attempt, :attempt, :attempt,
  cast('{{"n":"' || n || '"}}' AS BLOB)
FROM counted
"""
EXECUTIONS = f"""{COUNTED}
INSERT INTO executions (id, task, batch, office, attempt, fence, state, started_ms, ended_ms)
SELECT 'x' || :batch || printf('%06d', n), :batch || printf('%06d', n), :batch, :office, 1, 1, 'done',
  :started_ms + n, :started_ms + n + 1000
FROM counted
"""
RESULTS = f"""{COUNTED}
INSERT INTO results (task, execution, body)
SELECT :batch || printf('%06d', n), 'x' || :batch || printf('%06d', n), :body FROM counted
"""
OFFICE = "UPDATE offices SET batches = batches + :batches, turn = turn + :batches WHERE id = :office"


@dataclass(frozen=True, kw_only=True)
class Filling:
    """So many batches of so many tasks, in one office."""

    office: int
    batches: int
    tasks: int
    body: str


def queue_up(data: Path, fillings: list[Filling]) -> None:
    """Let tasks wait, as if they had been handed in a moment ago."""
    with writing(data) as connection:
        for filling in fillings:
            _fill(connection, filling, over=False)


def live_through(data: Path, fillings: list[Filling]) -> None:
    """Let tasks be done since a day, with their executions and results."""
    with writing(data) as connection:
        for filling in fillings:
            _fill(connection, filling, over=True)


def _fill(connection: sqlite3.Connection, filling: Filling, *, over: bool) -> None:
    now_ms, office, count = round(time.time() * 1000), office_of(filling.office), filling.tasks
    for ordinal in range(filling.batches):
        given = {
            "batch": f"{filling.office:03}{ordinal:03}", "office": office, "params": json.dumps({"name": filling.body}),
            "state": "done" if over else "queued", "ordinal": ordinal, "turn": ordinal + 1, "count": count,
            "waiting": 0 if over else count, "done": count if over else 0,
            "created_ms": now_ms - DAY_MS * 2 if over else now_ms,
            "started_ms": now_ms - DAY_MS * 2 if over else None, "ended_ms": now_ms - DAY_MS if over else None,
            "task_state": "done" if over else "waiting", "attempt": 1 if over else 0,
            "body": json.dumps(RESULT, separators=(",", ":")).encode(),
        }  # fmt: skip
        for statement in (BATCH, TASKS, *((EXECUTIONS, RESULTS) if over else ())):
            connection.execute(statement, given)
    connection.execute(OFFICE, {"office": office, "batches": filling.batches})
