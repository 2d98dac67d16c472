"""The sample recording in a store of its own."""

from pathlib import Path

from bench.recordings import row_of
from bench.trace import HZ
from server.recording.markers import Markers
from server.store import recordings
from server.store.accounts import add_account
from server.store.database import Database
from server.store.offices import add_office
from server.store.statements import carry_out
from server.store.tables import metadata
from tests.preview.sample import segments, start_ms

OFFICE, RECORDING = "office000001", "recording001"


async def keep(db: Database, office: str = OFFICE, recording: str = RECORDING, count: int = 4) -> str:
    """Put some minutes of the sample into a store, by the statements that the recorder uses."""
    markers = Markers()
    statements = [recordings.begin(recording=recording, office=office, hz=HZ, started_ms=start_ms())]
    rows = []
    for n, lines in enumerate(segments()[:count]):
        row, body = row_of(n, list(lines), markers)
        rows.append(row)
        statements += recordings.close_segment(recording, row, body)
    statements += [
        recordings.grow(
            recording, last_ms=rows[-1].end_ms, segments=count, frames=sum(row.frames for row in rows),
            bytes_=sum(row.bytes for row in rows),
        ),
        recordings.end(recording, rows[-1].end_ms),
    ]  # fmt: skip
    async with db.write() as tx:
        await carry_out(tx.conn, statements)
    return recording


async def store(folder: Path) -> Database:
    db = Database(f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}")
    async with db.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
        await add_account(tx.conn, account="ann", name="Ann", tier="pro", now_ms=0)
        await add_office(tx.conn, office=OFFICE, account="ann", name="Northwind", now_ms=0)
    await keep(db)
    return db
