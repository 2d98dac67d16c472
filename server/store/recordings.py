"""Recordings as rows: sessions of an office, their closed segments, and the parts of the open ones.

Writes are statements for one trip, and say how things are rather than how they change: carried out twice, because the
answer to the first time was lost, they do no harm.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import NotFoundError
from server.store.database import Database
from server.store.statements import Row, Statement, fetch, packed

BEGIN = """
INSERT INTO recordings (id, office, hz, started_ms, last_ms, segments, frames, bytes)
VALUES (:id, :office, :hz, :started_ms, :started_ms, 0, 0, 0)
ON CONFLICT (id) DO NOTHING
"""
GROW = """
UPDATE recordings SET last_ms = max(last_ms, :last_ms), segments = :segments, frames = :frames, bytes = :bytes
WHERE id = :id
"""
END = "UPDATE recordings SET ended_ms = :ended_ms, last_ms = max(last_ms, :ended_ms) WHERE id = :id"
ADD_PART = """
INSERT INTO parts (recording, n, part, body) VALUES (:recording, :n, :part, :body)
ON CONFLICT (recording, n, part) DO NOTHING
"""
ADD_SEGMENT = """
INSERT INTO segments (recording, n, start_ms, end_ms, first, last, frames, bytes, markers, idle, piece)
VALUES (:recording, :n, :start_ms, :end_ms, :first, :last, :frames, :bytes, :markers, :idle,
  1 + coalesce((SELECT max(id) FROM pieces), 0))
ON CONFLICT (recording, n) DO NOTHING
"""
ADD_PIECES = """
WITH given (recording, n, place, body) AS (VALUES :rows)
INSERT INTO pieces (id, body)
SELECT s.piece + given.place, given.body
FROM given JOIN segments AS s ON s.recording = given.recording AND s.n = given.n WHERE true
ON CONFLICT (id) DO NOTHING
"""
DROP_PARTS = "DELETE FROM parts WHERE recording = :recording AND n = :n"

_COLUMNS = "id, office, hz, started_ms, last_ms, ended_ms, segments, frames, bytes, name, imported_ms"
READ = f"SELECT {_COLUMNS} FROM recordings WHERE id = :recording AND office = :office AND NOT dropped"  # noqa: S608
PAGE = f"""
SELECT {_COLUMNS} FROM recordings WHERE office = :office AND id < :below AND NOT dropped
ORDER BY id DESC LIMIT :limit
"""  # noqa: S608
GOES_ON = f"""
SELECT {_COLUMNS} FROM recordings WHERE office = :office AND ended_ms IS NULL AND NOT dropped
  AND NOT EXISTS (SELECT 1 FROM parts WHERE parts.recording = recordings.id)
ORDER BY id DESC LIMIT 1
"""  # noqa: S608
OPEN = f"""
SELECT {_COLUMNS} FROM recordings
WHERE id IN (SELECT DISTINCT recording FROM parts LIMIT :limit)
"""  # noqa: S608
PARTS = "SELECT n, body FROM parts WHERE recording = :recording ORDER BY n, part"
_SEGMENTS = """
SELECT n, start_ms, end_ms, first, last, frames, bytes, markers, idle FROM segments WHERE recording = :recording
"""
SEGMENTS = f"{_SEGMENTS} ORDER BY n"
SEGMENT = f"{_SEGMENTS} AND n = :n"
BODY = """
SELECT p.body FROM segments AS s JOIN recordings AS r ON r.id = s.recording
JOIN pieces AS p ON p.id BETWEEN s.piece AND s.piece + (s.bytes - 1) / :size
WHERE s.recording = :recording AND s.n = :n AND r.office = :office AND NOT r.dropped ORDER BY p.id
"""

END_SILENT = """
UPDATE recordings SET ended_ms = last_ms
WHERE ended_ms IS NULL AND last_ms <= :before_ms AND id NOT IN (SELECT value FROM json_each(:kept))
"""
DROP = """
UPDATE recordings SET dropped = true
WHERE id = :recording AND office = :office AND NOT dropped
RETURNING id
"""
DROP_OLD = """
UPDATE recordings SET dropped = true
WHERE coalesce(imported_ms, ended_ms) <= :before_ms AND ended_ms <= :before_ms AND NOT dropped AND office IN (
  SELECT o.id FROM offices AS o JOIN accounts AS a ON a.id = o.account LEFT JOIN customers AS c ON c.account = a.id
  WHERE a.tier = :tier AND a.own_recording_days IS NULL AND coalesce(c.spared_ms, 0) <= :now_ms)
