"""The month's quota, enforced, on a fake clock: a whole scheduler over a real SQLite file, with tasks of a minute each.

A task counts once, in the transaction that admits its first execution. Every sum here is read from rows.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.model import BatchState, Blocked, ExecutionState, Outcome, Reason, Work
from server.store.batches import BatchRow
from server.store.statements import fetch
from simulation.inputs import QueueChanged, QuotaChanged
from simulation.snapshot import snapshot
from simulation.tick import advance
from simulation.world import begin
from tests.fakes.clock import START_MS
from tests.fakes.office import Heard, House, house, scheduler_over
from tests.fakes.runner import DONE, FakeRunner, minute

FAILED = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT)
COUNTED = "SELECT count(*) FROM tasks WHERE counted"


def utc_ms(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return round(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


DECEMBER_MS = utc_ms(2026, 12, 1)
JANUARY_MS = utc_ms(2027, 1, 1)


async def used(it: House) -> dict[str, int]:
    return {str(month): count for month, count in await it.select("SELECT month, used FROM usage")}


async def wait_state(it: House, batch: BatchRow) -> tuple[BatchState, Blocked | None, int | None]:
    row = await it.row(batch.id)
    return row.state, row.blocked, row.until_ms


async def shown(it: House) -> dict:
    """The office's state as a viewer who comes now is given it."""
    world = begin("o1", "Office", "free", slots=1, base_ms=START_MS)
    return dict(snapshot(advance(world, 1, await it.scheduler.facts("o1"))))


async def until(it: House, moment_ms: int) -> None:
    await it.clock.advance(moment_ms - it.clock.now_ms())


async def restarted(it: House) -> None:
    """Leave the scheduler where it is, as kill -9 does, and start another one on the same store."""
    it.scheduler._cycles._task.cancel()
    it.scheduler._engine.alarms.clear()
    it.runner.running.clear()
    it.runner, it.bus = FakeRunner(it.clock), Heard()
    it.scheduler = scheduler_over(it.db, it.clock, it.bus, it.runner, quota_enforced=True)
    await it.clock.advance(1)
    await it.scheduler.start()
    await it.scheduler.settled()


async def test_a_hundred_on_free_stop_after_fifty_say_so_and_go_on_by_themselves_on_the_first(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, tier="free", quota_enforced=True) as it:
        it.clock.set_wall(DECEMBER_MS - 3 * 3_600_000)
        batch = await it.submit(100)
        await it.minutes(49.5)
        assert await wait_state(it, batch) == (BatchState.RUNNING, Blocked.QUOTA, DECEMBER_MS)
        await it.minutes(30)
        assert len(it.runner.begun) == 50
        assert await wait_state(it, batch) == (BatchState.WAITING, Blocked.QUOTA, DECEMBER_MS)
        assert await used(it) == {"2026-11": 50}
        assert await it.states(batch.id) == {"done": 50, "waiting": 50}
        queue = it.bus.of(QueueChanged)[-1]
        assert (queue.blocked, queue.until_ms, queue.waiting) == ("quota", DECEMBER_MS, 50)
        state = await shown(it)
        assert (state["queue"]["blocked"], state["queue"]["until"]) == ("quota", DECEMBER_MS)
        assert state["quota"] == {"used": 50, "limit": 50, "resets": DECEMBER_MS}

        await until(it, DECEMBER_MS - 1)
        assert len(it.runner.begun) == 50
        await until(it, DECEMBER_MS)
        assert len(it.runner.begun) == 51
        assert await wait_state(it, batch) == (BatchState.RUNNING, None, None)
        assert it.bus.of(QueueChanged)[-1].blocked is None
        assert it.bus.of(QuotaChanged)[-1] == QuotaChanged(used=1, limit=50, resets_ms=JANUARY_MS)
        await it.minutes(50)
        row = await it.row(batch.id)
        assert (row.state, row.done, row.ended_ms) == (BatchState.DONE, 100, DECEMBER_MS + 50 * 60_000)
        assert await used(it) == {"2026-11": 50, "2026-12": 50}


