"""A recording that somebody sends as a file: read to its end, and there as a whole or not at all."""

import asyncio
import tempfile
from typing import BinaryIO, cast

from starlette.responses import Response

from server.errors import TenDesksError
from server.recording.arriving import recording_file_bytes_max
from server.routes.answers import JsonAnswer
from server.routes.call import Call
from server.routes.idempotency import digest_of, once
from server.routes.recordings import FILE, shape_of
from server.routes.refusals import UnsupportedMediaTypeError
from server.routes.upload import Upload
from server.store.recordings import recording_row

MEDIA = (FILE, "application/octet-stream")
WRITTEN_BYTES = 256 * 1024


async def create(call: Call) -> Response:
    """Take a file in."""
    upload = Upload(
        call.request, call.parts.clock, bytes_max=recording_file_bytes_max, limit="recording_file_bytes_max"
    )
    try:
        _check_media(call)
        with tempfile.TemporaryFile(dir=call.parts.settings.data) as file:
            source = cast("BinaryIO", file)
            await _spool(upload, source)
            return await once(call, digest_of(call, upload.digest), lambda: _keep(call, source))
    except TenDesksError:
        await upload.drain()
        raise


async def _keep(call: Call, source: BinaryIO) -> Response:
    try:
        arrived = await call.parts.arrivals.take(call.office, source)
    except TenDesksError:
        call.parts.retention.hurry()  # what came of it is deleted
        raise
    async with call.parts.db.read() as conn:
        row = await recording_row(conn, call.office, arrived.id)
    return JsonAnswer({**shape_of(row), "whole": arrived.whole}, 201)


async def _spool(upload: Upload, file: BinaryIO) -> None:
    waiting: list[bytes] = []
    async for chunk in upload.chunks():
        waiting.append(chunk)
        if sum(map(len, waiting)) >= WRITTEN_BYTES:
            await asyncio.to_thread(file.writelines, waiting)
            waiting = []
    file.writelines(waiting)
    file.flush()


def _check_media(call: Call) -> None:
    headers = call.request.headers
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaTypeError("Content-Encoding: expected none: the file is compressed in itself")
    if media not in MEDIA:
        raise UnsupportedMediaTypeError(f"Content-Type: expected {FILE}, got {media[:80] or 'none'}")