"""
DROP_OWN = """
UPDATE recordings SET dropped = true
WHERE ended_ms IS NOT NULL AND NOT dropped AND max(coalesce(imported_ms, ended_ms), ended_ms) <= :now_ms - :day_ms * (
  SELECT min(coalesce(a.own_recording_days, a.keep_recordings), coalesce(a.keep_recordings, a.own_recording_days))
  FROM offices AS o JOIN accounts AS a ON a.id = o.account WHERE o.id = recordings.office)
"""
DROPPED = """
SELECT id FROM recordings WHERE dropped AND id NOT IN (SELECT value FROM json_each(:kept)) LIMIT 1
"""
DELETE_PIECES = """
DELETE FROM pieces WHERE id IN (
  SELECT p.id FROM (SELECT piece, bytes FROM segments WHERE recording = :recording ORDER BY n LIMIT :limit) AS s
  JOIN pieces AS p ON p.id BETWEEN s.piece AND s.piece + (s.bytes - 1) / :size)
"""
DELETE_SEGMENTS = """
DELETE FROM segments WHERE recording = :recording AND n IN (
  SELECT n FROM segments WHERE recording = :recording ORDER BY n LIMIT :limit)
RETURNING 1
"""
DELETE_PARTS = "DELETE FROM parts WHERE recording = :recording"
DELETE = "DELETE FROM recordings WHERE id = :recording"

PIECE_BYTES = 640
"""A body is cut into rows of so many bytes, which fill SQLite's pages; of whole ones, some 2 kB each, half a page stays empty.

Written in every store: `segments.piece` and `bytes` say which pieces are whose.
"""
DELETED_AT_ONCE = 200
LAST_ID = "~"  # behind every id


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingRow:
    """A recording; what it counts (`segments`, `frames`, `bytes`, `last_ms`) are its closed segments.

    One that came in as a file has the name of the office that it shows, and the moment when it came.
    """

    id: str
    office: str
    hz: int
    started_ms: int
    last_ms: int
    ended_ms: int | None
    segments: int
    frames: int
    bytes: int
    name: str | None = None
    imported_ms: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentRow:
    """A closed segment without its body; `markers` and `idle` (stretches) are JSON texts."""

    n: int
    start_ms: int
    end_ms: int
    first: int
    last: int
    frames: int
    bytes: int
    markers: str
    idle: str


def begin(*, recording: str, office: str, hz: int, started_ms: int) -> Statement:
    """Begin a recording; harmless when it is there."""
    row = {"id": recording, "office": office, "hz": hz, "started_ms": started_ms}
    return Statement(text=BEGIN, values=row)


def add_part(recording: str, n: int, part: int, body: bytes) -> Statement:
    """Keep what came to an open segment since the part before."""
    return Statement(text=ADD_PART, values={"recording": recording, "n": n, "part": part, "body": body})


def close_segment(recording: str, row: SegmentRow, body: bytes) -> tuple[Statement, ...]:
    """Put a whole segment in the place of its parts."""
    values = {name: getattr(row, name) for name in SegmentRow.__dataclass_fields__}
    pieces = [
        (recording, row.n, place, body[start : start + PIECE_BYTES])
        for place, start in enumerate(range(0, row.bytes, PIECE_BYTES))
    ]
    return (
        Statement(text=ADD_SEGMENT, values={**values, "recording": recording}),
        Statement(text=ADD_PIECES, rows=pieces),
        drop_parts(recording, row.n),
    )


def bytes_in(statement: Statement) -> int:
    """How much of segments a statement writes."""
    return len(statement.values.get("body", b"")) + sum(len(piece) for *_, piece in statement.rows or ())


def drop_parts(recording: str, n: int) -> Statement:
    """Forget the parts of a segment."""
    return Statement(text=DROP_PARTS, values={"recording": recording, "n": n})


def grow(recording: str, *, last_ms: int, segments: int, frames: int, bytes_: int) -> Statement:
    """Write what a recording counts now."""
    row = {"id": recording, "last_ms": last_ms, "segments": segments, "frames": frames, "bytes": bytes_}
    return Statement(text=GROW, values=row)


def end(recording: str, ended_ms: int) -> Statement:
    """End a recording."""
    return Statement(text=END, values={"id": recording, "ended_ms": ended_ms})


async def recording_row(conn: AsyncConnection, office: str, recording: str) -> RecordingRow:
    """Read one recording of an office.

    Raises:
        NotFoundError: there is none, or it is another office's.
    """
    found = await fetch(conn, READ, office=office, recording=recording)
    if not found:
        raise NotFoundError(f"recording: there is no {recording!r} in this office")
    return _row(found[0])


async def recordings_page(
    conn: AsyncConnection, office: str, *, limit: int, after: str | None = None
) -> list[RecordingRow]:
    """Read up to `limit` recordings, the newest first, from below the id `after` on."""
    rows = await fetch(conn, PAGE, office=office, below=after or LAST_ID, limit=limit)
    return [_row(row) for row in rows]


async def goes_on(conn: AsyncConnection, office: str) -> RecordingRow | None:
    """Read the newest recording of an office that has not ended, and has no open segment."""
    rows = await fetch(conn, GOES_ON, office=office)
    return _row(rows[0]) if rows else None


async def segment_rows(conn: AsyncConnection, recording: str) -> list[SegmentRow]:
    """Read what is known of a recording's closed segments."""
    names = tuple(SegmentRow.__dataclass_fields__)
    rows = await fetch(conn, SEGMENTS, recording=recording)
    return [SegmentRow(**dict(zip(names, row, strict=True))) for row in rows]


