from pathlib import Path

import pytest

from server.store.database import Database
from server.store.requests import KEPT_MS, Claim, Claimed, claim, finish, release, take_over
from server.store.tables import metadata


@pytest.fixture
async def db(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
    yield database
    await database.close()


async def ask(
    db: Database, digest: bytes = b"d", account: str = "a", holder: bytes = b"me", now_ms: int = 0
) -> Claim:
    async with db.write() as tx:
        return await claim(tx.conn, account=account, key="k", digest=digest, holder=holder, now_ms=now_ms)


async def answer(db: Database) -> None:
    async with db.write() as tx:
        await finish(tx.conn, account="a", key="k", status=201, body=b"{}")


async def test_a_key_is_taken_once_and_then_answers(db: Database) -> None:
    assert (await ask(db)).claimed is Claimed.FRESH
    assert (await ask(db)).claimed is Claimed.RUNNING
    await answer(db)
    assert await ask(db) == Claim(claimed=Claimed.ANSWERED, status=201, body=b"{}")


async def test_another_request_under_the_same_key_is_told_apart(db: Database) -> None:
    await ask(db)
    assert (await ask(db, b"other")).claimed is Claimed.OTHER
    await answer(db)
    assert (await ask(db, b"other")).claimed is Claimed.OTHER


async def test_accounts_have_keys_of_their_own(db: Database) -> None:
    await ask(db)
    assert (await ask(db, b"other", account="b")).claimed is Claimed.FRESH


async def test_what_a_dead_process_left_is_told_apart(db: Database) -> None:
    await ask(db, holder=b"dead")
    assert (await ask(db)).claimed is Claimed.ABANDONED


async def test_what_a_dead_process_was_about_to_make_is_known_and_one_alone_takes_over(db: Database) -> None:
    async with db.write() as tx:
        given = {"account": "a", "key": "k", "digest": b"d", "now_ms": 0}
        await claim(tx.conn, **given, holder=b"it", subject="b1")  # type: ignore[arg-type]
        found = await claim(tx.conn, **given, holder=b"me", subject="b2")  # type: ignore[arg-type]
        assert (found.claimed, found.subject) == (Claimed.ABANDONED, "b1")
        mine = {"account": "a", "key": "k", "left": found.body, "holder": b"me"}
        assert await take_over(tx.conn, **mine, subject="b2")  # type: ignore[arg-type]
        assert not await take_over(tx.conn, **mine, subject="b3")  # type: ignore[arg-type]
    assert (await ask(db)).claimed is Claimed.RUNNING


async def test_a_released_key_is_fresh_and_an_answered_one_is_kept(db: Database) -> None:
    await ask(db)
    async with db.write() as tx:
        await release(tx.conn, account="a", key="k")
    assert (await ask(db)).claimed is Claimed.FRESH
    await answer(db)
    async with db.write() as tx:
        await release(tx.conn, account="a", key="k")
    assert (await ask(db)).claimed is Claimed.ANSWERED


async def test_a_key_is_forgotten_after_a_day(db: Database) -> None:
    await ask(db, now_ms=1_000)
    assert (await ask(db, b"other", now_ms=1_000 + KEPT_MS - 1)).claimed is Claimed.OTHER
    assert (await ask(db, b"other", now_ms=1_000 + KEPT_MS)).claimed is Claimed.FRESH
