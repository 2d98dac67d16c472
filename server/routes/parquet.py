"""Results as a Parquet file: the one that is sent when it is whole, for it says at its end what is where in it."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from typing import IO

import orjson
from starlette.responses import Response, StreamingResponse

from server.errors import DiskFullError
from server.model import TaskState
from server.routes.answers import present
from server.routes.call import Call
from server.routes.formats import FORMATS, PARQUET
from server.routes.times import maybe_rfc3339, rfc3339
from server.store.batches import BatchRow
from server.store.pages import TaskRecord
from server.store.room import has_room

Pages = AsyncIterator[list[TaskRecord]]
FILE_BYTES = 256 * 1024


async def parquet(
    call: Call, row: BatchRow, state: TaskState | None, pages: Pages, headers: Mapping[str, str]
) -> Response:
    """Raises DiskFullError, and as `Tables.parquet`."""
    if not await has_room(call.parts.db):
        raise DiskFullError("what is left of the disk is for the queue: make room, then export again")
    told = told_of(row, state, call.parts.clock.now_ms())
    file = await call.parts.tables.parquet(told, rows_of(pages))
    size = os.fstat(file.fileno()).st_size
    return StreamingResponse(read(file), 200, {**headers, "content-length": str(size)}, FORMATS[PARQUET])


def told_of(row: BatchRow, state: TaskState | None, now_ms: int) -> dict[str, str]:
    """What a file says of itself: of which batch it is, and when it was made. Moments as in HTTP."""
    told = present(
        batch=row.id,
        name=row.name,
        kind=row.kind,
        created=rfc3339(row.created_ms),
        started=maybe_rfc3339(row.started_ms),
        ended=maybe_rfc3339(row.ended_ms),
        state=state,
        exported=rfc3339(now_ms),
    )
    return {f"tendesks.{name}": str(value) for name, value in told.items()}


async def rows_of(pages: Pages) -> AsyncIterator[bytes]:
    """Rows as `server.sheets` reads them, with the JSON that was stored, byte for byte."""
    async for page in pages:
        yield b"".join(map(_row, page))


def _row(task: TaskRecord) -> bytes:
    fixed = [task.title, task.state, task.attempts, task.reason]
    stored = [orjson.Fragment(task.input), orjson.Fragment(task.result or b"null")]
    return orjson.dumps([fixed, task.message, *stored]) + b"\n"


async def read(file: IO[bytes]) -> AsyncIterator[bytes]:
    """A file from where it stands to its end, and closed."""
    with file:
        while piece := await asyncio.to_thread(file.read, FILE_BYTES):
            yield piece
