"""Leases of what runs here go on while its runner holds it; whatever nobody holds any more is carried out anew."""

from pathlib import Path

from server.model import BatchState
from server.scheduler.leases import RENEW_BELOW_MS, ROUND_MS
from server.scheduler.plan import LEASE_MS
from tests.fakes.office import House, chunks_of, house, new_batch, scheduler_over
from tests.fakes.runner import DONE, FakeRunner


async def leases(it: House) -> list[tuple[str, int]]:
    return [
        (state, lease_ms)
        for state, lease_ms in await it.select("SELECT state, lease_ms FROM executions ORDER BY id")
    ]


async def test_a_lease_is_written_with_the_start_and_renewed_while_the_body_runs(tmp_path: Path) -> None:
    async with house(tmp_path, lasting=lambda _work: None) as it:
        start_ms = it.clock.now_ms()
        await it.submit(3)
        assert await leases(it) == [("running", start_ms + LEASE_MS)] * 3
        for _ in range(60):
            await it.clock.advance(ROUND_MS)
            now_ms = it.clock.now_ms()
            assert all(lease_ms - now_ms >= RENEW_BELOW_MS - ROUND_MS for _, lease_ms in await leases(it))
        assert {state for state, _ in await leases(it)} == {"running"}


async def test_many_leases_are_renewed_in_one_write(tmp_path: Path) -> None:
    async with house(tmp_path, tier="enterprise", lasting=lambda _work: None) as it:
        await it.submit(50)
        before = {lease_ms for _, lease_ms in await leases(it)}
        await it.clock.advance(3 * ROUND_MS)
        after = {lease_ms for _, lease_ms in await leases(it)}
        assert len(before) == len(after) == 1
        assert before < after or min(after) > max(before)


async def test_what_its_runner_has_lost_is_carried_out_anew_under_the_next_fence(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        batch = await it.submit(2)
        it.runner.running.clear()  # a defect: it is gone and no end was ever told
        await it.clock.advance(LEASE_MS - 1)
        assert (await it.row(batch.id)).running == 1
        assert len(it.runner.begun) == 1
        await it.clock.advance(1 + ROUND_MS)
        assert [(work.title, work.fence, work.attempt) for work in it.runner.begun] == [
            ("Task 0", 1, 1),
            ("Task 0", 2, 1),
        ]
        first, second = it.runner.begun
        it.scheduler.reports.ended(first.execution, first.fence, DONE)  # it was not gone after all, only late
        await it.scheduler.settled()
        assert (await it.row(batch.id)).done == 0
        it.runner.end(second.execution)
        await it.scheduler.settled()
        assert (await it.row(batch.id)).done == 1


async def test_a_process_that_stood_still_for_an_hour_loses_nothing_that_its_runner_holds(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        batch = await it.submit(1)
        it.clock._now_ms += 3_600_000  # a stopped process: time passes, no timer fires
        await it.clock.advance(0)
        await it.scheduler.settled()
        assert (await it.row(batch.id)).running == 1
        assert len(it.runner.begun) == 1


async def test_the_wall_clock_decides_no_lease(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        batch = await it.submit(1)
        for jump_ms in (86_400_000, -86_400_000):
            it.clock.set_wall(it.clock.now_ms() + jump_ms)
            await it.clock.advance(5 * LEASE_MS)
            assert (await it.row(batch.id)).running == 1
        assert len(it.runner.begun) == 1


async def test_what_was_pulled_survives_a_restart_and_has_a_whole_lease_again(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        batch = await it.scheduler.submit("o1", new_batch(kind="external", params={}), chunks_of(1))
        ((lease),) = await it.scheduler.lease("o1", None, 1, 0)
        await it.clock.advance(50_000)
        await it.scheduler.stop(0)
        it.scheduler = scheduler_over(it.db, it.clock, it.bus, FakeRunner(it.clock))
        await it.scheduler.start()
        await it.clock.advance(LEASE_MS - 1)
        assert (await it.row(batch.id)).running == 1
        await it.scheduler.finish("o1", lease.work.execution, lease.work.fence, DONE)
        row = await it.row(batch.id)
        assert (row.state, row.done) == (BatchState.DONE, 1)
        assert await it.select("SELECT count(*) FROM executions") == [(1,)]


async def test_what_was_pulled_and_is_never_heard_of_again_passes_on_after_a_restart(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        batch = await it.scheduler.submit("o1", new_batch(kind="external", params={}), chunks_of(1))
        await it.scheduler.lease("o1", None, 1, 0)
        await it.scheduler.stop(0)
        it.scheduler = scheduler_over(it.db, it.clock, it.bus, FakeRunner(it.clock))
        await it.scheduler.start()
        await it.clock.advance(LEASE_MS + ROUND_MS)
        assert (await it.row(batch.id)).waiting == 1
        (again,) = await it.scheduler.lease("o1", None, 1, 0)
        assert again.work.fence == 2
