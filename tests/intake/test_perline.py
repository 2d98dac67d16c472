"""What all formats with one row a line have in common."""

from collections.abc import Iterator

from server.intake.perline import PerLineReader
from server.intake.rows import Row


class Echo(PerLineReader):
    def read(self, line: str, *, row: int, at: int) -> Row:
        return Row(number=row, line=at, fields={"text": line}, input=line.strip().encode())


def told(rows: Iterator[Row]) -> list[tuple[int, int, bytes]]:
    return [(row.number, row.line, row.input) for row in rows]


def test_rows_are_counted_without_blank_lines_and_lines_with_them() -> None:
    reader = Echo(100)
    assert told(reader.feed("a\n\n  \nb\nc")) == [(1, 1, b"a"), (2, 4, b"b")]
    assert told(reader.finish()) == [(3, 5, b"c")]
