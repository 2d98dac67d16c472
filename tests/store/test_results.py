from pathlib import Path

import pytest
from sqlalchemy import insert

from server.model import TaskState
from server.store.accounts import add_account
from server.store.database import Database
from server.store.offices import add_office
from server.store.pages import TaskFilter
from server.store.results import PAGE, PAGE_BYTES, exported
from server.store.tables import batches, metadata, tasks


@pytest.fixture
async def db(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
        await add_account(tx.conn, account="a", name="a", tier="pro", now_ms=1)
        await add_office(tx.conn, office="o", account="a", name="a", now_ms=1)
        await tx.conn.execute(
            insert(batches).values(
                id="b", office="o", name="L", kind="demo", params="{}", state="running", attempts=1,
                timeout_ms=1, ordinal=0, turn=1, created_ms=1,
            )
        )  # fmt: skip
        rows = [
            {"id": f"t{n}", "batch": "b", "position": n, "title": str(n), "input": b"{}",
             "state": "done" if n % 3 == 0 else "waiting"}
            for n in range(2 * PAGE + 1)
        ]  # fmt: skip
        await tx.conn.execute(insert(tasks), rows)
    yield database
    await database.close()


async def test_every_task_comes_once_in_its_order(db: Database) -> None:
    sizes, titles = [], []
    async for page in exported(db, "o", TaskFilter(batch="b")):
        sizes.append(len(page))
        titles += [int(record.title) for record in page]
    assert sizes == [PAGE, PAGE, 1]
    assert titles == list(range(2 * PAGE + 1))


async def test_heavy_rows_come_fewer_at_a_time(db: Database) -> None:
    async with db.write() as tx:
        await tx.conn.execute(tasks.update().values(input=b'{"text":"' + b"x" * 50_000 + b'"}'))
    sizes, titles = [], []
    async for page in exported(db, "o", TaskFilter(batch="b")):
        sizes.append(len(page))
        titles += [int(record.title) for record in page]
    assert sizes[0] == PAGE
    assert set(sizes[1:-1]) == {PAGE_BYTES // 50_011}
    assert titles == list(range(2 * PAGE + 1))


async def test_an_export_can_be_of_one_state_only(db: Database) -> None:
    wanted = TaskFilter(batch="b", state=TaskState.DONE)
    titles = [int(record.title) async for page in exported(db, "o", wanted) for record in page]
    assert titles == list(range(0, 2 * PAGE + 1, 3))


async def test_a_write_between_two_pages_does_not_wait(db: Database) -> None:
    seen = 0
    async for page in exported(db, "o", TaskFilter(batch="b")):
        seen += len(page)
        async with db.write() as tx:
            await tx.conn.execute(tasks.update().where(tasks.c.position == 2 * PAGE).values(title="late"))
    assert (seen, page[-1].title) == (2 * PAGE + 1, "late")
