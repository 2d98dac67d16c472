"""Physical lines become records of cells (RFC 4180, read generously), each cell knowing where it began.

Not the csv module: it cannot say at which column something is wrong, and it cannot be fed.
"""

import re
from typing import NamedTuple

from server.errors import LimitExceededError
from server.intake.text import wrong

NO_SEPARATOR = "\0"  # occurs in no text: the decoder refuses it
_OPENING = re.compile(r' *"')
_QUOTED = re.compile(r'(?:[^"]++|"")*+')


class Record(NamedTuple):
    """The cells of one record that began at `line`. `starts` are kept only where quotes make them hard to find again.

    A tuple: there is one for each line of a list, and a frozen dataclass takes three times as long to make.
    """

    line: int
    cells: list[str]
    starts: list[tuple[int, int]] | None = None

    def at(self, index: int) -> tuple[int, int]:
        """Line and column of a cell; of the record's end if there are fewer."""
        if self.starts is not None:
            line, column = self.starts[min(index, len(self.starts) - 1)]
            return (line, column) if index < len(self.starts) else (line, column + len(self.cells[-1]))
        before = self.cells[:index]
        column = 1 + sum(len(cell) + 1 for cell in before) - (index >= len(self.cells))
        return self.line, column

    @property
    def blank(self) -> bool:
        """Nothing but separators: what spreadsheets write below the data."""
        first = self.cells[0]
        return (not first or first.isspace()) and not any(cell and not cell.isspace() for cell in self.cells)


class Records:
    """Takes lines with their endings, returns a record with the line that completes it."""

    def __init__(self, separator: str, chars_max: int) -> None:
        self._separator = separator
        self._chars_max = chars_max
        self._cells: list[str] = []
        self._starts: list[tuple[int, int]] = []
        self._parts: list[str] = []  # of a quoted cell that is still open
        self._chars = 0  # in those parts

    def feed(self, line: str, number: int) -> Record | None:
        """Return the record that ends with this line, or None while a quoted cell goes on.

        Raises:
            InvalidInputError: text after a closing quote.
            LimitExceededError: a quoted cell that does not come to an end.
        """
        if not self._parts and '"' not in line:
            return Record(line=number, cells=line.rstrip("\r\n").split(self._separator))
        end = len(line.rstrip("\r\n"))
        place = self._quoted(line, 0, end, number) if self._parts else self._cell(line, 0, end, number)
        while place is not None and place < end:
            place = self._cell(line, place + 1, end, number)
        return None if place is None else self._record()

    def finish(self) -> None:
        """The lines have ended.

        Raises:
            InvalidInputError: a quoted cell is still open.
        """
        if self._parts:
            raise wrong("A quoted cell begins here and never ends", *self._starts[-1])

    def _record(self) -> Record:
        record = Record(line=self._starts[0][0], cells=self._cells, starts=self._starts)
        self._cells, self._starts = [], []
        return record

    def _cell(self, line: str, place: int, end: int, number: int) -> int | None:
        """Read the cell that begins at `place`; return where it ends, or None when its quote stays open."""
        self._starts.append((number, place + 1))
        if opening := _OPENING.match(line, place, end):
            return self._quoted(line, opening.end(), end, number)
        found = line.find(self._separator, place, end)
        stop = end if found < 0 else found
        self._cells.append(line[place:stop])
        return stop

    def _quoted(self, line: str, place: int, end: int, number: int) -> int | None:
        found = _QUOTED.match(line, place)
        close = found.end() if found else place
        self._parts.append(line[place:close])
        self._chars += close - place
        if close == len(line):
            self._bound()
            return None
        self._cells.append("".join(self._parts).replace('""', '"'))
        self._parts, self._chars = [], 0
        stop = end - len(line[close + 1 : end].lstrip(" "))
        if stop < end and line[stop] != self._separator:
            expected = {"\t": "a tab or ", NO_SEPARATOR: ""}.get(self._separator, f"{self._separator!r} or ")
            raise wrong(
                f"After the closing quote expected {expected}the end of the line, got {line[stop]!r}",
                number,
                stop + 1,
            )
        return stop

    def _bound(self) -> None:
        if self._chars > self._chars_max:
            line, column = self._starts[-1]
            raise LimitExceededError(
                f"input_bytes_max: the quoted cell that begins at line {line}, column {column} is longer than"
                f" {self._chars_max:,} characters; is its closing quote missing?",
                limit="input_bytes_max",
                line=line,
                column=column,
            )
