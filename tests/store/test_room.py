"""Room on the disk: a real SQLite file that may not grow, and what a system says when nothing more fits."""

import errno
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from server.store import room
from server.store.database import Database
from server.store.room import ROOM_BYTES_MIN, has_room, is_full


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    found = Database(f"sqlite+aiosqlite:///{tmp_path / 'room.sqlite3'}")
    async with found.write() as tx:
        await tx.conn.execute(text("CREATE TABLE blobs (body BLOB)"))
    yield found
    await found.close()


async def test_sqlite_says_that_it_is_full(db: Database) -> None:
    async with db.write() as tx:
        await tx.conn.execute(text("PRAGMA max_page_count = 20"))
    with pytest.raises(Exception, match="full") as caught:
        async with db.write() as tx:
            await tx.conn.execute(text("INSERT INTO blobs VALUES (zeroblob(200000))"))
    assert is_full(caught.value)
    async with db.write() as tx:
        await tx.conn.execute(text("INSERT INTO blobs VALUES (zeroblob(2000))"))  # it goes on by itself


async def test_what_else_goes_wrong_is_not_a_full_disk(db: Database) -> None:
    with pytest.raises(Exception, match="nothing") as caught:
        async with db.write() as tx:
            await tx.conn.execute(text("INSERT INTO nothing VALUES (1)"))
    assert not is_full(caught.value)
    assert not is_full(OSError(errno.EIO, "Input/output error"))
    assert is_full(OSError(errno.ENOSPC, "No space left on device"))
    assert not is_full(None)


async def test_free_pages_of_the_file_are_room_too(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await has_room(db)
    monkeypatch.setattr(room.os, "statvfs", lambda _path: SimpleNamespace(f_bavail=10, f_frsize=4096))
    assert not await has_room(db)
    async with db.write() as tx:
        await tx.conn.execute(text(f"INSERT INTO blobs VALUES (zeroblob({ROOM_BYTES_MIN}))"))
    assert not await has_room(db)
    async with db.write() as tx:
        await tx.conn.execute(text("DELETE FROM blobs"))
    assert await has_room(db)


async def test_a_store_without_a_file_says_itself_when_it_is_full() -> None:
    found = Database("sqlite+aiosqlite:///:memory:")
    assert await has_room(found)
    await found.close()
