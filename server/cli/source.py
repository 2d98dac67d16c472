"""The FILE of a submission: which format it is in, and its bytes as often as they are needed."""

import csv
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

import orjson

from server.cli.exits import UsageError
from server.intake.stream import Format

CHUNK_BYTES = 64 * 1024
SNIFF_BYTES = 64 * 1024
NAME_CHARS_MAX = 40
MEMORY_BYTES_MAX = 8 * 1024 * 1024
MEDIA: Mapping[Format, str] = {
    Format.CSV: "text/csv",
    Format.NDJSON: "application/x-ndjson",
    Format.LINES: "text/plain",
}
EXTENSIONS: Mapping[str, Format] = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".ndjson": Format.NDJSON,
    ".jsonl": Format.NDJSON,
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Source:
    """An open list. It can be read from its beginning any number of times."""

    def __init__(self, stream: IO[bytes], *, name: str, shape: Format) -> None:
        self._stream = stream
        self.name = name
        self.shape = shape

    @property
    def media(self) -> str:
        """The media type to send it as."""
        return MEDIA[self.shape]

    def chunks(self) -> Iterator[bytes]:
        """All its bytes, from the beginning."""
        self._stream.seek(0)
        while chunk := self._stream.read(CHUNK_BYTES):
            yield chunk

    async def body(self) -> AsyncIterator[bytes]:
        """The same as the body of a request."""
        for chunk in self.chunks():
            yield chunk


@contextmanager
def opened(file: str, shape: Format | None, stdin: BinaryIO | None = None) -> Iterator[Source]:
    """Open a file by its path, or standard input for "-". `shape` None: by the extension, or by the first lines.

    Raises:
        UsageError: there is no such file, or it cannot be read.
    """
    with _open(file, stdin) as stream:
        if file == "-":
            name, found = "standard input", sniff(stream.read(SNIFF_BYTES))
        else:
            name, found = Path(file).name, EXTENSIONS.get(Path(file).suffix.lower(), Format.LINES)
        yield Source(stream, name=name, shape=shape or found)


def _open(file: str, stdin: BinaryIO | None) -> IO[bytes]:
    if file == "-":
        return _kept(stdin or sys.stdin.buffer)
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - the caller closes it
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    if stream.seekable():
        return stream
    with stream:  # a pipe, such as <(command) makes one: what is read is gone
        return _kept(stream)


def _kept(stream: BinaryIO) -> IO[bytes]:
    kept = cast("IO[bytes]", tempfile.SpooledTemporaryFile(MEMORY_BYTES_MAX))  # noqa: SIM115 - so here
    shutil.copyfileobj(stream, kept, CHUNK_BYTES)
    kept.seek(0)
    return kept


def sniff(head: bytes) -> Format:
    """What a list without a name looks like: NDJSON by an object in its first line, CSV by its columns, else lines."""
    if head.startswith(_UTF16):
        return Format.CSV
    lines = [line for line in head.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if lines and _is_object(lines[0]):
        return Format.NDJSON
    return Format.CSV if _is_table(lines) else Format.LINES


def _is_object(line: str) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except ValueError:
        return False


def _is_table(lines: list[str]) -> bool:
    """A header of two names or more, and a first row with as many cells. Sentences with commas are no header."""
    return any(_is_table_of(lines[:2], separator) for separator in (",", ";", "\t"))


def _is_table_of(lines: list[str], separator: str) -> bool:
    rows = list(csv.reader(lines, delimiter=separator))
    if len(rows) != 2 or not 1 < len(rows[0]) == len(rows[1]):
        return False
    names = [cell.strip() for cell in rows[0]]
    return len(set(names)) == len(names) and all(0 < len(name) <= NAME_CHARS_MAX for name in names)
