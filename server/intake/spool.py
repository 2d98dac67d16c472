"""A list is checked to its end before anything of it is stored: it waits in a temporary file, and memory stays flat."""

import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from server.errors import DiskFullError, InvalidInputError, LimitExceededError
from server.intake.rows import Row, title_of, words
from server.model import NewTask
from server.store.room import is_full

CHUNK = 1_000
KEY_CHARS_MAX = 200


class Spool:
    """Takes rows, keeps them as NDJSON (a line for title and key, a line for the input), gives them back as tasks.

    With `first`, the whole list is still checked and counted but only so many tasks are kept: a trial that is
    accepted means that the list will be. The file has no name, so that a crash leaves nothing behind.
    """

    def __init__(
        self,
        folder: Path,
        *,
        tasks_max: int,
        input_bytes_max: int,
        title: str | None = None,
        key: str | None = None,
        first: int | None = None,
    ) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, prefix="spool-")  # noqa: SIM115 -- closed by __exit__
        self._tasks_max = tasks_max
        self._input_bytes_max = input_bytes_max
        self._title = title
        self._key = key
        self._first = first
        self._names: list[str] | None = None
        self.total = 0
        self.kept = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def fields(self) -> tuple[str, ...]:
        """The names that occur in every row, in the order of the first one."""
        return tuple(self._names or ())

    def take(self, rows: Iterable[Row]) -> None:
        """Check and keep some more rows.

        Raises:
            InvalidInputError: a row without the field that is to be its title or key.
            LimitExceededError: too many tasks, or an input that is too large.
            DiskFullError: the disk is full.
        """
        for row in rows:
            self._check(row)
            self.total += 1
            if self._names is None:
                self._names = list(row.fields)
            elif len(self._names) != len(row.fields) or not row.fields.keys() >= set(self._names):
                self._names = [name for name in self._names if name in row.fields]
            if self._first is None or self.kept < self._first:
                self._write(row)

    def finish(self) -> None:
        """The list has ended.

        Raises:
            InvalidInputError: there was nothing in it.
            DiskFullError: the disk is full.
        """
        if self.total == 0:
            raise InvalidInputError("The list is empty: expected at least one task")
        with _full_said():
            self._file.flush()

    async def chunks(self) -> AsyncIterator[Sequence[NewTask]]:
        """Give back what was kept, at most 1,000 tasks at a time."""
        self._file.seek(0)
        chunk: list[NewTask] = []
        for task in self._tasks():
            chunk.append(task)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _check(self, row: Row) -> None:
        if self.total >= self._tasks_max:
            raise LimitExceededError(
                f"tasks_per_batch_max: expected up to {self._tasks_max:,} tasks in a batch, the list has more",
                limit="tasks_per_batch_max",
            )
        if len(row.input) > self._input_bytes_max:
            raise LimitExceededError(
                f"input_bytes_max: expected up to {self._input_bytes_max:,} bytes for the input of a task,"
                f" row {row.number} (line {row.line}) has {len(row.input):,}",
                limit="input_bytes_max",
                line=row.line,
            )
        for parameter, name in (("title", self._title), ("key", self._key)):
            if name is not None and name not in row.fields:
                raise InvalidInputError(
                    f"{parameter}={name}: row {row.number} (line {row.line}) has no such field,"
                    f" expected one of {', '.join(row.fields)}",
                    line=row.line,
                    column=1,
                )

    def _write(self, row: Row) -> None:
        key = row.key if self._key is None else words(row.fields[self._key])
        if key is not None and len(key) > KEY_CHARS_MAX:
            raise InvalidInputError(
                f"key: expected up to {KEY_CHARS_MAX} characters, row {row.number} (line {row.line}) has {len(key)}",
                line=row.line,
                column=1,
            )
        head = orjson.dumps([title_of(row, self._title), key])
        with _full_said():
            self._file.write(b"%b\n%b\n" % (head, row.input))
        self.kept += 1

    def _tasks(self) -> Iterator[NewTask]:
        lines: Iterator[Any] = iter(self._file)
        for head in lines:
            title, key = orjson.loads(head)
            yield NewTask(title=title, input=next(lines).rstrip(b"\n"), key=key)


@contextmanager
def _full_said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise DiskFullError("The disk is full: the list could not be kept, nothing was stored") from error
