from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.accounts.local import Owner, ensure_owner
from server.accounts.tokens import Tokens
from server.store.database import Database
from server.store.ids import Ids
from server.store.tables import metadata
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def tokens(db: Database, clock: FakeClock) -> Tokens:
    return Tokens(db, clock, Ids(clock))


@pytest.fixture
async def owner(db: Database, clock: FakeClock) -> Owner:
    return await ensure_owner(db, clock=clock, ids=Ids(clock), tier="pro")
