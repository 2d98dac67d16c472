"""Results of a batch as a file: page by page, in the order of the list, while the batch may still run.

CSV, NDJSON and JSON are sent as they are read; Parquet, which says at its end what is where, once it is whole.
"""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote

import orjson
from starlette.responses import Response, StreamingResponse

from server.errors import InvalidInputError
from server.model import TaskState
from server.routes.answers import NO_STORE, present
from server.routes.call import Call
from server.routes.formats import FORMATS, PARQUET, check_tier
from server.routes.paging import word
from server.routes.parquet import parquet
from server.sheets.columns import Columns
from server.store.batches import batch_row
from server.store.pages import TaskFilter, TaskRecord
from server.store.results import exported

Pages = AsyncIterator[list[TaskRecord]]
READ_BYTES = 64 * 1024


async def export(call: Call) -> Response:
    """All tasks of a batch with their results, in the format that the query names."""
    query = call.request.query_params
    form = query.get("format") or "json"
    if form not in FORMATS:
        raise InvalidInputError(f"format: expected one of {', '.join(FORMATS)}, got {form[:40]!r}")
    await check_tier(call, form)
    async with call.parts.db.read() as conn:
        row = await batch_row(conn, call.office, call.path("id"))
    wanted = TaskFilter(batch=row.id, state=word("state", query.get("state"), TaskState))
    pages = exported(call.parts.db, call.office, wanted)
    headers = {**NO_STORE, "content-disposition": disposition(f"{row.name}.{form}")}
    if form == PARQUET:
        return await parquet(call, row, wanted.state, pages, headers)
    return StreamingResponse(WRITERS[form](pages, call.parts.settings.data), 200, headers, FORMATS[form])


def disposition(name: str) -> str:
    """A Content-Disposition header (RFC 6266) with the name in ASCII and, complete, in UTF-8."""
    plain = "".join(
        char if char.isascii() and (char.isalnum() or char in " -_.,()") else "_" for char in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def line_of(task: TaskRecord) -> bytes:
    """A task as one line of NDJSON; input and result are the JSON that was stored, byte for byte."""
    return orjson.dumps(
        present(
            task=task.id,
            title=task.title,
            key=task.key,
            state=task.state,
            attempts=task.attempts,
            reason=task.reason,
            message=task.message,
            input=orjson.Fragment(task.input),
            result=orjson.Fragment(task.result) if task.result is not None else None,
        )
    )


async def ndjson(pages: Pages, _folder: Path) -> AsyncIterator[bytes]:
    """One object a line."""
    async for page in pages:
        yield b"".join(line_of(task) + b"\n" for task in page)


async def json(pages: Pages, _folder: Path) -> AsyncIterator[bytes]:
    """One array of the same objects, each on a line of its own: so it can be read as it comes."""
    mark = b"["
    async for page in pages:
        yield mark + b"\n" + b",\n".join(map(line_of, page))
        mark = b","
    yield b"\n]\n" if mark == b"," else b"[]\n"


async def table(pages: Pages, folder: Path) -> AsyncIterator[bytes]:
    """CSV (RFC 4180), UTF-8. The columns are known after the last row only, so the rows wait in a nameless file."""
    columns = Columns()
    with tempfile.TemporaryFile(dir=folder, prefix="export-") as spool:
        async for page in pages:
            for task in page:
                given, result = orjson.loads(task.input), orjson.loads(task.result or b"null")
                columns.see(task.message, given, result)
                fixed = [task.title, task.state, task.attempts, task.reason]
                spool.write(orjson.dumps([fixed, task.message, given, result]) + b"\n")
        spool.seek(0)
        yield _csv([columns.names()])
        while lines := spool.readlines(READ_BYTES):
            yield _csv([columns.row(*orjson.loads(line)) for line in lines])
            await asyncio.sleep(
                0
            )  # a reader that is never slow must not keep the event loop from everyone else


WRITERS: dict[str, Callable[[Pages, Path], AsyncIterator[bytes]]] = {
    "json": json,
    "ndjson": ndjson,
    "csv": table,
}


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
