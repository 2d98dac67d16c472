"""Results into a file: whole or not at all, in the format its name says."""

import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from server.cli.api import Api
from server.cli.exits import CommandError, NoServerError, UsageError

FORMATS: Mapping[str, str] = {
    ".csv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".parquet": "parquet",
}
BINARY = "parquet"
"""The one that is no text."""
TRIES = 3


class NotWrittenError(CommandError):
    """The results could not be written where they should go; they are still in the store."""

    code = "not_written"


def format_of(path: Path) -> str:
    """The format that a file's name says.

    Raises:
        UsageError: it says none.
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise UsageError(f"{path}: expected a name that ends in .csv, .ndjson, .json or .parquet") from None


def check_target(path: Path) -> str:
    """Find out before anything runs whether results can be written there; returns the format.

    Raises:
        UsageError: they cannot, and why.
    """
    shape = format_of(path)
    if path.is_dir():
        raise UsageError(f"{path}: is a folder, expected a file")
    try:
        part = _part(path)
        part.touch()
        part.unlink()
    except OSError as error:
        raise UsageError(f"{path}: cannot be written here ({error.strerror or error})") from error
    return shape


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A file beside the target, to be filled; put in its place at the end, or taken away if that is not reached.

    Raises:
        NotWrittenError: the disk would not take it.
    """
    part = _part(path)
    try:
        yield part
        _put_in_place(part, path)
    except OSError as error:
        raise NotWrittenError(f"{path}: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


async def to_file(api: Api, batch: str, shape: str, path: Path) -> int:
    """Write a batch's results; the file appears when it is complete. Returns its size in bytes.

    Raises:
        NotWrittenError: the disk would not take it.
        NoServerError: the connection broke off again and again.
    """
    part = _part(path)
    try:
        for _ in range(TRIES - 1):
            try:
                return await _once(api, batch, shape, part, path)
            except NoServerError:
                continue
        return await _once(api, batch, shape, part, path)
    except OSError as error:
        raise NotWrittenError(
            f"{path}: {error.strerror or error}; `tendesks results {batch}` writes them elsewhere"
        ) from error
    finally:
        part.unlink(missing_ok=True)


async def to_stdout(api: Api, batch: str, shape: str) -> None:
    """Write a batch's results to standard output, byte by byte as the server sends them.

    Raises:
        UsageError: a terminal would be given what is no text.
    """
    if shape == BINARY and sys.stdout.isatty():
        raise UsageError(
            "Parquet is no text that a terminal could show: name a file with --to, or pipe it on"
        )
    async with api.download(f"/batches/{batch}/results", format=shape) as chunks:
        await _copy(chunks, sys.stdout.buffer)
    sys.stdout.buffer.flush()


async def _once(api: Api, batch: str, shape: str, part: Path, path: Path) -> int:
    async with api.download(f"/batches/{batch}/results", format=shape) as chunks:
        with part.open("wb") as file:
            await _copy(chunks, file)
    return _put_in_place(part, path)


async def _copy(chunks: AsyncIterator[bytes], file: BinaryIO) -> None:
    async for chunk in chunks:
        file.write(chunk)


def _put_in_place(part: Path, path: Path) -> int:
    target = path.resolve()
    part.replace(target)
    return target.stat().st_size


def _part(path: Path) -> Path:
    target = path.resolve()
    return target.with_name(f".{target.name}.part")
