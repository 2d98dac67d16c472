"""What must hold of the rows after every single commit, whoever wrote them and whatever fails around it."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from server.billing.tiers import TIERS

# Rows refuse by themselves what may never happen; the refusal is no injected error, so it is found.
GUARDS = """
CREATE TRIGGER end_once BEFORE UPDATE ON executions WHEN OLD.state <> 'running'
BEGIN SELECT RAISE(ABORT, 'an end was recorded twice'); END;
CREATE TRIGGER fence_kept BEFORE UPDATE ON executions WHEN NEW.fence <> OLD.fence
BEGIN SELECT RAISE(ABORT, 'the fence of an execution changed'); END;
CREATE TRIGGER fence_grows BEFORE UPDATE ON tasks WHEN NEW.fence < OLD.fence
BEGIN SELECT RAISE(ABORT, 'a fence went back'); END;
CREATE TRIGGER counted_once BEFORE UPDATE ON tasks WHEN NEW.counted < OLD.counted
BEGIN SELECT RAISE(ABORT, 'a task is counted no longer'); END;
CREATE TRIGGER transitions BEFORE UPDATE ON tasks WHEN NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
  VALUES ('waiting', 'running'), ('waiting', 'cancelled'), ('running', 'waiting'), ('running', 'done'),
    ('running', 'failed'), ('running', 'cancelled'), ('failed', 'waiting'), ('cancelled', 'waiting'))
BEGIN SELECT RAISE(ABORT, 'a task went where none may go'); END;
CREATE TRIGGER turn_grows BEFORE UPDATE ON offices WHEN NEW.turn < OLD.turn
BEGIN SELECT RAISE(ABORT, 'a turn was given twice'); END;
CREATE UNIQUE INDEX one_running ON executions (task) WHERE state = 'running';
CREATE UNIQUE INDEX one_fence ON executions (task, fence);
"""
COUNTS = """
SELECT b.id, b.total, b.waiting, b.running, b.done, b.failed, b.cancelled, count(t.id),
  coalesce(sum(t.state = 'waiting'), 0), coalesce(sum(t.state = 'running'), 0), coalesce(sum(t.state = 'done'), 0),
  coalesce(sum(t.state = 'failed'), 0), coalesce(sum(t.state = 'cancelled'), 0), b.state, b.ended_ms
FROM batches AS b LEFT JOIN tasks AS t ON t.batch = b.id WHERE b.state <> 'arriving' GROUP BY b.id
"""
TORN = """
SELECT 'task ' || t.id FROM tasks AS t WHERE t.state = 'running' AND NOT EXISTS (
  SELECT 1 FROM executions AS e WHERE e.task = t.id AND e.fence = t.fence AND e.state = 'running')
UNION ALL SELECT 'execution ' || e.id FROM executions AS e JOIN tasks AS t ON t.id = e.task
WHERE e.state = 'running' AND (t.state <> 'running' OR t.fence <> e.fence)
UNION ALL SELECT 'done ' || t.id FROM tasks AS t WHERE t.state = 'done' AND NOT EXISTS (
  SELECT 1 FROM executions AS e JOIN results AS r ON r.execution = e.id
  WHERE e.task = t.id AND r.task = t.id AND e.state = 'done' AND e.fence = t.fence)
UNION ALL SELECT 'twice done ' || task FROM executions WHERE state = 'done' GROUP BY task HAVING count(*) > 1
"""
# What a task has been through: neither what was lost nor what was put back counts as an attempt.
TRIED = """
SELECT t.id, t.state, t.attempt, t.losses, sum(e.state IN ('running', 'done', 'failed')), sum(e.state = 'lost')
FROM tasks AS t JOIN executions AS e ON e.task = t.id WHERE t.state <> 'cancelled' GROUP BY t.id
HAVING t.attempt > sum(e.state IN ('running', 'done', 'failed')) OR t.losses > sum(e.state = 'lost')
  OR (t.losses >= 3 AND t.state <> 'failed') OR t.attempt < 0
"""
# What keeps a batch waiting is always said, and nothing else is.
UNSAID = """
SELECT id, state, waiting, running, blocked, until_ms, reason, cancelling FROM batches WHERE state <> 'arriving' AND (
  (state = 'waiting') <> (blocked IS NOT NULL AND running = 0) OR (blocked IS NULL) <> (until_ms IS NULL)
  OR (blocked IS NOT NULL AND (waiting = 0 OR state = 'paused')) OR (reason IS NOT NULL AND state <> 'paused')
  OR blocked NOT IN ('quota', 'ratelimit'))
