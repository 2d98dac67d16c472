"""What csv.writer and spreadsheets write comes back, whatever the chunks; what is wrong is named with its place."""

import csv
import io

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import InvalidInputError, LimitExceededError
from server.intake.csv import CsvReader, separator_of
from server.intake.records import NO_SEPARATOR
from server.intake.rows import Row
from server.intake.text import Decoder

cell = st.text(st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"]), max_size=12)
tricky = st.text(st.sampled_from("\",;\t \r\n'=xé"), max_size=8)
names = st.lists(st.text(st.sampled_from("abcXYZ é-_."), min_size=1).map(str.strip), min_size=1, max_size=5)


def read(text: str, size: int = 5, chars_max: int = 65_536) -> list[Row]:
    reader = CsvReader(chars_max)
    rows = [row for start in range(0, len(text), size) for row in reader.feed(text[start : start + size])]
    return [*rows, *reader.finish()]


def refusal(text: str) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        read(text)
    return caught.value


def place(text: str) -> tuple[int, int]:
    error = refusal(text)
    return error.extra["line"], error.extra["column"]


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    header = draw(
        names.filter(lambda found: all(found) and len({" ".join(n.split()) for n in found}) == len(found))
    )
    width = len(header)
    body = draw(st.lists(st.lists(cell | tricky, min_size=width, max_size=width), max_size=6))
    return [
        [" ".join(name.split()) for name in header],
        *(row for row in body if any(c.strip() for c in row)),
    ]


@given(
    tables(),
    st.sampled_from(",;\t"),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.integers(1, 9),
)
def test_what_csv_writer_writes_comes_back(
    table: list[list[str]], separator: str, quoting: int, encoding: str, size: int
) -> None:
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=separator, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    data, decoder, reader = sheet.getvalue().encode(encoding), Decoder(), CsvReader(65_536)
    rows: list[Row] = []
    for start in range(0, len(data), size):
        rows += reader.feed(decoder.feed(data[start : start + size]))
    rows += [*reader.feed(decoder.finish()), *reader.finish()]
    header, *body = table
    assert [list(row.fields.values()) for row in rows] == body
    assert all(list(row.fields) == header for row in rows)
    assert [orjson.loads(row.input) for row in rows] == [row.fields for row in rows]
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(
    ("header", "separator"),
    [
        ("a,b", ","),
        ("a;b;c,d", ";"),
        ("a\tb", "\t"),
        ("name", NO_SEPARATOR),
        ('"a,b";"c,d"', ";"),
        ("a,b;c", ","),
    ],
)
def test_the_header_tells_the_separator(header: str, separator: str) -> None:
    assert separator_of(header) == separator


def test_names_are_trimmed_and_cells_are_not() -> None:
    (row,) = read(" name , web site \n Acme , x \n")
    assert row.fields == {"name": " Acme ", "web site": " x "}


def test_blank_rows_are_passed_over_but_counted_as_lines() -> None:
    rows = read("\n\na,b\n\n1,2\n,\n  \n3,4\n,,\n\n")
    assert [(row.number, row.line, row.fields["a"]) for row in rows] == [(1, 5, "1"), (2, 8, "3")]


def test_the_declaration_of_excel_is_obeyed() -> None:
    (row,) = read("sep=;\r\na,x;b\r\n1;2\r\n")
    assert row.fields == {"a,x": "1", "b": "2"}


def test_quoted_cells_hold_newlines_and_may_stand_apart() -> None:
    rows = read('a,b\n"x\r\ny" , "q ""z"""\n5" pipe,2\n')
    assert [row.fields for row in rows] == [{"a": "x\r\ny", "b": 'q "z"'}, {"a": '5" pipe', "b": "2"}]
    assert [row.line for row in rows] == [2, 4]


def test_old_line_ends_and_a_last_line_without_one() -> None:
    assert [row.fields for row in read("a\r1\r2")] == [{"a": "1"}, {"a": "2"}]


def test_a_row_with_too_few_cells_is_named() -> None:
    error = refusal("a,b,c,d\n1,2,3,4\n1,2,3\n")
    assert error.detail == "Row 2 has 3 cells, 4 expected (line 3, column 6)"


def test_the_place_of_a_cell_too_many() -> None:
    assert place("a,b\n1,2,333\n") == (2, 5)
    assert place('a,b\n"x\ny","z",333\n') == (3, 8)


def test_in_a_list_of_one_column_a_comma_is_text() -> None:
    assert [row.fields for row in read('price\n0,5\n"1,5"\n')] == [{"price": "0,5"}, {"price": "1,5"}]


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("a,b,a\n", (1, 5), "names 'a' twice: columns 1 and 3"),
        ("a, a \n", (1, 3), "twice"),
        ("a,,c\n", (1, 3), "Column 2 of the header has no name"),
        ('a,b\n"x"y,2\n', (2, 4), "After the closing quote expected ','"),
        ('a,b\n1,"open\nfor ever\n', (2, 3), "never ends"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, where: tuple[int, int], says: str) -> None:
    assert says in refusal(text).detail
    assert place(text) == where


def test_no_header_is_an_empty_list() -> None:
    assert refusal("\n\n").detail.startswith("The list is empty")


def test_a_header_alone_has_no_rows() -> None:
    assert read("a,b\n") == []


def test_a_quote_that_is_never_closed_is_bounded() -> None:
    with pytest.raises(LimitExceededError, match=r"line 2, column 1 is longer than 100 .* quote missing"):
        read('a\n"' + "some text\n" * 50, chars_max=100)
