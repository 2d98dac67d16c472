"""One writer: cycles go first, what is mirrored in memory changes right after the commit, readers cannot write."""

import asyncio
import gc
from contextlib import AsyncExitStack
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError, ResourceClosedError

from server.store.database import OVERTAKEN_MAX, Database, WriterQueue, answers
from server.store.tables import meta, metadata


@pytest.fixture
async def db(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
    yield database
    await database.close()


async def keys(db: Database) -> list[str]:
    async with db.read() as conn:
        return list((await conn.execute(select(meta.c.key).order_by(meta.c.key))).scalars())


async def test_every_commit_is_durable_by_setting(db: Database) -> None:
    async with db.write() as tx:
        journal = (await tx.conn.execute(text("PRAGMA journal_mode"))).scalar_one()
        synchronous = (await tx.conn.execute(text("PRAGMA synchronous"))).scalar_one()
    assert (journal, synchronous) == ("wal", 2)  # 2 is FULL


async def test_an_exception_leaves_nothing_behind_and_calls_nobody(db: Database) -> None:
    called: list[int] = []
    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            tx.then(lambda: called.append(1))
            await tx.conn.execute(insert(meta).values(key="a", value="1"))
            raise ZeroDivisionError
    assert (await keys(db), called) == ([], [])


async def test_memory_is_told_before_the_next_write_begins(db: Database) -> None:
    order: list[str] = []

    async def write(name: str) -> None:
        async with db.write() as tx:
            order.append(f"begin {name}")
            await tx.conn.execute(insert(meta).values(key=name, value=""))
            tx.then(lambda: order.append(f"told {name}"))

    await asyncio.gather(write("a"), write("b"))
    assert order == ["begin a", "told a", "begin b", "told b"]


async def test_cycles_overtake_whoever_waits(db: Database) -> None:
    order: list[str] = []

    async def write(name: str, *, first: bool) -> None:
        async with db.write(first=first):
            order.append(name)
            await asyncio.sleep(0)

    holder = asyncio.create_task(write("holder", first=False))
    await asyncio.sleep(0)
    await asyncio.gather(
        holder, write("upload", first=False), write("export", first=False), write("cycle", first=True)
    )
    assert order == ["holder", "cycle", "upload", "export"]


async def test_a_house_that_never_rests_lets_others_write_in_between() -> None:
    """Cycles that follow on each other without a pause once kept a viewer out for as long as they lasted."""
    queue = WriterQueue()
    order: list[str] = []

    async def cycles() -> None:
        for _ in range(3 * OVERTAKEN_MAX):
            await queue.acquire(0)
            order.append("cycle")
            queue.release()

    async def another() -> None:
        await queue.acquire(1)
        order.append("another")
        queue.release()

    await queue.acquire(0)
    waiting = [asyncio.create_task(cycles()), asyncio.create_task(cycles()), asyncio.create_task(another())]
    await asyncio.sleep(0)
    queue.release()
    await asyncio.gather(*waiting)
    assert order.index("another") <= OVERTAKEN_MAX


async def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        async with db.read() as conn:
            await conn.execute(insert(meta).values(key="a", value="1"))


async def test_a_waiter_that_is_cancelled_passes_its_turn_on() -> None:
    queue = WriterQueue()
    await queue.acquire(1)
    given_up = asyncio.create_task(queue.acquire(1))
    patient = asyncio.create_task(queue.acquire(1))
    await asyncio.sleep(0)
    queue.release()
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    await asyncio.wait_for(patient, 1)


async def test_a_store_without_its_tables_does_not_answer(db: Database) -> None:
    assert await answers(db)
    async with db.write() as tx:
        await tx.conn.run_sync(metadata.drop_all)
    assert not await answers(db)


async def test_long_work_gives_way_to_a_cycle_and_to_nothing_else(db: Database) -> None:
    order: list[str] = []

    async def work() -> None:
        for _ in range(2):
            await db.give_way()
            order.append("work")

    async with db.write():
        await work()
    async with db.write(first=True):
        working = asyncio.ensure_future(work())
        for _ in range(10):
            await asyncio.sleep(0)
        order.append("cycle")
    await working
    assert order == ["work", "work", "cycle", "work", "work"]
    with pytest.raises(ZeroDivisionError):
        async with db.write(first=True):
            raise ZeroDivisionError
    await work()


async def test_a_reader_on_which_something_failed_is_nobodys_any_more(db: Database) -> None:
    async with db.read() as conn:
        broken = await conn.get_raw_connection()
        first = broken.driver_connection
    with pytest.raises(OperationalError, match="no such table"):
        async with db.read() as conn:
            assert (await conn.get_raw_connection()).driver_connection is first
            await conn.execute(text("SELECT 1 FROM nowhere"))
    async with db.read() as conn:
        assert (await conn.get_raw_connection()).driver_connection is not first
    assert await answers(db)


def left_open() -> int:
    """How many connections nobody has closed."""
    gc.collect()
    return sum(
        isinstance(each, aiosqlite.Connection) and each._connection is not None for each in gc.get_objects()
    )


async def test_closing_waits_for_those_who_read_and_write_and_lets_nobody_in_any_more(tmp_path: Path) -> None:
    before = left_open()
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with AsyncExitStack() as under_way:
        tx = await under_way.enter_async_context(db.write())
        conn = await under_way.enter_async_context(db.read())
        late = asyncio.create_task(db.fold())
        closing = asyncio.create_task(db.close())
        await asyncio.sleep(0)
        await tx.conn.run_sync(metadata.create_all)
        assert (await conn.execute(text("SELECT 1"))).scalar_one() == 1
        assert not closing.done()
    await closing
    with pytest.raises(ResourceClosedError):
        await late
    for after in (db.read(), db.write()):
        with pytest.raises(ResourceClosedError, match="the store is closed"):
            await after.__aenter__()
    assert not await answers(db)
    await db.close()
    assert left_open() == before
