"""Formats with one row a line: what plain lines and NDJSON have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from server.intake.rows import Row
from server.intake.text import Lines


class PerLineReader(ABC):
    """Rows of a text with one row a line; blank lines are passed over. See Reader."""

    def __init__(self, chars_max: int) -> None:
        self._lines = Lines(chars_max)
        self._number = 0

    def feed(self, text: str) -> Iterator[Row]:
        """See Reader."""
        yield from self._rows(self._lines.feed(text))

    def finish(self) -> Iterator[Row]:
        """See Reader."""
        yield from self._rows(self._lines.finish())

    def _rows(self, lines: Iterable[str]) -> Iterator[Row]:
        for line in lines:
            if line.strip():
                self._number += 1
                yield self.read(line, row=self._number, at=self._lines.number)

    @abstractmethod
    def read(self, line: str, *, row: int, at: int) -> Row:
        """Make a row of a line that is not blank: the row's number from 1, and the line's.

        Raises:
            InvalidInputError: what is wrong with it, with line and column.
        """
