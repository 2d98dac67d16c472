"""Tasks on disk, in blocks: written once in their order, read back block by block, any number of times."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from server.errors import DiskFullError
from server.model import NewTask
from server.store.room import is_full

BLOCK_TASKS_MAX = 1_000
BLOCK_BYTES_MAX = 1024 * 1024
"""A block is written once its inputs have so many bytes, so that inputs of 64 KiB each take no more memory."""


class Blocks:
    """A file without a name, so that a crash leaves nothing behind, and one block in memory.

    A block is a line of JSON (titles, keys, lengths of inputs) and then the inputs: taken apart by one call each, it
    costs a fifth of a line for each task.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, prefix="spool-")  # noqa: SIM115 -- closed by `close`
        self._titles: list[str] = []
        self._keys: list[str | None] = []
        self._inputs: list[bytes] = []
        self._bytes = 0

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def add(self, title: str, key: str | None, input_: bytes) -> None:
        """Append a task. Raises DiskFullError."""
        self._titles.append(title)
        self._keys.append(key)
        self._inputs.append(input_)
        self._bytes += len(input_)
        if self._bytes >= BLOCK_BYTES_MAX or len(self._inputs) == BLOCK_TASKS_MAX:
            self.flush()

    def flush(self) -> None:
        """Write what is still in memory. Raises DiskFullError."""
        if not self._inputs:
            return
        head = orjson.dumps([self._titles, self._keys, [len(input_) for input_ in self._inputs]])
        with _full_said():
            self._file.writelines([head, b"\n", *self._inputs])
            self._file.flush()
        self._titles, self._keys, self._inputs, self._bytes = [], [], [], 0

    def read(self) -> Iterator[list[NewTask]]:
        """Yield the blocks in their order. Raises DiskFullError."""
        self.flush()
        self._file.seek(0)
        while head := self._file.readline():
            yield _tasks(self._file, *orjson.loads(head))


def _tasks(file: Any, titles: list[str], keys: list[str | None], sizes: list[int]) -> list[NewTask]:
    body, start = file.read(sum(sizes)), 0
    found = []
    for title, key, size in zip(titles, keys, sizes, strict=True):
        found.append(NewTask(title=title, input=body[start : start + size], key=key))
        start += size
    return found


@contextmanager
def _full_said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise DiskFullError("The disk is full: the list could not be kept, nothing was stored") from error
