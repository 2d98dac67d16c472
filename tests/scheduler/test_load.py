"""The index is its rows: after any history a scheduler that reads the same file anew holds the same."""

import random
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from server.billing.tiers import TIERS
from server.errors import ConflictError
from server.model import ExecutionState, Outcome, Reason
from server.scheduler.index import Office
from server.scheduler.load import carry_over, load_offices, orphans
from tests.fakes.office import House, house

FAILED = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="exit 1")
ENDS = [
    Outcome(state=ExecutionState.DONE, result=b"{}"),
    Outcome(state=ExecutionState.DONE),
    FAILED,
    FAILED,
    Outcome(state=ExecutionState.LOST),
    Outcome(state=ExecutionState.CANCELLED),
]


def mirror(office: Office) -> dict[str, Any]:
    """All of an office that rows know too."""
    return {
        "ledger": astuple(office.ledger),
        "sums": (office.waiting, office.held),
        "name": (office.name, office.tier, office.own_slots),
        "backing off": sorted(
            [(batch, position, task) for _, position, batch, task in office.backoffs]
            + [(batch.id, ripe.position, ripe.task) for batch in office.batches.values() for ripe in batch.window.returned]
        ),
        "batches": {
            batch.id: (batch.name, batch.priority, batch.slots, batch.order, astuple(batch.figures))
            for batch in office.batches.values()
        },
        "executions": {
            (run.id, run.fence, run.task, run.batch.id, run.attempt, run.losses, run.position, run.started_ms, run.cancelling)
            for run in office.executions.values()
        },
    }  # fmt: skip


async def waiting_rows(it: House) -> dict[str, list[tuple[int, str]]]:
    """What waits without a backoff, by batch, in order: what windows may hold."""
    found: dict[str, list[tuple[int, str]]] = {}
    for batch, position, task in await it.select(
        "SELECT batch, position, id FROM tasks WHERE state = 'waiting' AND ready_ms IS NULL ORDER BY batch, position"
    ):
        found.setdefault(batch, []).append((position, task))
    return found


async def check(it: House) -> None:
    """Compare the index with one that is read anew, windows with rows, and counts with each other."""
    known = it.scheduler._index.offices["o1"]
    async with it.db.read() as conn:
        (fresh,) = await load_offices(conn, ["o1"], TIERS, it.clock.now_ms())
    assert mirror(fresh) == mirror(known)
    rows = await waiting_rows(it)
    for batch in known.batches.values():
        expected = rows.get(batch.id, [])
        window = batch.window
        held = [(entry.position, entry.task) for entry in sorted([*window.back, *window.fresh])]
        assert held == expected[: len(held)], f"the window of {batch.id} is the head of its rows"
        if not batch.window.dry and not batch.figures.cancelling:
            assert batch.window.first <= min(
                (p for p, _ in expected[len(held) :]), default=batch.window.first
            )
    in_rows = await it.select(
        "SELECT b.id, b.total, b.waiting, b.running, b.done, b.failed, b.cancelled, "
        "sum(t.state = 'waiting'), sum(t.state = 'running'), sum(t.state = 'done'), sum(t.state = 'failed'), "
        "sum(t.state = 'cancelled') FROM batches AS b JOIN tasks AS t ON t.batch = b.id GROUP BY b.id"
    )
    for _, total, *figures in in_rows:
        assert figures[:5] == figures[5:]
        assert sum(figures[:5]) == total
    assert await it.select("SELECT count(*) FROM executions WHERE state = 'running'") == [
        (len(known.executions),)
    ]