"""
# The server pauses a batch after ten equal failures, and says how many there were.
HASTY = """
SELECT b.id, b.reason, count(e.id) FROM batches AS b LEFT JOIN executions AS e ON e.batch = b.id AND e.state = 'failed'
WHERE b.reason LIKE '% equal failures in a row: %' GROUP BY b.id HAVING count(e.id) < max(10, CAST(b.reason AS INTEGER))
"""
USED = """
SELECT a.id, (SELECT coalesce(sum(u.used), 0) FROM usage AS u WHERE u.account = a.id),
  (SELECT count(*) FROM tasks AS t JOIN batches AS b ON b.id = t.batch JOIN offices AS o ON o.id = b.office
   WHERE o.account = a.id AND t.counted)
FROM accounts AS a
"""
STARTED = """
SELECT DISTINCT e.office, e.batch, a.tier, a.slots, b.slots,
  (SELECT count(*) FROM executions AS n WHERE n.state = 'running' AND n.office = e.office),
  (SELECT count(*) FROM executions AS n WHERE n.state = 'running' AND n.batch = e.batch)
FROM executions AS e JOIN offices AS o ON o.id = e.office JOIN accounts AS a ON a.id = o.account
JOIN batches AS b ON b.id = e.batch WHERE e.rowid > ? AND e.state = 'running'
"""


class BrokenError(AssertionError):
    """Something that must hold does not."""


def require(holds: bool, *said: object) -> None:
    if not holds:
        raise BrokenError(" ".join(map(str, said)))


class Truth:
    """Looks at the rows over a connection of its own. `before`: what accounts had used before the history begins."""

    def __init__(
        self, rows: sqlite3.Connection, before: Mapping[str, int], *, running_max: int, enforced: bool
    ) -> None:
        self.rows = rows
        self.commits = 0
        self._before = before
        self._running_max = running_max
        self._enforced = enforced
        self._seen = 0
        self._used: dict[tuple[str, str], int] = self._usage()

    def look(self) -> None:
        """Called after each commit. Raises BrokenError."""
        self.commits += 1
        for row in self.rows.execute(COUNTS):
            self._check_batch(row)
        require(not (torn := self.rows.execute(TORN).fetchall()), "task and execution differ:", torn)
        for said, statement in (("unsaid", UNSAID), ("paused too soon", HASTY)):
            require(not (found := self.rows.execute(statement).fetchall()), said, found)
        for account, used, counted in self.rows.execute(USED):
            require(used == self._before[account] + counted, account, "used", used, "counted", counted)
        self._check_starts()
        self._check_quota()

    def look_at_tasks(self) -> None:
        """What takes longer to look at: called in rest. Raises BrokenError."""
        require(not (found := self.rows.execute(TRIED).fetchall()), "attempts or losses:", found)

    def admitted(self, execution: str, fence: int) -> bool:
        found = self.rows.execute("SELECT fence, state FROM executions WHERE id = ?", (execution,)).fetchone()
        return bool(found == (fence, "running"))

    def _check_batch(self, row: tuple[Any, ...]) -> None:
        id_, total, *figures = row[:7]
        tasks, *counted = row[7:13]
        state, ended_ms = row[13:]
        require(
            total == sum(figures) == tasks, "batch", id_, "total", total, "figures", figures, "tasks", tasks
        )
        require(figures == counted, "batch", id_, "says", figures, "its tasks", counted)
        over = figures[0] + figures[1] == 0
        require(over == (state in {"done", "cancelled"}) == (ended_ms is not None), "batch", id_, state, row)

    def _check_starts(self) -> None:
        for office, batch, tier, own, cap, in_office, in_batch in self.rows.execute(STARTED, (self._seen,)):
            slots = TIERS[tier].slots if own is None else own
            require(in_office <= slots, "office", office, "runs", in_office, "of", slots)
            require(cap is None or in_batch <= cap, "batch", batch, "runs", in_batch, "of", cap)
        newest = self.rows.execute("SELECT coalesce(max(rowid), 0) FROM executions").fetchone()[0]
        if newest > self._seen:
            self._seen = newest
            (running,) = self.rows.execute(
                "SELECT count(*) FROM executions WHERE state = 'running'"
            ).fetchone()
            require(running <= self._running_max, running, "run, at most", self._running_max)

    def _check_quota(self) -> None:
        used = self._usage()
        for (account, month), number in used.items():
            if self._enforced and number > self._used.get((account, month), 0):
                (tier,) = self.rows.execute("SELECT tier FROM accounts WHERE id = ?", (account,)).fetchone()
                quota = TIERS[tier].quota
                require(
                    TIERS[tier].quota_soft or number <= quota, account, month, "used", number, "of", quota
                )
        self._used = used

    def _usage(self) -> dict[tuple[str, str], int]:
        return {row[:2]: row[2] for row in self.rows.execute("SELECT account, month, used FROM usage")}
