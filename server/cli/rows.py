"""The rows of a list that have keys: each one of its own, or the list is refused with the lines that are wrong."""

from collections.abc import Iterable, Iterator, KeysView, Sequence
from pathlib import Path
from typing import Any

from server.errors import InvalidInputError
from server.intake.rows import Row, words
from server.intake.spool import Spool

LINES_NAMED_MAX = 5


class KeyedSpool(Spool):
    """A spool that also holds each row's key against all others. About 100 bytes of memory a row."""

    def __init__(self, folder: Path, *, key: str, **options: Any) -> None:
        super().__init__(folder, key=key, **options)
        self._field = key
        self._lines: dict[str, int] = {}
        self._blank: list[int] = []
        self._twice: list[tuple[int, int]] = []

    @property
    def keys(self) -> KeysView[str]:
        """The keys of all rows, in the order of the list."""
        return self._lines.keys()

    def take(self, rows: Iterable[Row]) -> None:
        """See Spool."""
        super().take(self._looked_at(rows))

    def finish(self) -> None:
        """See Spool.

        Raises:
            InvalidInputError: rows without a key, or with the same one; the message names lines.
        """
        super().finish()
        if self._blank:
            lines = _listed([str(line) for line in self._blank])
            raise self._wrong(f"nothing in {'line' if len(self._blank) == 1 else 'lines'} {lines}")
        if self._twice:
            pairs = _listed([f"{first} and {second}" for first, second in self._twice])
            raise self._wrong(f"the same in lines {pairs}")

    def _looked_at(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            if self._field not in row.fields:
                fields = ", ".join(row.fields)
                raise InvalidInputError(
                    f"--key {self._field}: line {row.line} has no such field, expected one of {fields}",
                    line=row.line,
                )
            key = words(row.fields[self._field])
            if not key.strip():
                self._blank.append(row.line)
            elif (first := self._lines.setdefault(key, row.line)) != row.line:
                self._twice.append((first, row.line))
            yield row

    def _wrong(self, detail: str) -> InvalidInputError:
        return InvalidInputError(f"--key {self._field}: expected a key of its own in every row, got {detail}")


def _listed(parts: Sequence[str]) -> str:
    more = len(parts) - LINES_NAMED_MAX
    return ", ".join(parts[:LINES_NAMED_MAX]) + (f", and {more} more" if more > 0 else "")
