"""The results of one list that went in as several batches, as one file in the order of the list."""

import csv
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import orjson

from server.cli.api import Api
from server.cli.export import BINARY, written
from server.cli.kept import Finished, Lines, result_lines
from server.intake.spool import Spool
from server.kinds.folders import last_folder, task_folder

DIR = "dir"

Rows = Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """Where a list's results are: of some rows a former run has them, of the others these batches, one after another.

    `folders`: the data folder, where each attempt had a folder of its own on this machine; then each row says which.
    """

    spool: Spool
    finished: Finished
    batches: Sequence[str]
    folders: Path | None = None


async def merge(api: Api, whole: Whole, shape: str, path: Path) -> None:
    """Write the file; it appears when it is complete. Rows that were never handed in are not in it.

    Raises:
        NotWrittenError: the disk would not take it.
        NoServerError: the connection broke off again and again.
    """
    with Lines() as new:
        for batch in whole.batches:
            async for line in result_lines(api, batch):
                new.add(_with_folder(line, batch, whole.folders) if whole.folders else line)

        def rows() -> AsyncIterator[bytes]:
            return _in_order(whole, iter(new))

        with written(path) as part:
            if shape == BINARY:
                await _parquet(rows, part)
                return
            with part.open("w", encoding="utf-8", newline="") as file:
                await WRITERS[shape](rows, file)


async def _in_order(whole: Whole, new: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The lines of all rows, in the order of the list."""
    async for chunk in whole.spool.chunks():
        for task in chunk:
            if task.key is not None and task.key in whole.finished:
                yield whole.finished.line(task.key)
            elif (line := next(new, None)) is not None:
                yield line


def _with_folder(line: bytes, batch: str, data: Path) -> bytes:
    folder = last_folder(task_folder(data, batch, orjson.loads(line)["task"]))
    return line if folder is None else b'%b,"%b":%b}' % (line[:-1], DIR.encode(), orjson.dumps(str(folder)))


async def _ndjson(rows: Rows, file: TextIO) -> None:
    async for line in rows():
        file.write(line.decode() + "\n")


async def _json(rows: Rows, file: TextIO) -> None:
    mark = "[\n"
    async for line in rows():
        file.write(mark + line.decode())
        mark = ",\n"
    file.write("\n]\n" if mark == ",\n" else "[]\n")


async def _csv(rows: Rows, file: TextIO) -> None:
    """As the server writes it, with the same columns: they are known after the last row only, so all is read twice."""
    from server.sheets.columns import Columns  # noqa: PLC0415 - late: only a merged table needs it

    columns = Columns()
    async for line in rows():
        row = orjson.loads(line)
        columns.see(row.get("message"), _given(row), row.get("result"))
    out = csv.writer(file)
    out.writerow(columns.names())
    async for line in rows():
        row = orjson.loads(line)
        fixed = [row["title"], row["state"], row["attempts"], row.get("reason")]
        out.writerow(columns.row(fixed, row.get("message"), _given(row), row.get("result")))


async def _parquet(rows: Rows, part: Path) -> None:
    """As the server writes it: here, where the rows are."""
    from server.sheets.parquet import write  # noqa: PLC0415 - late: only a merged table needs it

    with Lines() as table, part.open("wb") as file:
        table.add(b"{}")
        async for line in rows():
            row = orjson.loads(line)
            fixed = [row["title"], row["state"], row["attempts"], row.get("reason")]
            table.add(orjson.dumps([fixed, row.get("message"), _given(row), row.get("result")]))
        write(table.file, file)


def _given(row: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = row["input"]
    return {**given, DIR: row[DIR]} if DIR in row else given


WRITERS = {"ndjson": _ndjson, "json": _json, "csv": _csv}
