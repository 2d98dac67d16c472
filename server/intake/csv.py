"""CSV as spreadsheets write it: comma, semicolon or tab by the header line, quotes, CRLF, blank rows at the end."""

import re
from collections.abc import Iterator

import orjson

from server.errors import InvalidInputError
from server.intake.records import NO_SEPARATOR, Record, Records
from server.intake.rows import Row
from server.intake.text import Lines, wrong

_SEPARATORS = (",", ";", "\t")
_QUOTED = re.compile(r'"(?:[^"]|"")*"?')
_DECLARED = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)


def separator_of(header: str) -> str:
    """The separator that occurs most often outside quotes, the comma on a tie.

    Where there is none the list has one column, and a comma in it is text: `0,5` is what a spreadsheet writes where
    the semicolon separates.
    """
    bare = _QUOTED.sub("", header)
    found = max(_SEPARATORS, key=bare.count)
    return found if found in bare else NO_SEPARATOR


class CsvReader:
    """Rows of a CSV with a header row. Cells are strings, names are trimmed, rows of empty cells are passed over.

    Rows are counted from 1 below the header, lines as an editor counts them. A first line `sep=;`, which Excel
    writes, is obeyed.
    """

    def __init__(self, chars_max: int) -> None:
        self._chars_max = chars_max
        self._lines = Lines(chars_max)
        self._separator: str | None = None  # where a first line declares it
        self._records: Records | None = None
        self._names: list[str] = []
        self._number = 0

    def feed(self, text: str) -> Iterator[Row]:
        """See Reader."""
        for line in self._lines.feed(text):
            if row := self._line(line):
                yield row

    def finish(self) -> Iterator[Row]:
        """See Reader."""
        for line in self._lines.finish():
            if row := self._line(line):
                yield row
        if self._records is not None:
            self._records.finish()
        if not self._names:
            raise InvalidInputError("The list is empty: expected a header row and at least one row below it")

    def _line(self, line: str) -> Row | None:
        records = self._records or self._begin(line)
        record = records.feed(line, self._lines.number) if records else None
        if record is None or record.blank:
            return None
        if self._names:
            return self._row(record)
        self._names = _header(record)
        return None

    def _begin(self, line: str) -> Records | None:
        """The header begins with this line, unless it is blank or a declaration."""
        if declared := _DECLARED.fullmatch(line):
            self._separator = declared[1]
        elif line.strip():
            self._records = Records(self._separator or separator_of(line), self._chars_max)
        return self._records

    def _row(self, record: Record) -> Row:
        self._number += 1
        expected, got = len(self._names), len(record.cells)
        if got != expected:
            cells = "1 cell" if got == 1 else f"{got} cells"
            raise wrong(
                f"Row {self._number} has {cells}, {expected} expected", *record.at(min(expected, got))
            )
        fields = dict(zip(self._names, record.cells, strict=True))
        return Row(number=self._number, line=record.line, fields=fields, input=orjson.dumps(fields))


def _header(record: Record) -> list[str]:
    places: dict[str, int] = {}
    for index, cell in enumerate(record.cells):
        name = " ".join(cell.split())
        if not name:
            raise wrong(f"Column {index + 1} of the header has no name", *record.at(index))
        if name in places:
            raise wrong(
                f"The header names {name!r} twice: columns {places[name] + 1} and {index + 1}",
                *record.at(index),
            )
        places[name] = index
    return list(places)