async def segment_row(conn: AsyncConnection, recording: str, n: int) -> SegmentRow | None:
    """Read what is known of one closed segment."""
    found = await fetch(conn, SEGMENT, recording=recording, n=n)
    return SegmentRow(**dict(zip(SegmentRow.__dataclass_fields__, found[0], strict=True))) if found else None


async def segment_body(conn: AsyncConnection, office: str, recording: str, n: int) -> bytes:
    """Read a closed segment as it was packed.

    Raises:
        NotFoundError: there is none, or it is another office's.
    """
    found = await fetch(conn, BODY, office=office, recording=recording, n=n, size=PIECE_BYTES)
    if not found:
        raise NotFoundError(f"segment: there is no {n} of recording {recording!r} in this office")
    return b"".join(piece for (piece,) in found)


async def open_recordings(conn: AsyncConnection, limit: int) -> list[RecordingRow]:
    """Read recordings that have parts."""
    return [_row(row) for row in await fetch(conn, OPEN, limit=limit)]


async def parts_of(conn: AsyncConnection, recording: str) -> dict[int, list[bytes]]:
    """Read the parts of a recording's open segments, by number and in order."""
    found: dict[int, list[bytes]] = {}
    for n, body in await fetch(conn, PARTS, recording=recording):
        found.setdefault(n, []).append(bytes(body))
    return found


async def drop(conn: AsyncConnection, office: str, recording: str) -> None:
    """Take a recording out of every list; `delete_dropped` does the rest.

    Raises:
        NotFoundError: there is none, or it is another office's.
    """
    if not await fetch(conn, DROP, office=office, recording=recording):
        raise NotFoundError(f"recording: there is no {recording!r} in this office")


async def drop_old(conn: AsyncConnection, tier: str, before_ms: int, now_ms: int) -> None:
    """Take those recordings of a tier's accounts out of every list that ended by then, unless the account is spared now."""
    await fetch(conn, DROP_OLD, tier=tier, before_ms=before_ms, now_ms=now_ms)


async def drop_own(conn: AsyncConnection, now_ms: int) -> None:
    """The same of accounts that wish to keep them for less, or for which the operator has set another number of days."""
    await fetch(conn, DROP_OWN, now_ms=now_ms, day_ms=86_400_000)


async def end_silent(conn: AsyncConnection, before_ms: int, kept: Sequence[str]) -> None:
    """End the recordings whose last moment was by then, but for those `kept`."""
    await fetch(conn, END_SILENT, before_ms=before_ms, kept=packed(kept))


async def delete_dropped(db: Database, arriving: Callable[[], Sequence[str]] = tuple) -> None:
    """Delete what was dropped, two hundred segments a transaction, but for what is `arriving`."""
    while True:
        async with db.read() as conn:
            found = await fetch(conn, DROPPED, kept=packed(arriving()))
        if not found:
            return
        await _delete(db, found[0][0])


async def _delete(db: Database, recording: str) -> None:
    left = True
    while left:
        async with db.write() as tx:
            chosen = {"recording": recording, "limit": DELETED_AT_ONCE}
            await fetch(tx.conn, DELETE_PIECES, **chosen, size=PIECE_BYTES)
            gone = await fetch(tx.conn, DELETE_SEGMENTS, **chosen)
            left = len(gone) == DELETED_AT_ONCE
            if not left:
                await fetch(tx.conn, DELETE_PARTS, recording=recording)
                await fetch(tx.conn, DELETE, recording=recording)


def _row(row: Row) -> RecordingRow:
    return RecordingRow(**dict(zip(RecordingRow.__dataclass_fields__, row, strict=True)))
