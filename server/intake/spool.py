"""A list is checked to its end before anything of it is stored: it waits in a temporary file, and memory stays flat."""

from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from server.errors import InvalidInputError, LimitExceededError
from server.intake.blocks import Blocks
from server.intake.rows import Row, title_of, words
from server.model import NewTask

KEY_CHARS_MAX = 200


class Spool:
    """Takes rows, checks them, keeps them in blocks and gives them back as tasks.

    With `first`, the whole list is still checked and counted but only so many tasks are kept: a trial that is
    accepted means that the list will be.
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
        self._blocks = Blocks(folder)
        self._tasks_max = tasks_max
        self._input_bytes_max = input_bytes_max
        self._title = title
        self._key = key
        self._named = [(word, name) for word, name in (("title", title), ("key", key)) if name is not None]
        self._first = first
        self._names: list[str] | None = None
        self._known: frozenset[str] = frozenset()  # the same, to compare each row with
        self.total = 0
        self.kept = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._blocks.close()

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
            if self._names is None or not row.fields.keys() >= self._known:
                self._narrow(row)
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
        self._blocks.flush()

    async def chunks(self) -> AsyncIterator[Sequence[NewTask]]:
        """Give back what was kept, at most 1,000 tasks and about 1 MiB at a time."""
        left = self.kept
        for block in self._blocks.read():
            if left > 0:
                yield block[:left]
            left -= len(block)

    def cut(self, first: int | None) -> None:
        """Keep only the first ones of what was kept: `first`, said behind the list."""
        if first is not None:
            self.kept = min(self.kept, first)

    def _narrow(self, row: Row) -> None:
        known = list(row.fields) if self._names is None else self._names
        self._names = [name for name in known if name in row.fields]
        self._known = frozenset(self._names)

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
        for parameter, name in self._named:
            if name not in row.fields:
                raise InvalidInputError(
                    f"{parameter}={name}: row {row.number} (line {row.line}) has no such field,"
                    f" expected one of {', '.join(row.fields)}",
                    line=row.line,
                    column=1,
                )

    def _write(self, row: Row) -> None:
        key = row.key if self._key is None else words(row.fields[self._key])
        if key is not None:
            _check_key(row, key)
        self._blocks.add(title_of(row, self._title), key, row.input)
        self.kept += 1


def _check_key(row: Row, key: str) -> None:
    if len(key) > KEY_CHARS_MAX:
        raise InvalidInputError(
            f"key: expected up to {KEY_CHARS_MAX} characters, row {row.number} (line {row.line}) has {len(key)}",
            line=row.line,
            column=1,
        )
    if "\0" in key:
        raise InvalidInputError(
            f"key: expected text, row {row.number} (line {row.line}) has a NUL character in it",
            line=row.line,
            column=1,
        )
