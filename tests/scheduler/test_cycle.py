"""Cycles when the store fails, when its answer is lost, when the process dies, and when it is asked to stop."""

import asyncio
import random
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from server.errors import UnavailableError
from server.model import BatchState, ExecutionState, Outcome
from server.scheduler.cycle import ASIDE_MS, RECOUNT_MS, RETRY_MS
from server.store.executions import running_tokens
from simulation.inputs import Ended, QueueChanged, Started
from tests.fakes.office import Heard, House, counting_ids, house, scheduler_over
from tests.fakes.runner import FakeRunner

FAILED = Outcome(state=ExecutionState.FAILED)


def blocked(it: House) -> str | None:
    told = it.bus.of(QueueChanged)
    return told[-1].blocked if told else None


async def test_a_full_disk_loses_nothing_and_is_said_until_it_is_over(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        batch = await it.submit(10)
        it.db.failing = "before"
        for execution in list(it.runner.running):
            it.runner.end(execution)
        await it.clock.advance(5 * RETRY_MS)
        assert blocked(it) == "disk"
        assert (await it.row(batch.id)).running == 3
        assert it.bus.of(Ended) == []
        with pytest.raises(UnavailableError):
            await it.submit(1)
        it.db.failing = None
        await it.clock.advance(RETRY_MS)
        assert blocked(it) is None
        row = await it.row(batch.id)
        assert (row.done, row.running, row.waiting) == (3, 3, 4)
        assert len(it.bus.of(Ended)) == 3


async def test_a_cancel_whose_answer_was_lost_is_asked_of_what_runs(tmp_path: Path) -> None:
    """Else a body that fails would wait for another attempt, in a batch that starts nothing and never ends."""
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        it.runner.cancel = it.runner.asked.append
        batch = await it.submit(3, attempts=3)
        it.db.failing = "after"
        with pytest.raises(UnavailableError):
            await it.scheduler.cancel("o1", batch.id)
        it.db.failing = None
        await it.clock.advance(RETRY_MS)
        assert set(it.runner.asked) == set(it.runner.running)
        for execution in list(it.runner.running):
            it.runner.end(execution, FAILED)
        await it.scheduler.settled()
        row = await it.row(batch.id)
        assert (row.state, row.cancelled, row.waiting) == (BatchState.CANCELLED, 3, 0)


async def test_a_clock_set_back_while_the_store_fails_does_not_keep_the_queue_waiting(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        batch = await it.submit(10)
        it.db.failing = "before"
        it.runner.end(next(iter(it.runner.running)))
        await it.scheduler.settled()
        it.db.failing = None
        it.clock.set_wall(it.clock.now_ms() - 31 * 86_400_000)
        await it.clock.advance(RETRY_MS)
        row = await it.row(batch.id)
        assert (row.done, row.running, row.waiting) == (1, 3, 6)


async def test_a_commit_whose_answer_was_lost_is_found_in_the_rows(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        batch = await it.submit(10)
        it.db.failing = "after"
        for execution in list(it.runner.running):
            it.runner.end(execution)
        await it.scheduler.settled()
        assert it.bus.of(Ended) == []  # the rows have ended, and three more are running in rows alone
        it.db.failing = None
        await it.clock.advance(RETRY_MS)
        row = await it.row(batch.id)
        assert (row.done, row.running, row.waiting) == (3, 3, 4)
        assert len([fact for fact in it.bus.of(Ended) if fact.state == "done"]) == 3
        assert len(it.runner.running) == 3
        assert await it.select("SELECT count(*) FROM executions WHERE state = 'lost'") == [(3,)]
        assert await it.select("SELECT sum(losses), max(attempt) FROM tasks") == [(0, 1)]


@pytest.mark.parametrize("seed", range(10))
async def test_whatever_fails_every_task_ends_exactly_once(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    async with house(tmp_path, lasting=lambda _work: draw.choice([500, 2_000, 7_000])) as it:
        batches = [await it.submit(draw.randint(5, 60)) for _ in range(3)]
        for _ in range(60):
            it.db.failing = draw.choice([None, None, None, "before", "after"])
            await it.clock.advance(draw.choice([300, 1_000, 3_000]))
        it.db.failing = None
        await it.minutes(30)
        for batch in batches:
            assert await it.states(batch.id) == {"done": batch.total}, f"seed {seed}"
            assert (await it.row(batch.id)).state is BatchState.DONE
        done = "SELECT count(*), count(DISTINCT task) FROM executions WHERE state = 'done'"
        assert await it.select(done) == [(sum(batch.total for batch in batches),) * 2]
        assert await it.select("SELECT count(*) FROM results") == [(sum(batch.total for batch in batches),)]
        assert await it.select("SELECT used FROM usage") == [(sum(batch.total for batch in batches),)]


async def restarted(it: House) -> FakeRunner:
    """Leave the scheduler where it is, as kill -9 does, and start another one on the same store."""
    runner = FakeRunner(it.clock, lambda _work: None)
    it.scheduler._cycles._task.cancel()
    it.scheduler._engine.alarms.clear()
    it.runner.running.clear()
    it.runner, it.bus = runner, Heard()
    it.scheduler = scheduler_over(it.db, it.clock, it.bus, runner)
    it.scheduler._engine.ids = counting_ids(it.clock)
    await it.clock.advance(1)
    await it.scheduler.start()
    await it.scheduler.settled()
    return runner


async def test_what_ran_runs_again_first_without_counting_the_attempt(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        batch = await it.submit(10)
        it.runner.end(next(iter(it.runner.running)))
        await it.scheduler.settled()
        before = {work.task for work, _ in it.runner.running.values()}
        assert len(await running_tokens(it.db)) == 3
        runner = await restarted(it)
        assert {work.task for work in runner.begun} == before
        assert {(work.attempt, work.fence) for work in runner.begun} == {(1, 2)}
        row = await it.row(batch.id)
        assert (row.done, row.running, row.waiting) == (1, 3, 6)
        assert await it.select("SELECT state, count(*) FROM executions GROUP BY state ORDER BY state") == [
            ("done", 1), ("lost", 3), ("running", 3),
        ]  # fmt: skip
        assert await it.select("SELECT used FROM usage") == [(4,)]


async def test_a_task_that_is_lost_three_times_fails(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        batch = await it.submit(2)
        for _ in range(3):
            runner = await restarted(it)
        rows = await it.select("SELECT state, reason, losses, attempt FROM tasks ORDER BY position")
        assert rows == [("failed", "lost", 3, 0), ("running", None, 0, 1)]
        assert [work.title for work in runner.begun] == ["Task 1"]
        assert (await it.row(batch.id)).failed == 1


async def test_a_cancel_outlives_the_process_that_was_asked(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        it.runner.cancel = lambda _execution: None
        first, second = await it.submit(1), await it.submit(3)
        await it.scheduler.cancel("o1", first.id)
        await restarted(it)
        row = await it.row(first.id)
        assert (row.state, row.cancelled, row.running) == (BatchState.CANCELLED, 1, 0)
        assert (await it.row(second.id)).running == 1


async def test_a_planned_stop_puts_work_back_blamelessly_and_says_so(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        batch = await it.submit(10)
        await it.scheduler.stop(1_000)
        assert blocked(it) == "draining"
        row = await it.row(batch.id)
        assert (row.state, row.running, row.waiting) == (BatchState.QUEUED, 0, 10)
        assert await it.select("SELECT sum(losses), sum(attempt), max(state) FROM tasks") == [
            (0, 0, "waiting")
        ]
        assert len(it.runner.begun) == 3


async def test_a_count_that_differs_from_rows_is_logged_and_rows_are_right(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        await it.submit(10)
        office = it.scheduler._index.offices["o1"]
        office.ledger.running = office.plan.running = 7
        with capture_logs() as logs:
            await it.clock.advance(RECOUNT_MS)
        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["running.differs"]
        assert it.scheduler._index.offices["o1"].ledger.running == 3


async def test_a_report_under_an_old_fence_changes_nothing(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        batch = await it.submit(2)
        ((work, _),) = it.runner.running.values()
        heard = len(it.bus.facts)
        it.scheduler.reports.progressed(work.execution, work.fence - 1, 500, None, None)
        it.scheduler.reports.waiting(work.execution, work.fence - 1, 5)
        it.scheduler.reports.ended(work.execution, work.fence - 1, FAILED)
        await it.scheduler.settled()
        assert it.bus.facts[heard:] == []
        assert (await it.row(batch.id)).running == 1


async def test_rows_alone_refuse_an_end_under_an_old_fence(tmp_path: Path) -> None:
    """Another process has taken over: what memory believes does not matter."""
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        batch = await it.submit(2)
        ((work, _),) = it.runner.running.values()
        async with it.db.write() as tx:
            await tx.conn.exec_driver_sql("UPDATE executions SET fence = fence + 1 WHERE state = 'running'")
        it.runner.end(work.execution)
        await it.scheduler.settled()
        assert (await it.row(batch.id)).done == 0
        assert await it.select("SELECT count(*) FROM results") == [(0,)]


async def test_an_office_whose_rows_contradict_each_other_holds_nobody_up(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", offices=2, lasting=lambda _work: None) as it:
        broken, sound = await it.submit(2), await it.submit(2, office="o2")
        works = {work.office: work for work, _ in it.runner.running.values()}
        async with it.db.write() as tx:  # an execution and its task disagree about the fence
            await tx.conn.exec_driver_sql("UPDATE executions SET fence = fence + 1 WHERE office = 'o1'")
        for work in works.values():
            it.runner.end(work.execution)
        await it.scheduler.settled()
        assert (await it.row(sound.id, "o2")).done == 1
        assert (await it.row(broken.id)).done == 0
        async with it.db.write() as tx:  # mended by hand
            await tx.conn.exec_driver_sql("UPDATE executions SET fence = fence - 1 WHERE office = 'o1'")
        await it.clock.advance(ASIDE_MS)
        assert [work.office for work, _ in it.runner.running.values()].count("o1") == 1


async def test_bodies_begin_only_after_their_admission_is_committed(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        await it.submit(10)
        it.db.failing = "before"
        it.runner.end(next(iter(it.runner.running)))
        await it.scheduler.settled()
        assert (len(it.runner.begun), len(it.bus.of(Started))) == (3, 3)
        it.db.failing = None
        await it.clock.advance(RETRY_MS)
        assert (len(it.runner.begun), len(it.bus.of(Started))) == (4, 4)


async def test_no_start_seems_older_than_the_end_that_made_room_for_it(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        await it.submit(2)
        (first,) = list(it.runner.running)
        async with it.db.write():
            # The cycle that this wakes waits for the writer; the body ends meanwhile, and time goes on.
            it.scheduler._cycles.wake()
            for _ in range(3):
                await asyncio.sleep(0)
            it.clock._now_ms += 150
            it.runner.end(first)
        await it.scheduler.settled()
        ((ended_ms,),) = await it.select("SELECT ended_ms FROM executions WHERE state = 'done'")
        ((started_ms,),) = await it.select("SELECT started_ms FROM executions WHERE state = 'running'")
        assert started_ms >= ended_ms
