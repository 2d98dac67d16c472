"""A recording, or a stretch of it, as one file, read from the store piece by piece."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeAlias

import orjson

from server.errors import NotFoundError
from server.model import View
from server.recording.contents import Header
from server.recording.file import Writer
from server.recording.markers import Marker, Stretch, projected_markers
from server.recording.segment import pack, projected, unpack
from server.store.database import Database
from server.store.recordings import SegmentRow, segment_body

Bodies: TypeAlias = Callable[[SegmentRow], Awaitable[bytes]]
"""A segment as it was packed, in the full view. Raises NotFoundError where there is none any more."""


def bodies_of(db: Database, office: str, recording: str) -> Bodies:
    """The segments of a recording, from the store."""

    async def body(row: SegmentRow) -> bytes:
        async with db.read() as conn:
            return await segment_body(conn, office, recording, row.n)

    return body


async def copied(
    header: Header,
    rows: Sequence[SegmentRow],
    body_of: Bodies,
    markers: Sequence[Marker],
    idle: Sequence[Stretch],
) -> AsyncIterator[bytes]:
    """The file of these segments, as the header's view sees them; so are the markers.

    A recording that is deleted meanwhile ends there; what came of it plays.
    """
    writer = Writer(header)
    yield writer.begin()
    for row in rows:
        try:
            body = await body_of(row)
        except NotFoundError:
            return
        shown = body if header.view is View.FULL else await asyncio.to_thread(_seen, body, header.view)
        yield writer.segment(shown, start_ms=row.start_ms, end_ms=row.end_ms)
    yield writer.finish(markers, idle)


def noted(rows: Sequence[SegmentRow], view: View) -> tuple[list[Marker], list[Stretch]]:
    """The markers of these segments as a view may see them, in the order of their moments, and their idle stretches."""
    markers = [marker for row in rows for marker in orjson.loads(row.markers)]
    idle = [(since_ms, to_ms) for row in rows for since_ms, to_ms in orjson.loads(row.idle)]
    return sorted(projected_markers(markers, view), key=lambda marker: int(marker["at"])), idle


def _seen(body: bytes, view: View) -> bytes:
    return pack(projected(unpack(body), view))
