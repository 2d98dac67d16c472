"""Logs on the disk: written, read, and swept when there are too many. Blocks, so it is called in threads."""

import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".log"
_SWEPT_TO = 0.9  # a sweep looks at every file: let it make room for a while


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Bytes to be appended to the log of `execution`, which holds `before_bytes` so far."""

    execution: str
    path: Path
    before_bytes: int
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class _File:
    """One log among those a sweep has found, the oldest first."""

    changed_ns: int
    size_bytes: int
    path: Path


def append_all(pieces: Sequence[Piece]) -> list[OSError | None]:
    """Append every piece to its file; return for each why it was not, or None. A file never keeps half a piece."""
    return [_append(piece) for piece in pieces]


def read(path: Path, start: int, count: int, written_bytes: int | None) -> tuple[bytes, int]:
    """Return (up to `count` bytes from `start` on, how many the file has).

    `written_bytes` says how many of its bytes count, None: all. A file that is not there is empty.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size if written_bytes is None else written_bytes
            file.seek(min(start, size))  # a file system has its own idea of the last position there may be
            return file.read(max(min(count, size - start), 0)), size
    except FileNotFoundError:
        return b"", 0


def last_of(path: Path, count: int) -> tuple[bytes, int]:
    """Return (the last bytes, up to `count`; how many the file has). A file that is not there is empty."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(size - count, 0))
            return file.read(count), size
    except FileNotFoundError:
        return b"", 0


def sweep(folder: Path, bytes_max: int, kept: Collection[str]) -> int:
    """Remove the oldest logs when all together are above `bytes_max`; return how many bytes are left.

    Logs of the executions in `kept` stay.
    """
    files = _files(folder)
    total = sum(file.size_bytes for file in files)
    if total <= bytes_max:
        return total
    for file in sorted(files, key=lambda file: file.changed_ns):
        if total <= bytes_max * _SWEPT_TO:
            break
        if file.path.name.removesuffix(SUFFIX) not in kept:
            with suppress(OSError):
                file.path.unlink()
                total -= file.size_bytes
    return total


def remove(paths: Iterable[Path]) -> int:
    """Remove logs, and return how many bytes they had. Raises OSError where one that is there stays."""
    gone = 0
    for path in paths:
        with suppress(FileNotFoundError):
            size = path.stat().st_size
            path.unlink()
            gone += size
    return gone


def _append(piece: Piece) -> OSError | None:
    try:
        descriptor = _open(piece.path)
    except OSError as error:
        return error
    try:
        left = memoryview(piece.data)
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError as error:
        with suppress(OSError):
            os.ftruncate(descriptor, piece.before_bytes)
        return error
    finally:
        os.close(descriptor)
    return None


def _open(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


def _files(folder: Path) -> list[_File]:
    files = []
    for path in folder.glob(f"*/*{SUFFIX}"):
        with suppress(OSError):
            status = path.stat()
            files.append(_File(changed_ns=status.st_mtime_ns, size_bytes=status.st_size, path=path))
    return files
