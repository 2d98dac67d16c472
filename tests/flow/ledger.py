"""What must hold in the rows of a killed server, read from its SQLite file without it, and in what its bodies left."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Each question lists what breaks a promise: its answer is to be empty.
BROKEN: Mapping[str, str] = {
    "a batch's figures differ from its tasks": """
        SELECT b.id, b.total, b.waiting, b.running, b.done, b.failed, b.cancelled,
          count(t.id) AS tasks, sum(t.state = 'waiting'), sum(t.state = 'running'), sum(t.state = 'done'),
          sum(t.state = 'failed'), sum(t.state = 'cancelled')
        FROM batches AS b JOIN tasks AS t ON t.batch = b.id WHERE b.state <> 'arriving' GROUP BY b.id
        HAVING (b.total, b.waiting, b.running, b.done, b.failed, b.cancelled) <> (count(t.id),
          sum(t.state = 'waiting'), sum(t.state = 'running'), sum(t.state = 'done'), sum(t.state = 'failed'),
          sum(t.state = 'cancelled'))""",
    "a batch has no tasks at all": """
        SELECT id FROM batches WHERE state <> 'arriving' AND id NOT IN (SELECT batch FROM tasks)""",
    "a task ended twice": """
        SELECT task, count(*) FROM executions WHERE state = 'done' GROUP BY task HAVING count(*) > 1""",
    "a fence was given twice": """
        SELECT task, fence, count(*) FROM executions GROUP BY task, fence HAVING count(*) > 1""",
    "a running task has not exactly one running execution, under its fence": """
        SELECT t.id FROM tasks AS t LEFT JOIN executions AS e ON e.task = t.id AND e.state = 'running'
        WHERE t.state = 'running' GROUP BY t.id HAVING count(e.id) <> 1 OR max(e.fence) <> t.fence""",
    "an execution runs though its task does not": """
        SELECT e.id FROM executions AS e JOIN tasks AS t ON t.id = e.task
        WHERE e.state = 'running' AND t.state <> 'running'""",
    "a done task has no result of a done execution, or another one has": """
        SELECT t.id, t.state FROM tasks AS t LEFT JOIN results AS r ON r.task = t.id
          LEFT JOIN executions AS e ON e.id = r.execution AND e.state = 'done'
        WHERE (t.state = 'done') <> (e.id IS NOT NULL)""",
    "a task that began was not counted, or one that did not was": """
        SELECT t.id FROM tasks AS t WHERE t.counted <> (t.fence > 0)""",
}

# The file itself keeps a diary of what is to happen once at most; the server knows nothing of it.
DIARY = """
CREATE TABLE diary (what TEXT NOT NULL, id TEXT NOT NULL);
CREATE TRIGGER diary_end AFTER UPDATE OF state ON executions WHEN new.state <> 'running'
BEGIN INSERT INTO diary VALUES ('end', new.id); END;
CREATE TRIGGER diary_done AFTER UPDATE OF state ON tasks WHEN new.state = 'done'
BEGIN INSERT INTO diary VALUES ('done', new.id); END;
CREATE TRIGGER diary_count AFTER UPDATE OF counted ON tasks WHEN new.counted AND NOT old.counted
BEGIN INSERT INTO diary VALUES ('count', new.id); END;
CREATE TRIGGER diary_undone AFTER UPDATE OF state ON tasks WHEN old.state = 'done'
BEGIN INSERT INTO diary VALUES ('done', old.id); END;
CREATE TRIGGER diary_result AFTER UPDATE ON results
BEGIN INSERT INTO diary VALUES ('done', new.task); END;
"""
TWICE = "SELECT what, id, count(*) FROM diary GROUP BY what, id HAVING count(*) > 1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a body: `begin`, `beat` or `end` of an execution."""

    what: str
    task: str
    execution: str
    fence: int


class Ledger:
    """A data folder's rows, by a connection that is not the server's."""

    def __init__(self, data: Path) -> None:
        self._file = data / "tendesks.sqlite3"

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def number(self, sql: str, *values: Any) -> int:
        return int(self.rows(sql, *values)[0][0] or 0)

    def begin(self, used: int) -> None:
        """Begin the diary, and have some of the month's quota used. Only for a folder that nobody serves."""
        connection = sqlite3.connect(self._file, timeout=20)
        connection.executescript(DIARY)
        connection.execute("INSERT INTO usage SELECT id, strftime('%Y-%m', 'now'), ? FROM accounts", (used,))
        connection.commit()
        connection.close()

    def broken(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the promises that do not hold, with up to three witnesses each."""
        found = {name: self.rows(f"{sql} LIMIT 3") for name, sql in BROKEN.items()}
        found["something happened twice"] = self.rows(f"{TWICE} LIMIT 3")
        found["the file is damaged"] = [row for row in self.rows("PRAGMA quick_check(3)") if row != ("ok",)]
        return {name: rows for name, rows in found.items() if rows}


def read_trace(trace: Path) -> list[Line]:
    """Read what bodies appended, in the order in which they did so."""
    lines = []
    for text in trace.read_text().splitlines() if trace.exists() else ():
        what, task, token = text.split()
        execution, fence = token.rsplit(".", 1)
        lines.append(Line(what=what, task=task, execution=execution, fence=int(fence)))
    return lines


def beside_successors(lines: Iterable[Line]) -> list[Line]:
    """Return what bodies wrote after a successor of theirs had begun: there must be nothing."""
    newest: dict[str, int] = defaultdict(int)
    late = []
    for line in lines:
        if line.fence < newest[line.task]:
            late.append(line)
        newest[line.task] = max(newest[line.task], line.fence)
    return late


def begun_twice(lines: Iterable[Line]) -> list[Line]:
    """Return the second beginnings under one fence: there must be none."""
    seen: set[tuple[str, int]] = set()
    twice = []
    for line in lines:
        if line.what == "begin":
            if (line.execution, line.fence) in seen:
                twice.append(line)
            seen.add((line.execution, line.fence))
    return twice
