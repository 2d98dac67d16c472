"""Recordings that come in as files, as rows: they count as dropped until all of them is there."""

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import Statement, fetch

BEGIN_ARRIVING = """
INSERT INTO recordings (id, office, hz, started_ms, last_ms, segments, frames, bytes, dropped, name, imported_ms)
VALUES (:id, :office, :hz, :started_ms, :started_ms, 0, 0, 0, true, :name, :now_ms)
ON CONFLICT (id) DO NOTHING
"""
ARRIVE = "UPDATE recordings SET dropped = false WHERE id = :id"
IMPORTED = (
    "SELECT count(*) FROM recordings WHERE office = :office AND imported_ms IS NOT NULL AND NOT dropped"
)


def begin_arriving(
    *, recording: str, office: str, hz: int, started_ms: int, name: str, now_ms: int
) -> Statement:
    """Begin a recording that comes in as a file: it counts as dropped until `arrive`."""
    row = {
        "id": recording,
        "office": office,
        "hz": hz,
        "started_ms": started_ms,
        "name": name,
        "now_ms": now_ms,
    }
    return Statement(text=BEGIN_ARRIVING, values=row)


def arrive(recording: str) -> Statement:
    """All of it is there: put it into the lists."""
    return Statement(text=ARRIVE, values={"id": recording})


async def imported_count(conn: AsyncConnection, office: str) -> int:
    """How many recordings of an office came in as files."""
    return int((await fetch(conn, IMPORTED, office=office))[0][0])
