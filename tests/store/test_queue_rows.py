"""The statements of the queue: each changes exactly what it says, and none reads a whole table."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.errors import NotFoundError
from server.model import BatchState
from server.store import accounts, batches, executions, offices, statements, tasks, usage
from server.store.database import Database
from server.store.statements import carry_out
from tests.fakes.office import house, prepare

ROOMS = (accounts, batches, executions, offices, tasks, usage)
STATEMENTS = [
    (f"{room.__name__}.{name}", value)
    for room in ROOMS
    for name, value in vars(room).items()
    if name.isupper() and isinstance(value, str) and not name.startswith("_")
]

GIVEN = {"SCAN given", "SCAN 2 CONSTANT ROWS", "SCAN 2-ROW VALUES CLAUSE"}
PARTIAL = {
    "SCAN executions USING INDEX ix_executions_running",
    "SCAN batches USING INDEX ix_batches_open",
    "SCAN batches USING COVERING INDEX ix_batches_open",
}


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await prepare(tmp_path / "test.sqlite3", "pro", offices=2)
    yield database
    await database.close()


@pytest.mark.parametrize(("name", "statement"), STATEMENTS)
async def test_no_statement_reads_a_whole_table(db: Database, name: str, statement: str) -> None:
    values = dict.fromkeys(set(re.findall(r":(\w+)", statement)) - {"rows"}, "[]")
    written = statement.replace(
        ":rows", f"({', '.join('1' * width(statement))}), ({', '.join('1' * width(statement))})"
    )
    async with db.write() as tx:
        plan = await statements.fetch(tx.conn, f"EXPLAIN QUERY PLAN {written}", **{**values, "most": 1})
    scans = [row[3] for row in plan if row[3].startswith("SCAN") and "VIRTUAL TABLE" not in row[3]]
    # What is given, and partial indexes that hold nothing but what runs or is open.
    assert {scan for scan in scans if scan not in GIVEN} <= PARTIAL, name


def width(statement: str) -> int:
    """How many columns its rows have, of which it names the first list."""
    listed = re.search(r"\(([\w, \n]+)\)", statement)
    return 0 if listed is None else len(listed[1].split(","))


async def test_an_end_is_written_once_and_only_under_its_fence(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        await it.submit(3)
        first, second, third = (work for work, _ in it.runner.running.values())
        async with it.db.write() as tx:
            ends = [(first.execution, 1, "done", 5, "", ""), (second.execution, 2, "done", 5, "", "")]
            assert await carry_out(tx.conn, [executions.end(ends)] * 2) == [[(first.execution,)], []]
            assert await executions.running_counts(tx.conn, ["o1"]) == {"o1": 2}
            left = await executions.running(tx.conn, ["o1"])
            assert [row.id for row in left] == sorted([second.execution, third.execution])
            (row,) = await executions.ended(tx.conn, [first.execution])
            assert (row.state, row.ended_ms, row.ready_ms) == ("done", 5, None)
        assert await executions.running_tokens(it.db) == {second.token, third.token}
        async with it.db.write() as tx:
            await tx.conn.exec_driver_sql("UPDATE executions SET state = 'running', ended_ms = NULL")


async def test_windows_of_many_batches_are_read_at_once_in_order(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        one, two = await it.submit(10), await it.submit(4)
        async with it.db.read() as conn:
            (rows,) = await carry_out(conn, [tasks.windows([(one.id, 3), (two.id, 0)], 3)])
        assert [(batch, position) for batch, position, _, _ in rows] == [
            (one.id, 3), (one.id, 4), (one.id, 5), (two.id, 0), (two.id, 1), (two.id, 2),
        ]  # fmt: skip


async def test_batches_and_tasks_are_found_in_their_own_office_only(tmp_path: Path) -> None:
    async with house(tmp_path, offices=2) as it:
        batch = await it.submit(1)
        ((task,),) = await it.select("SELECT id FROM tasks")
        async with it.db.read() as conn:
            assert (await batches.batch_row(conn, "o1", batch.id)).state is BatchState.RUNNING
            assert await tasks.task_row(conn, "o1", task) is not None
            assert await tasks.task_row(conn, "o2", task) is None
            with pytest.raises(NotFoundError):
                await batches.batch_row(conn, "o2", batch.id)
            assert await offices.open_offices(conn) == ["o1"]


async def test_accounts_and_offices_are_kept(db: Database) -> None:
    async with db.write() as tx:
        await accounts.change_tier(tx.conn, "a1", "free")
        await offices.rename(tx.conn, "o1", "Acme")
        assert await offices.next_turn(tx.conn, "o1") == (1, 0)
        assert await offices.next_turn(tx.conn, "o1") == (2, 1)
        counts = [("a1", "2026-11", 3), ("a1", "2026-11", 4), ("a2", "2026-10", 1)]
        await carry_out(tx.conn, [offices.write_turns([("o1", 9), ("o2", 4)]), usage.count(counts)])
        assert await accounts.office_of(tx.conn, "a1") == "o1"
        assert await accounts.office_of(tx.conn, "a9") is None
        rows = {row.id: row for row in await offices.office_rows(tx.conn, ["o1", "o2", "o9"], "2026-11")}
    assert (rows["o1"].tier, rows["o1"].name, rows["o1"].turn, rows["o1"].used) == ("free", "Acme", 9, 7)
    assert (rows["o2"].turn, rows["o2"].used) == (4, 0)
    assert set(rows) == {"o1", "o2"}


async def test_usage_is_counted_by_month_of_the_year(db: Database) -> None:
    async with db.write() as tx:
        await carry_out(tx.conn, [usage.count([("a1", "2026-12", 5)])])
        assert await usage.used(tx.conn, "a1", "2026-12") == 5
        assert await usage.used(tx.conn, "a1", "2027-01") == 0


@pytest.mark.parametrize(
    ("now_ms", "month", "resets_ms"),
    [
        (1_795_000_000_000, "2026-11", 1_796_083_200_000),
        (1_798_761_599_999, "2026-12", 1_798_761_600_000),
        (1_798_761_600_000, "2027-01", 1_801_440_000_000),
    ],
)
def test_a_month_ends_where_the_next_begins_in_utc(now_ms: int, month: str, resets_ms: int) -> None:
    assert usage.month_of(now_ms) == month
    assert usage.resets_ms(month) == resets_ms


async def test_rows_are_written_alike_where_the_driver_is_not_sqlites(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through SQLAlchemy alone, as on every other database."""
    monkeypatch.setattr(statements, "sqlite_driver", lambda _conn: None)
    counts = [("a1", f"2026-{month:02}", month) for month in range(1, 13)]
    async with db.write() as tx:
        await carry_out(tx.conn, [usage.count(counts), usage.count([]), offices.write_turns([("o1", 9)])])
    async with db.read() as conn:
        assert [await usage.used(conn, "a1", month) for _, month, _ in counts] == [*range(1, 13)]
