"""Pages are complete and without repeats, whatever their size; another office's rows and arriving ones are in none."""

from pathlib import Path

import pytest
from sqlalchemy import insert, text

from server.errors import NotFoundError
from server.model import BatchState, ExecutionState, TaskState
from server.store import pages
from server.store.accounts import add_account
from server.store.database import Database
from server.store.offices import add_office
from server.store.pages import TaskFilter, TaskRecord, batches_page, execution_exists, task_record, tasks_page
from server.store.tables import batches, executions, metadata, results, tasks


def batch(id_: str, office: str = "mine", state: str = "running", name: str = "List") -> dict[str, object]:
    return {
        "id": id_, "office": office, "name": name, "kind": "demo", "params": '{"seconds":2}', "state": state,
        "attempts": 1, "timeout_ms": 1_000, "ordinal": 3, "turn": 1, "total": 4, "waiting": 4, "created_ms": 5,
    }  # fmt: skip


def task(id_: str, batch_: str, position: int, state: str = "waiting", size: int = 0) -> dict[str, object]:
    return {
        "id": id_, "batch": batch_, "position": position, "title": f"Title {id_.upper()} 100%_", "state": state,
        "attempt": 1, "input": b'{"a":"%b"}' % (b"x" * size),
    }  # fmt: skip


@pytest.fixture
async def db(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
        for name in ("mine", "other"):
            await add_account(tx.conn, account=name, name=name, tier="pro", now_ms=1)
            await add_office(tx.conn, office=name, account=name, name=name, now_ms=1)
        await tx.conn.execute(
            insert(batches),
            [
                batch("b1", state="done", name="First 50%"),
                batch("b2"),
                batch("b3", state="arriving"),
                batch("b4", office="other"),
                batch("b5", state="paused", name="first_again"),
            ],
        )
        await tx.conn.execute(
            insert(tasks),
            [
                task("t1", "b1", 0, "done"), task("t2", "b1", 1, "failed"), task("t3", "b2", 0, "running"),
                task("t4", "b2", 1), task("t5", "b2", 2), task("t6", "b3", 0), task("t7", "b4", 0, "running"),
            ],
        )  # fmt: skip
        await tx.conn.execute(
            insert(executions),
            [
                {"id": "e2", "task": "t1", "batch": "b1", "office": "mine", "attempt": 2, "fence": 2,
                 "state": "done", "started_ms": 30, "ended_ms": 40, "reason": None, "message": None},
                {"id": "e1", "task": "t1", "batch": "b1", "office": "mine", "attempt": 1, "fence": 1,
                 "state": "failed", "started_ms": 10, "ended_ms": 20, "reason": "exit", "message": "exit code 1"},
            ],
        )  # fmt: skip
        await tx.conn.execute(insert(results).values(task="t1", execution="e2", body=b'{"n":1}'))
    yield database
    await database.close()


async def task_ids(db: Database, limit: int, **wanted: object) -> list[str]:
    """All pages of this size, one after another."""
    found: list[TaskRecord] = []
    after = None
    while True:
        async with db.read() as conn:
            page = await tasks_page(conn, "mine", TaskFilter(**wanted), limit=limit, after=after)  # type: ignore[arg-type]
        found += page
        if len(page) < limit:
            return [record.id for record in found]
        after = (page[-1].batch, page[-1].position)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 50])
async def test_tasks_come_newest_batch_first_in_the_order_of_their_list(db: Database, limit: int) -> None:
    assert await task_ids(db, limit) == ["t3", "t4", "t5", "t1", "t2"]
    assert await task_ids(db, limit, batch="b2") == ["t3", "t4", "t5"]
    assert await task_ids(db, limit, state=TaskState.WAITING) == ["t4", "t5"]
    assert await task_ids(db, limit, words="title t2 100%_") == ["t2"]
    assert await task_ids(db, limit, words="%") == ["t3", "t4", "t5", "t1", "t2"]
    assert await task_ids(db, limit, words="x%") == []
    assert await task_ids(db, limit, batch="b4") == []


async def test_batches_come_newest_first(db: Database) -> None:
    async with db.read() as conn:
        assert [row.id for row in await batches_page(conn, "mine", limit=9)] == ["b5", "b2", "b1"]
        assert [row.id for row in await batches_page(conn, "mine", limit=1, after="b5")] == ["b2"]
        paused = await batches_page(conn, "mine", limit=9, states=[BatchState.PAUSED, BatchState.DONE])
        assert [row.id for row in paused] == ["b5", "b1"]
        assert [row.id for row in await batches_page(conn, "mine", limit=9, words="t 50%")] == ["b1"]
        (row,) = await batches_page(conn, "mine", limit=1, words="first_")
        assert (row.id, row.state, row.order, row.params) == ("b5", BatchState.PAUSED, 3, {"seconds": 2})


async def test_a_task_has_its_result_and_its_executions_in_order(db: Database) -> None:
    async with db.read() as conn:
        record = await task_record(conn, "mine", "t1")
    assert (record.result, record.state, record.attempts) == (b'{"n":1}', TaskState.DONE, 1)
    assert [(found.id, found.state) for found in record.executions] == [
        ("e1", ExecutionState.FAILED),
        ("e2", ExecutionState.DONE),
    ]
    assert (record.executions[0].reason, record.executions[0].message) == ("exit", "exit code 1")


@pytest.mark.parametrize("missing", ["t6", "t7", "nothing"])
async def test_what_is_not_ours_or_has_not_arrived_is_not_there(db: Database, missing: str) -> None:
    async with db.read() as conn:
        with pytest.raises(NotFoundError, match=missing):
            await task_record(conn, "mine", missing)


async def test_executions_belong_to_one_office(db: Database) -> None:
    async with db.read() as conn:
        assert await execution_exists(conn, "mine", "e1")
        assert not await execution_exists(conn, "other", "e1")


async def test_a_page_of_large_tasks_is_shorter_and_still_loses_none(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "STEP", 1)
    monkeypatch.setattr(pages, "PAGE_BYTES_MAX", 1_000)
    async with db.write() as tx:
        await tx.conn.execute(insert(tasks), [task(f"u{n}", "b5", n, size=900) for n in range(5)])
    async with db.read() as conn:
        page = await tasks_page(conn, "mine", TaskFilter(batch="b5"), limit=5)
        assert [record.id for record in page] == ["u0", "u1"]
        rest = await tasks_page(conn, "mine", TaskFilter(batch="b5"), limit=5, after=("b5", 1))
        assert [record.id for record in rest] == ["u2", "u3"]


async def test_pages_of_an_office_are_read_along_the_index(db: Database) -> None:
    query = pages._tasks_of("mine").where(*pages._conditions(TaskFilter(state=TaskState.RUNNING), ("b2", 0)))
    ordered = query.order_by(batches.c.id.desc(), tasks.c.position).limit(5)
    async with db.read() as conn:
        sql = ordered.compile(conn.sync_connection, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in await conn.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
    assert not any("TEMP B-TREE" in step or "SCAN tasks" in step for step in plan), plan