async def happen(it: House, draw: random.Random) -> None:
    """One thing that may happen to an office."""
    scheduler, office = it.scheduler, it.scheduler._index.offices["o1"]
    batch = draw.choice(list(office.batches)) if office.batches else None
    what = draw.choice(["submit", "end", "end", "end", "end", "pause", "resume", "cancel", "retry", "patch",
                        "task", "again", "tier", "time", "time"])  # fmt: skip
    if what == "submit" and len(office.batches) < 6:
        count = draw.choice([1, 3, 30, 200])
        await it.submit(
            count, attempts=draw.choice([1, 3]), priority=draw.choice([1, 2, 4]), slots=draw.choice([None, 2])
        )
    elif what == "end":
        for execution in draw.sample(
            sorted(it.runner.running), min(len(it.runner.running), draw.randint(1, 6))
        ):
            it.runner.end(execution, draw.choice(ENDS))
    elif what == "tier":
        await scheduler.change_tier("a1", draw.choice(["free", "starter", "pro"]))
    elif what == "time":
        await it.clock.advance(draw.choice([100, 3_000, 60_000]))
    elif batch is not None:
        await control(it, draw, what, batch)
    await scheduler.settled()


async def control(it: House, draw: random.Random, what: str, batch: str) -> None:
    scheduler = it.scheduler
    tasks = await it.select("SELECT id FROM tasks WHERE batch = :batch ORDER BY position", batch=batch)
    task = draw.choice(tasks)[0]
    try:
        if what in {"pause", "resume", "retry"} or (what == "cancel" and draw.random() < 0.3):
            await getattr(scheduler, what)("o1", batch)
        elif what == "patch":
            await scheduler.patch("o1", batch, priority=draw.choice([1, 2, 4]), slots=draw.choice([0, 1, 3]))
        elif what == "task":
            await scheduler.cancel_task("o1", task)
        elif what == "again":
            await scheduler.retry_task("o1", task)
    except ConflictError:
        pass  # too late, or nothing to do: part of life


@pytest.mark.parametrize("seed", range(12))
async def test_after_any_history_an_index_read_anew_is_equal(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    async with house(tmp_path, lasting=lambda _work: None) as it:
        await it.submit(40, attempts=3)
        for _ in range(60):
            await happen(it, draw)
            await check(it)


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_history_everything_comes_to_its_end(tmp_path: Path, seed: int) -> None:
    draw = random.Random(1_000 + seed)
    async with house(tmp_path, lasting=lambda _work: None) as it:
        await it.submit(40, attempts=3)
        for _ in range(40):
            await happen(it, draw)
        for batch in list(it.scheduler._index.offices["o1"].batches):
            if not (await it.row(batch)).ended_ms:
                await it.scheduler.resume("o1", batch)
        await it.scheduler.settled()
        for _ in range(2_000):
            if not it.scheduler._index.offices["o1"].waiting and not it.runner.running:
                break
            for execution in list(it.runner.running):
                it.runner.end(execution)
            await it.clock.advance(1_000)
        assert await it.select("SELECT count(*) FROM tasks WHERE state IN ('waiting', 'running')") == [(0,)]
        assert await it.select("SELECT count(*) FROM executions WHERE state = 'running'") == [(0,)]
        assert await it.select("SELECT count(*) FROM batches WHERE ended_ms IS NULL") == [(0,)]
        twice = await it.select(
            "SELECT task, count(*) FROM executions WHERE state = 'done' GROUP BY task HAVING count(*) > 1"
        )
        assert twice == []
        await check(it)


async def test_what_rows_say_is_running_and_nobody_carries_out_is_lost(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.submit(3)
        async with it.db.read() as conn:
            (fresh,) = await load_offices(conn, ["o1"], TIERS, it.clock.now_ms())
        lost = orphans(fresh, 5, blameless=False)
        assert [end.outcome.state for end in lost] == [ExecutionState.LOST] * 3
        assert orphans(fresh, 5, blameless=False) == []
        assert orphans(it.scheduler._index.offices["o1"], 5, blameless=False) == []


async def test_what_is_known_in_memory_alone_is_carried_over(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.submit(3)
        known = it.scheduler._index.offices["o1"]
        running = next(iter(known.executions.values()))
        it.scheduler.reports.progressed(running.id, running.fence, 500, None, "half way")
        async with it.db.write() as tx:
            (fresh,) = await load_offices(tx.conn, ["o1"], TIERS, it.clock.now_ms())
            assert await carry_over(tx.conn, known, fresh) == []
        assert fresh.executions[running.id] is running
        assert running.batch is fresh.batches[running.batch.id]
        assert fresh.told == known.told
