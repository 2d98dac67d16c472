"""Ends that come one by one share a cycle, where they took long enough not to mind."""

import asyncio
from pathlib import Path

from server.scheduler.cycle import GATHER_MS, GATHER_PART
from tests.fakes.office import House, chunks_of, house, new_batch

LONG_MS = GATHER_MS * GATHER_PART


def hurry_nobody(it: House) -> None:
    """`settled` does not let ends wait; here the clock moves on as it would by itself."""

    async def rest() -> None:
        for _ in range(3):
            await it.scheduler._cycles._rest.wait()
            await asyncio.sleep(0)

    it.clock.settle = rest


async def running(it: House) -> int:
    ((count,),) = await it.select("SELECT count(*) FROM executions WHERE state = 'running'")
    return int(count)


async def test_an_end_long_after_the_last_cycle_is_committed_at_once(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: LONG_MS) as it:
        await it.submit(1)
        hurry_nobody(it)
        await it.clock.advance(LONG_MS)
        assert await running(it) == 0


async def test_ends_soon_after_it_wait_for_each_other(tmp_path: Path) -> None:
    lasting = iter([LONG_MS, LONG_MS + 2, LONG_MS + 5])
    async with house(tmp_path, tier="starter", lasting=lambda _work: next(lasting)) as it:
        await it.submit(3)
        hurry_nobody(it)
        await it.clock.advance(LONG_MS + GATHER_MS - 1)
        assert await running(it) == 2
        await it.clock.advance(1)
        assert await running(it) == 0


async def test_what_was_short_waits_no_longer_than_a_part_of_that(tmp_path: Path) -> None:
    short_ms = 2 * GATHER_PART
    lasting = iter([short_ms, short_ms + 1])
    async with house(tmp_path, tier="starter", lasting=lambda _work: next(lasting)) as it:
        await it.submit(2)
        hurry_nobody(it)
        await it.clock.advance(short_ms + 1)
        assert await running(it) == 1
        await it.clock.advance(1)
        assert await running(it) == 0


async def test_whoever_asks_for_something_else_takes_the_waiting_ends_along(tmp_path: Path) -> None:
    lasting = iter([LONG_MS, LONG_MS + 1, 60_000])
    async with house(tmp_path, tier="starter", lasting=lambda _work: next(lasting)) as it:
        await it.submit(2)
        hurry_nobody(it)
        await it.clock.advance(LONG_MS + 1)
        assert await running(it) == 1
        row = await it.scheduler.submit("o1", new_batch("Later"), chunks_of(1))
        await it.clock.settle()
        assert (await it.row(row.id)).running == 1
        assert await running(it) == 1
