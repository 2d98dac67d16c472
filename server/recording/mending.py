"""What a crash left: open segments are closed from their parts, before anything else is recorded."""

import zlib
from collections.abc import Sequence
from sqlite3 import Error as SqliteError

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.recording.entries import Closed
from server.recording.former import recalled
from server.recording.frame import DamagedError
from server.recording.rows import written
from server.recording.segment import read
from server.store.database import Database
from server.store.recordings import RecordingRow, drop_parts, open_recordings, parts_of, segment_rows
from server.store.statements import Statement, carry_out

log = structlog.get_logger(__name__)

MENDED_AT_ONCE = 20


async def mend(db: Database) -> None:
    """Close every segment that is open in the store. To be called while nothing is recorded.

    What the store does not take now stays as it is until the next start, and its recordings are not gone on with.
    """
    try:
        while await _mend_some(db):
            pass
    except (SqliteError, SQLAlchemyError, OSError) as error:
        log.warning("recording.not_mended", reason=str(error))


async def _mend_some(db: Database) -> bool:
    async with db.read() as conn:
        rows = await open_recordings(conn, MENDED_AT_ONCE)
    statements = [one for row in rows for one in await _mended(db, row)]
    if statements:
        async with db.write() as tx:
            await carry_out(tx.conn, statements)
    return bool(statements)


async def _mended(db: Database, row: RecordingRow) -> list[Statement]:
    """The statements that close a recording's open segments; one whose parts are no segment is given up."""
    async with db.read() as conn:
        recording = recalled(row, await segment_rows(conn, row.id))
        parts = await parts_of(conn, row.id)
    statements: list[Statement] = []
    for n, bodies in parts.items():
        try:
            lines = _lines(bodies)
            keyframe, _ = read(lines)
        except DamagedError as error:
            log.error("recording.damaged", recording=row.id, segment=n, reason=error.detail)  # noqa: TRY400
            statements.append(drop_parts(row.id, n))
            continue
        gap = n > 0 and keyframe.now_ms > recording.last_ms
        closed = Closed(recording=recording, n=n, lines=lines, end_ms=None, gap=gap, over=True)
        statements += await written(closed, db.give_way)
    return statements


def _lines(parts: Sequence[bytes]) -> list[bytes]:
    try:
        return b"".join(map(zlib.decompress, parts)).split(b"\n")[:-1]
    except zlib.error as error:
        raise DamagedError("expected parts packed by zlib, got something else") from error
