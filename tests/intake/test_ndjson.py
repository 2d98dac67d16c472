import pytest

from server.errors import InvalidInputError
from server.intake.ndjson import NdjsonReader, named
from server.intake.rows import Row


def read(text: str, size: int = 4) -> list[Row]:
    reader = NdjsonReader(10_000)
    rows = [row for start in range(0, len(text), size) for row in reader.feed(text[start : start + size])]
    return [*rows, *reader.finish()]


def test_each_line_is_a_row_and_keeps_its_digits() -> None:
    rows = read('{"id": 12345678901234567890123}\r\n\n  {"a": [1, null], "b": "é"}')
    assert [(row.number, row.line) for row in rows] == [(1, 1), (2, 3)]
    assert rows[0].input == b'{"id": 12345678901234567890123}'
    assert rows[1].fields == {"a": [1, None], "b": "é"}


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ('{"a": 1}\n  {"é": tru}\n', 2, 9, "Row 2 is not JSON"),
        ('{"a": 1', 1, 8, "Row 1 is not JSON"),
        ('{"a": NaN}', 1, 7, "not JSON"),
        ("\n [1, 2]\n", 2, 2, "expected an object, got a list"),
        ('"text"\n', 1, 1, "expected an object, got a string"),
        ("null\n", 1, 1, "expected an object, got null"),
    ],
)
def test_a_broken_line_is_named_with_its_place(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read(text)
    assert says in caught.value.detail
    assert (caught.value.extra["line"], caught.value.extra["column"]) == (line, column)


def test_values_are_named_in_words() -> None:
    values = (None, True, 1, 1.5, "x", [], {})
    expected = ["null", "a boolean", "a number", "a number", "a string", "a list", "an object"]
    assert [named(value) for value in values] == expected
