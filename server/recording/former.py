"""What an earlier process recorded of an office, as rows have it."""

from collections.abc import Sequence

import orjson

from server.recording.entries import Recording
from server.recording.take import quiet_ms_max, recording_ms_max
from server.store.database import Database
from server.store.recordings import RecordingRow, SegmentRow, goes_on, segment_rows


async def former_of(db: Database, office: str, *, now_ms: int, hz: int) -> Recording | None:
    """The recording that was being made when the last process ended, if that is to go on; else None."""
    async with db.read() as conn:
        row = await goes_on(conn, office)
        if row is None or not _current(row, now_ms, hz):
            return None
        return recalled(row, await segment_rows(conn, row.id))


def _current(row: RecordingRow, now_ms: int, hz: int) -> bool:
    young = now_ms - row.last_ms < quiet_ms_max and now_ms - row.started_ms < recording_ms_max
    return young and row.hz == hz


def recalled(row: RecordingRow, rows: Sequence[SegmentRow]) -> Recording:
    """A recording as its rows have it."""
    recording = Recording(
        id=row.id,
        office=row.office,
        hz=row.hz,
        started_ms=row.started_ms,
        last_ms=row.last_ms,
        segments=row.segments,
        frames=row.frames,
        bytes=row.bytes,
    )
    markers = [marker for each in rows for marker in orjson.loads(each.markers)]
    recording.remember(markers, sum(len(orjson.loads(each.idle)) for each in rows))
    return recording
