"""What the rules say beside what rows say, what runs, and what was told."""

import sqlite3
from typing import Any

from simulation.inputs import BatchChanged, Ended, Input, QueueChanged, QuotaChanged, SlotsChanged, Started
from tests.fakes.ledger import Ledger
from tests.fakes.ledger_things import Batch, Office, Task, month_of
from tests.fakes.office import Heard
from tests.fakes.told import ToldRunner

TASKS = "SELECT id, state, attempt, losses, fence, counted, cancelling, ready_ms FROM tasks"
BATCHES = """
SELECT id, state, blocked, until_ms, reason, cancelling, priority, slots, ordinal, turn, total, waiting, running, done, failed,
  cancelled, started_ms, ended_ms, measured, spent_ms, squares
FROM batches
"""
# The last turn that was given out is the office's, or that of a batch that has not ended.
OFFICES = """
SELECT o.id, max(o.turn, coalesce(max(b.turn) FILTER (WHERE b.ended_ms IS NULL), 0)), o.batches
FROM offices AS o LEFT JOIN batches AS b ON b.office = o.id GROUP BY o.id ORDER BY o.rowid
"""
EXECUTIONS = "SELECT task, fence, attempt, state FROM executions ORDER BY task, fence"
RUNNING = "SELECT id FROM executions WHERE state = 'running'"
RESULTS = """
SELECT r.task FROM results AS r JOIN executions AS e ON e.id = r.execution WHERE e.state = 'done' ORDER BY r.task
"""


def rows_are_as_the_rules_say(rows: sqlite3.Connection, ledger: Ledger) -> None:
    same(_keyed(rows.execute(TASKS)), {task.id: _task_row(task) for _, task in ledger.tasks()})
    same(_keyed(rows.execute(BATCHES)), {batch.id: _batch_row(ledger, batch) for batch in ledger.batches()})
    offices = rows.execute(OFFICES).fetchall()
    assert offices == [(it.id, it.turn, len(it.batches)) for it in ledger.offices.values()]
    used = rows.execute("SELECT account, month, used FROM usage ORDER BY account, month").fetchall()
    assert used == [
        (f"a{office.id}", month, number)
        for office in ledger.offices.values()
        for month, number in sorted(office.used.items())
    ]


def executions_are_as_the_rules_say(rows: sqlite3.Connection, ledger: Ledger) -> None:
    found: dict[str, list[tuple[int, int, str]]] = {}
    for task, fence, attempt, state in rows.execute(EXECUTIONS):
        found.setdefault(task, []).append((fence, attempt, state))
    same(found, {task.id: task.ran for _, task in ledger.tasks() if task.ran})
    done = sorted(task.id for _, task in ledger.tasks() if task.state == "done")
    assert rows.execute(RESULTS).fetchall() == [(task,) for task in done]


def what_runs_is_what_the_rules_say(runner: ToldRunner, ledger: Ledger) -> None:
    running = {task.id: task for _, task in ledger.running(pulled=False)}
    assert {work.task for work, _ in runner.bodies.values()} == set(running)
    asked = {work.task for work, _ in runner.bodies.values() if work.execution in runner.asked}
    assert asked == {task.id for task in running.values() if task.asked}


def nothing_exceeds_its_limits(ledger: Ledger, before: dict[str, int]) -> dict[str, int]:
    """No office grows beyond its slots, nor the process beyond its own; return what runs now."""
    running = {office.id: office.running for office in ledger.offices.values()}
    for office in ledger.offices.values():
        assert running[office.id] <= max(ledger.slots(office), before.get(office.id, 0))
    assert sum(running.values()) <= ledger.running_max
    return running


def what_was_told_is_true(bus: Heard, runner: ToldRunner, rows: sqlite3.Connection, ledger: Ledger) -> None:
    started = [fact.execution for fact in bus.of(Started) if isinstance(fact, Started)]
    ended = [fact.execution for fact in bus.of(Ended) if isinstance(fact, Ended)]
    assert len(started) == len(set(started))
    assert len(ended) == len(set(ended))
    running = {id_ for (id_,) in rows.execute(RUNNING)}
    assert set(started) - set(ended) == running & set(
        started
    )  # what was pulled may be older than the process
    assert runner.bodies.keys() <= set(started)
    for office in ledger.offices.values():
        last: dict[Any, Input] = {}
        for name, fact in bus.facts:
            if name == office.id:
                last[getattr(fact, "batch", None), type(fact)] = fact
        _told(ledger, office, last)


def _told(ledger: Ledger, office: Office, last: dict[Any, Input]) -> None:
    for batch in office.batches:
        if isinstance(fact := last.get((batch.id, BatchChanged)), BatchChanged):
            expected = (ledger.state(batch), batch.running, batch.count("done"), batch.count("failed"))
            assert (fact.state, fact.running, fact.done, fact.failed) == expected
    if isinstance(fact := last.get((None, SlotsChanged)), SlotsChanged):
        assert fact.slots == ledger.slots(office)
    if isinstance(fact := last.get((None, QuotaChanged)), QuotaChanged):
        assert fact.limit == ledger.plans[office.plan].quota
        assert fact.used == office.used.get(month_of(ledger.now_ms), 0)
    if isinstance(fact := last.get((None, QueueChanged)), QueueChanged):
        assert fact.waiting == sum(batch.count("waiting") for batch in office.batches)
        blocked = ledger.queue_blocked(office)
        crowded = fact.blocked == "capacity" and blocked is None
        assert crowded or (fact.blocked, fact.until_ms) == (blocked or (None, None))


def same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Tell only what differs."""
    differing = {
        name: (found.get(name), expected.get(name))
        for name in found.keys() | expected.keys()
        if found.get(name) != expected.get(name)
    }
    assert differing == {}, f"(found, expected): {differing}"


def _keyed(rows: sqlite3.Cursor) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in rows}


def _task_row(task: Task) -> tuple[Any, ...]:
    return task.state, task.attempt, task.losses, task.fence, task.counted, task.asked, task.ready_ms


def _batch_row(ledger: Ledger, batch: Batch) -> tuple[Any, ...]:
    return (
        ledger.state(batch), *(ledger.blocked(batch) or (None, None)), batch.reason, batch.cancelling,
        batch.priority, batch.cap,
        batch.order, batch.turn, len(batch.tasks), batch.count("waiting"), batch.running, batch.count("done"),
        batch.count("failed"), batch.count("cancelled"), batch.started_ms, batch.ended_ms, len(batch.durations),
        sum(batch.durations), sum(each * each for each in batch.durations),
    )  # fmt: skip
