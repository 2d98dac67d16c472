"""A batch arrives whole or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.errors import InvalidInputError, NotFoundError, UnavailableError
from server.model import BatchState, NewTask
from server.scheduler.arrival import ROWS_MAX, pieces, submit
from server.scheduler.cycle import RETRY_MS
from server.store.database import Transaction
from server.store.statements import fetch
from tests.fakes.office import FlakyDatabase, chunks_of, house, new_batch

EMPTY = [("batches", 0), ("tasks", 0)]
COUNTS = "SELECT 'batches', count(*) FROM batches UNION ALL SELECT 'tasks', count(*) FROM tasks"


async def broken(after: int) -> AsyncIterator[list[NewTask]]:
    async for chunk in chunks_of(after):
        yield chunk
    raise InvalidInputError("line 17: expected 4 cells, got 3")


async def test_chunks_of_any_size_are_cut_to_what_a_transaction_takes() -> None:
    async def given() -> AsyncIterator[list[int]]:
        for size in (0, 1, ROWS_MAX, 2 * ROWS_MAX + 1):
            yield list(range(size))

    assert [len(piece) async for piece in pieces(given())] == [1, ROWS_MAX, ROWS_MAX, ROWS_MAX, 1]
    assert ROWS_MAX <= 1_000


async def test_a_large_batch_keeps_its_order_and_gets_the_next_turn_and_number(tmp_path: Path) -> None:
    async with house(tmp_path, lasting=lambda _work: None) as it:
        first = await it.submit(2)
        row = await submit(it.scheduler._engine, "o1", new_batch("Large"), chunks_of(2_500, size=700))
        assert (row.total, row.order, row.state, first.order) == (2_500, 1, BatchState.QUEUED, 0)
        rows = await it.select(
            "SELECT position, title FROM tasks WHERE batch = :batch ORDER BY id", batch=row.id
        )
        assert rows == [(number, f"Task {number}") for number in range(2_500)]


@pytest.mark.parametrize("after", [0, 1, 1_000, 2_500])
async def test_an_error_in_the_middle_leaves_nothing_behind(tmp_path: Path, after: int) -> None:
    async with house(tmp_path) as it:
        with pytest.raises(InvalidInputError, match="line 17"):
            await it.scheduler.submit("o1", new_batch(), broken(after))
        assert await it.select(COUNTS) == EMPTY
        assert it.runner.begun == []


async def test_an_empty_batch_and_an_unknown_office_are_refused(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        with pytest.raises(InvalidInputError, match="at least one"):
            await it.submit(0)
        with pytest.raises(NotFoundError):
            await it.submit(1, office="o7")
        assert await it.select(COUNTS) == EMPTY


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_a_failing_store_left_is_deleted_before_the_next_batch_or_at_the_next_start(
    tmp_path: Path, restarted: bool
) -> None:
    async with house(tmp_path) as it:

        async def failing() -> AsyncIterator[list[NewTask]]:
            async for chunk in chunks_of(3_000):
                yield chunk
                if chunk[0].title == "Task 2000":
                    it.db.failing = "before"
            raise InvalidInputError("line 3001")

        with pytest.raises((InvalidInputError, UnavailableError)):
            await it.scheduler.submit("o1", new_batch(), failing())
        it.db.failing = None
        assert await it.select("SELECT state FROM batches") == [("arriving",)]
        if restarted:
            await it.scheduler.stop(0)
            it.scheduler._engine.draining = False
            await it.scheduler.start()
            assert await it.select(COUNTS) == EMPTY
        else:
            await it.submit(3)
            assert await it.select(COUNTS) == [("batches", 1), ("tasks", 3)]


@pytest.mark.parametrize("count", [3, 2_500])
async def test_a_batch_whose_last_commit_lost_its_answer_is_there_and_said_to_be(
    tmp_path: Path, count: int
) -> None:
    async with house(tmp_path, lasting=lambda _work: None) as it:

        async def failing() -> AsyncIterator[list[NewTask]]:
            async for chunk in chunks_of(count):
                yield chunk
            it.db.failing = "after"

        row = await it.scheduler.submit("o1", new_batch(), failing())
        it.db.failing = None
        assert row.total == count
        assert row.state in {BatchState.QUEUED, BatchState.RUNNING}  # a cycle may come before it is looked at
        assert await it.select(COUNTS) == [("batches", 1), ("tasks", count)]
        await it.clock.advance(RETRY_MS)
        assert (await it.row(row.id)).running == min(count, 10)


async def test_no_transaction_inserts_more_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    write = FlakyDatabase.write

    @asynccontextmanager
    async def counted(db: FlakyDatabase, *, first: bool = False) -> AsyncIterator[Transaction]:
        async with write(db, first=first) as tx:
            before = (await fetch(tx.conn, "SELECT count(*) FROM tasks"))[0][0]
            yield tx
            sizes.append((await fetch(tx.conn, "SELECT count(*) FROM tasks"))[0][0] - before)

    async with house(tmp_path, lasting=lambda _work: None) as it:
        monkeypatch.setattr(FlakyDatabase, "write", counted)
        await it.scheduler.submit("o1", new_batch(), chunks_of(4 * ROWS_MAX + 7, size=9_999))
        assert [size for size in sizes if size] == [ROWS_MAX] * 4 + [7]


async def test_another_office_starts_while_a_large_batch_arrives(tmp_path: Path) -> None:
    async with house(tmp_path, offices=2, lasting=lambda _work: None) as it:
        others: list[asyncio.Future[object]] = []
        begun: list[bool] = []

        async def large() -> AsyncIterator[list[NewTask]]:
            async for chunk in chunks_of(10_000):
                if not others:
                    others.append(asyncio.ensure_future(it.scheduler.submit("o2", new_batch(), chunks_of(1))))
                begun.append(any(work.office == "o2" for work in it.runner.begun))
                yield chunk

        await it.scheduler.submit("o1", new_batch(), large())
        await asyncio.gather(*others)
        # A chunk ahead is read, one transaction may be under way, and then its own and the cycle go first.
        assert begun.index(True) <= 4, begun
