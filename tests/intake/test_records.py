import pytest

from server.errors import InvalidInputError
from server.intake.records import Record, Records


def test_a_record_ends_with_the_line_that_closes_its_quotes() -> None:
    records = Records(";", 100)
    assert records.feed('a;"b\n', 1) is None
    record = records.feed('c";d\n', 2)
    assert record is not None
    assert (record.line, record.cells) == (1, ["a", "b\nc", "d"])
    assert [record.at(index) for index in range(4)] == [(1, 1), (1, 3), (2, 4), (2, 5)]


def test_a_cell_of_many_lines_costs_no_more_than_its_length() -> None:
    records = Records(",", 1_000_000)
    records.feed('"\n', 1)
    assert all(records.feed("\n", number) is None for number in range(2, 200_000))
    record = records.feed('"\n', 200_000)
    assert record is not None
    assert record.cells == ["\n" * 199_999]


def test_places_without_quotes_are_computed() -> None:
    record = Record(line=9, cells=["ab", "", "c"])
    assert [record.at(index) for index in range(4)] == [(9, 1), (9, 4), (9, 5), (9, 6)]


def test_an_open_quote_at_the_end_is_refused_where_it_began() -> None:
    records = Records(",", 100)
    records.feed('x,"y\n', 4)
    with pytest.raises(InvalidInputError, match="line 4, column 3"):
        records.finish()


@pytest.mark.parametrize(("cells", "blank"), [([""], True), (["", "  "], True), (["", "0"], False)])
def test_a_blank_record_holds_nothing(cells: list[str], blank: bool) -> None:
    assert Record(line=1, cells=cells).blank is blank