async def test_an_upgrade_goes_on_at_once_and_keeps_what_was_used(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", quota_enforced=True) as it:
        batch = await it.submit(100)
        await it.minutes(70)
        assert (await it.row(batch.id)).state is BatchState.WAITING
        await it.scheduler.change_tier("a1", "starter")
        await it.scheduler.settled()
        assert len(it.runner.running) == 3
        assert await wait_state(it, batch) == (BatchState.RUNNING, None, None)
        assert it.bus.of(QueueChanged)[-1].blocked is None
        await it.minutes(17)
        assert (await it.row(batch.id)).state is BatchState.DONE
        assert await used(it) == {"2026-11": 100}


async def test_a_downgrade_in_the_middle_of_the_month_keeps_its_usage(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", quota_enforced=True) as it:
        batch = await it.submit(100)
        await it.minutes(19.5)
        assert await used(it) == {"2026-11": 60}
        await it.scheduler.change_tier("a1", "free")
        await it.minutes(20)
        assert len(it.runner.begun) == 60, "more than Free gives was used already"
        assert await wait_state(it, batch) == (BatchState.WAITING, Blocked.QUOTA, DECEMBER_MS)
        assert it.bus.of(QuotaChanged)[-1] == QuotaChanged(used=60, limit=50, resets_ms=DECEMBER_MS)
        await it.scheduler.change_tier("a1", "starter")
        await it.minutes(20)
        assert (await it.row(batch.id)).state is BatchState.DONE
        assert await used(it) == {"2026-11": 100}


async def test_retries_are_free_even_when_nothing_is_left(tmp_path: Path) -> None:
    def outcome(work: Work) -> Outcome:
        return FAILED if work.attempt < 3 else DONE

    async with house(tmp_path, tier="free", quota_enforced=True, outcome=outcome) as it:
        batch = await it.submit(60, attempts=3)
        await it.minutes(3 * 60 + 60)
        assert await it.states(batch.id) == {"done": 50, "waiting": 10}
        assert len(it.runner.begun) == 150
        assert await used(it) == {"2026-11": 50}
        assert (await it.row(batch.id)).blocked is Blocked.QUOTA


async def test_a_failed_task_that_is_retried_by_hand_runs_although_nothing_is_left(tmp_path: Path) -> None:
    def outcome(work: Work) -> Outcome:
        return FAILED if work.fence == 1 and work.title == "Task 7" else DONE

    async with house(tmp_path, tier="free", quota_enforced=True, outcome=outcome) as it:
        batch = await it.submit(60)
        await it.minutes(60)
        assert await it.states(batch.id) == {"done": 49, "failed": 1, "waiting": 10}
        await it.scheduler.retry("o1", batch.id)
        await it.minutes(1)
        assert await it.states(batch.id) == {"done": 50, "waiting": 10}
        assert await used(it) == {"2026-11": 50}
        assert await wait_state(it, batch) == (BatchState.WAITING, Blocked.QUOTA, DECEMBER_MS)


async def test_a_retry_in_the_next_month_is_free_too(tmp_path: Path) -> None:
    def outcome(work: Work) -> Outcome:
        return FAILED if work.fence == 1 else DONE

    async with house(tmp_path, tier="free", quota_enforced=True, outcome=outcome) as it:
        it.clock.set_wall(DECEMBER_MS - 2 * 3_600_000)
        batch = await it.submit(5)
        await until(it, DECEMBER_MS + 60_000)
        await it.scheduler.retry("o1", batch.id)
        await it.minutes(6)
        assert await it.states(batch.id) == {"done": 5}
        assert await used(it) == {"2026-11": 5}


async def test_enterprise_is_told_but_not_held_back(tmp_path: Path) -> None:
    async with house(tmp_path, tier="enterprise", quota_enforced=True) as it:
        async with it.db.write() as tx:
            await fetch(tx.conn, "INSERT INTO usage (account, month, used) VALUES ('a1', '2026-11', 49999)")
        batch = await it.submit(100)
        await it.minutes(2)
        assert (await it.row(batch.id)).state is BatchState.DONE
        assert it.bus.of(QuotaChanged)[-1] == QuotaChanged(used=50_099, limit=50_000, resets_ms=DECEMBER_MS)


async def test_all_batches_of_the_account_share_one_quota_and_all_say_so(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", quota_enforced=True) as it:
        first, second = await it.submit(40, "First"), await it.submit(40, "Second")
        paused = await it.submit(40, "Paused")
        await it.scheduler.pause("o1", paused.id)
        await it.minutes(60)
        rows = [await it.row(batch.id) for batch in (first, second, paused)]
        assert [row.state for row in rows] == [BatchState.WAITING, BatchState.WAITING, BatchState.PAUSED]
        assert [row.blocked for row in rows] == [Blocked.QUOTA, Blocked.QUOTA, None]
        assert sum(row.done for row in rows) == 50
        assert [row.done for row in rows[:2]] == [26, 24], (
            "alternately; the first one had a start alone before"
        )
        late = await it.submit(3, "Late")
        assert await wait_state(it, late) == (BatchState.WAITING, Blocked.QUOTA, DECEMBER_MS)


@pytest.mark.parametrize("restart", [False, True])
async def test_a_clock_set_back_over_the_turn_gives_no_second_quota(tmp_path: Path, restart: bool) -> None:
    async with house(tmp_path, tier="free", quota_enforced=True) as it:
        it.clock.set_wall(DECEMBER_MS - 30 * 60_000)
        batch = await it.submit(200)
        await until(it, DECEMBER_MS + 60 * 60_000)
        assert await used(it) == {"2026-11": 30, "2026-12": 50}
        it.clock.set_wall(DECEMBER_MS - 10 * 3_600_000)
        if restart:
            await restarted(it)
        await it.minutes(30)
        assert await used(it) == {"2026-11": 30, "2026-12": 50}, "the quota's month went back"
        assert await wait_state(it, batch) == (BatchState.WAITING, Blocked.QUOTA, JANUARY_MS)
        facts = await it.scheduler.account("o1")
        assert (facts.used, facts.resets_ms) == (50, JANUARY_MS)
        await it.minutes(11 * 60)  # December comes again
        assert await used(it) == {"2026-11": 30, "2026-12": 50}
        it.clock.set_wall(JANUARY_MS)
        await it.minutes(51)
        assert (await used(it))["2027-01"] == 50


async def test_every_task_is_counted_once_however_often_it_is_lost(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", quota_enforced=True) as it:
        batch = await it.submit(30)
        for number in range(12):
            await it.minutes(0.4 if number % 2 else 1.1)
            await restarted(it)
            assert await it.select(COUNTED) == [(sum((await used(it)).values()),)]
            await it.scheduler.facts("o1")
            assert (await it.scheduler.account("o1")).used == sum((await used(it)).values())
        await it.minutes(30)
        row = await it.row(batch.id)
        assert row.done + row.failed == 30
        assert (
            row.failed
            == (await it.select("SELECT count(*) FROM tasks WHERE losses >= 3 AND state = 'failed'"))[0][0]
        )
        assert await used(it) == {"2026-11": 30}
        assert await it.select(COUNTED) == [(30,)]


async def test_what_is_counted_in_a_commit_whose_answer_was_lost_is_counted_once(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", quota_enforced=True, lasting=minute) as it:
        batch = await it.submit(60)
        for failing in ("after", None, "before", None, "after", None):
            it.db.failing = failing
            await it.minutes(2.5)
            it.db.failing = None
            await it.minutes(0.5)
            assert await it.select(COUNTED) == [((await used(it))["2026-11"],)]
        await it.minutes(90)
        assert await it.states(batch.id) == {"done": 50, "waiting": 10}
        assert await used(it) == {"2026-11": 50}
