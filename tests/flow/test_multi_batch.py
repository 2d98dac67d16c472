"""Several batches in one office, on a fake clock, with tasks of a minute each."""

from pathlib import Path

from server.model import BatchState
from server.store.batches import BatchRow
from simulation.inputs import QueueChanged, SlotsChanged, Started
from simulation.tick import advance
from simulation.world import begin
from tests.fakes.clock import START_MS
from tests.fakes.office import House, house

OPEN = {BatchState.QUEUED, BatchState.RUNNING}


async def waiting(it: House) -> int:
    """What the queue shows, from a world that begins now."""
    facts = await it.scheduler.facts("o1")
    return next(fact.waiting for fact in facts if isinstance(fact, QueueChanged))


async def done(it: House, *batches: BatchRow) -> int:
    return sum([(await it.row(batch.id)).done for batch in batches])


async def test_fifty_then_thirty_on_starter_show_three_busy_and_both_progress(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        first = await it.submit(50, "First")
        assert len(it.runner.running) == 3
        assert await waiting(it) == 47
        second = await it.submit(30, "Second")
        assert len(it.runner.running) == 3
        assert await waiting(it) == 77
        await it.minutes(6)
        rows = [await it.row(first.id), await it.row(second.id)]
        assert {row.state for row in rows} <= OPEN
        assert all(row.done >= 6 for row in rows), "both progress"
        assert sum(row.done for row in rows) == 18
        await it.minutes(21)
        assert [(await it.row(batch.id)).done for batch in (first, second)] == [50, 30]
        assert it.runner.most == 3


async def test_ten_desks_show_what_runs(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        await it.submit(50)
        world = begin("o1", "Office", "starter", slots=3, base_ms=START_MS)
        world = advance(world, 1, await it.scheduler.facts("o1"))
        busy = [number for number, desk in enumerate(world.desks) if desk.activity == "working"]
        assert busy == [0, 1, 2]


async def test_an_upgrade_runs_ten_in_the_next_cycle_and_drains_as_much_faster(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        first, second = await it.submit(50), await it.submit(30)
        await it.minutes(3.5)
        before = await done(it, first, second)
        await it.scheduler.change_tier("a1", "pro")
        await it.scheduler.settled()
        assert len(it.runner.running) == 10
        assert it.bus.of(SlotsChanged) == [SlotsChanged(slots=10)]
        await it.minutes(3)
        after = await done(it, first, second)
        assert before == 9
        assert after - before == 30  # ten a minute instead of three: 3.3 times as fast


async def test_a_downgrade_starts_nothing_until_it_is_under_the_cap(tmp_path: Path) -> None:
    async with house(tmp_path, tier="pro", lasting=lambda work: 60_000 + 1_000 * int(work.title[5:])) as it:
        await it.submit(30)
        assert len(it.runner.running) == 10
        await it.scheduler.change_tier("a1", "free")
        await it.clock.advance(60_000 + 8_000)
        assert len(it.runner.running) == 1
        assert len(it.runner.begun) == 10
        await it.clock.advance(1_000)
        assert [work.title for work in it.runner.begun[10:]] == ["Task 10"]


async def test_a_small_batch_beside_a_large_one_starts_alternately_with_one_slot(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        large = await it.submit(1_000, "Large")
        await it.minutes(10.5)
        small = await it.submit(5, "Small")
        heard = len(it.bus.of(Started))
        await it.minutes(10)
        began = [fact.batch for fact in it.bus.of(Started)[heard:]]
        assert began == [large.id, small.id] * 5
        assert (await it.row(small.id)).state is BatchState.RUNNING
        await it.minutes(1)
        assert (await it.row(small.id)).state is BatchState.DONE


async def test_a_small_batch_holds_its_share_of_ten_slots_within_ten_ends(tmp_path: Path) -> None:
    async with house(tmp_path, tier="pro", lasting=lambda work: 60_000 + 100 * int(work.title[5:])) as it:
        await it.submit(1_000, "Large")
        await it.minutes(0.5)
        small = await it.submit(5, "Small")
        assert (await it.row(small.id)).running == 0
        await it.clock.advance(30_000 + 1_000)  # the first ten end one after another
        row = await it.row(small.id)
        assert row.running == 5
        assert row.waiting == 0


async def test_priority_gives_a_batch_its_weight_in_slots(tmp_path: Path) -> None:
    async with house(tmp_path, tier="pro") as it:
        light = await it.submit(100, "Light")
        heavy = await it.submit(100, "Heavy", priority=4)
        await it.minutes(1)
        assert [(await it.row(batch.id)).running for batch in (light, heavy)] == [2, 8]


async def test_a_cap_of_its_own_holds_a_batch_back(tmp_path: Path) -> None:
    async with house(tmp_path, tier="pro") as it:
        capped = await it.submit(100, "Capped", slots=2)
        assert len(it.runner.running) == 2
        other = await it.submit(100, "Other")
        assert [(await it.row(batch.id)).running for batch in (capped, other)] == [2, 8]
        await it.scheduler.patch("o1", capped.id, slots=5)
        await it.minutes(1)
        assert [(await it.row(batch.id)).running for batch in (capped, other)] == [5, 5]
