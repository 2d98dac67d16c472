"""Which recording goes on after a restart, and which is over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.recording.former import former_of
from server.recording.take import quiet_ms_max, recording_ms_max
from server.store import recordings
from server.store.database import Database
from server.store.statements import carry_out
from tests.fakes.office import prepare

BEGAN_MS = 1_000_000
LAST_MS = BEGAN_MS + 60_000


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await prepare(tmp_path / "former.sqlite3", "pro", offices=2)
    async with database.write() as tx:
        begun = recordings.begin(recording="r1", office="o1", hz=10, started_ms=BEGAN_MS)
        grown = recordings.grow("r1", last_ms=LAST_MS, segments=2, frames=40, bytes_=900)
        await carry_out(tx.conn, [begun, grown])
    yield database
    await database.close()


async def test_one_whose_last_moment_is_young_enough_goes_on(db: Database) -> None:
    found = await former_of(db, "o1", now_ms=LAST_MS + quiet_ms_max - 1, hz=10)
    assert found is not None
    assert (found.id, found.segments, found.frames, found.last_ms) == ("r1", 2, 40, LAST_MS)
    assert await former_of(db, "o1", now_ms=LAST_MS + quiet_ms_max, hz=10) is None


async def test_one_with_other_ticks_or_of_another_office_does_not(db: Database) -> None:
    assert await former_of(db, "o1", now_ms=LAST_MS, hz=20) is None
    assert await former_of(db, "o2", now_ms=LAST_MS, hz=10) is None


async def test_one_that_has_lasted_long_enough_does_not(db: Database) -> None:
    async with db.write() as tx:
        last_ms = BEGAN_MS + recording_ms_max
        await carry_out(tx.conn, [recordings.grow("r1", last_ms=last_ms, segments=2, frames=40, bytes_=900)])
    assert await former_of(db, "o1", now_ms=BEGAN_MS + recording_ms_max, hz=10) is None


async def test_one_that_has_ended_does_not(db: Database) -> None:
    async with db.write() as tx:
        await carry_out(tx.conn, [recordings.end("r1", LAST_MS)])
    assert await former_of(db, "o1", now_ms=LAST_MS, hz=10) is None
