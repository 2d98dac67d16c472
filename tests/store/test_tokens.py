from pathlib import Path

import pytest

from server.store.accounts import add_account
from server.store.database import Database
from server.store.offices import add_office
from server.store.tables import metadata
from server.store.tokens import NewToken, add_token, drop_expired, drop_token, token_row


@pytest.fixture
async def db(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
        await add_account(tx.conn, account="acc", name="A", tier="pro", now_ms=1)
        await add_office(tx.conn, office="off", account="acc", name="A", now_ms=1)
    yield database
    await database.close()


def token(id_: str, kind: str = "api", expires_ms: int | None = None) -> NewToken:
    return NewToken(
        id=id_, account="acc", kind=kind, hash=id_.encode(), label=None, role="owner", scopes="read submit",
        created_ms=1, expires_ms=expires_ms,
    )  # fmt: skip


async def test_a_token_is_found_by_kind_and_hash_with_its_office(db: Database) -> None:
    async with db.write() as tx:
        await add_token(tx.conn, token("one"))
    async with db.read() as conn:
        row = await token_row(conn, "api", b"one")
        assert row is not None
        assert (row.account, row.office, row.role, row.scopes) == ("acc", "off", "owner", "read submit")
        assert await token_row(conn, "session", b"one") is None
        assert await token_row(conn, "api", b"two") is None


async def test_tokens_go_by_name_or_with_their_time(db: Database) -> None:
    async with db.write() as tx:
        for new in (token("one"), token("two", expires_ms=5), token("three", expires_ms=6)):
            await add_token(tx.conn, new)
        await drop_expired(tx.conn, 5)
        await drop_token(tx.conn, "session", b"one")
    async with db.read() as conn:
        left = [name for name in (b"one", b"two", b"three") if await token_row(conn, "api", name)]
    assert left == [b"one", b"three"]
    async with db.write() as tx:
        await drop_token(tx.conn, "api", b"one")
        assert await token_row(tx.conn, "api", b"one") is None
