import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sheets.columns import COLUMNS_MAX, FIXED, Columns, cell, result_fields, safe


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "=HYPERLINK(\"x\")", "-", "+a",
     "\uff1d1+1", "\uff0d1", "\uff20x", "-1-1", "+1+1", "- 5"],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_escaped(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "Acme", "-5", "+3.2", "-0,5", "-1e-7", "+12%", "1=1", "a@b.c", "'=1", "(-1)"]
)
def test_what_it_would_not_is_left_alone(text: str) -> None:
    assert safe(text) == text


@given(st.text())
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    found = safe(text)
    assert found in {text, f"'{text}"}
    if found[:1] in set("=+-@\t\r"):
        float(found.replace(",", ".").rstrip("%"))


def test_values_become_cells() -> None:
    values = (None, "x", "=x", 3, -3, 1.5, True, {"a": [1]}, ["=x"])
    expected = ["", "x", "'=x", "3", "-3", "1.5", "true", '{"a":[1]}', '["=x"]']
    assert [cell(value) for value in values] == expected


def test_a_result_has_fields_one_level_deep() -> None:
    assert result_fields({"a": {"b": 1}}) == {"a": {"b": 1}}
    assert result_fields("text") == {"result": "text"}
    assert result_fields([1]) == {"result": [1]}
    assert result_fields(None) == {}


def test_columns_are_in_the_order_seen_and_names_are_never_taken_twice() -> None:
    columns = Columns()
    columns.see(None, {"name": 1, "state": 2}, {"name": 3, "lines": 4})
    columns.see(None, {"name": 1, "late": 5}, "text")
    assert columns.names() == [
        "title", "state", "attempts", "reason", "name", "input.state", "late", "result.name", "lines", "result",
    ]  # fmt: skip
    assert columns.row(["T", "done", 1, None], None, {"name": "=1", "state": "x"}, {"lines": 7}) == [
        "T", "done", "1", "", "'=1", "x", "", "", "7", "",
    ]  # fmt: skip


def test_messages_have_a_column_where_there_are_any() -> None:
    columns = Columns()
    columns.see(None, {}, None)
    columns.see("exit code 2", {"message": "mine"}, None)
    assert columns.names() == ["title", "state", "attempts", "reason", "message", "input.message"]
    row = columns.row(["T", "failed", 1, "exit"], "exit code 2", {"message": "mine"}, None)
    assert row == ["T", "failed", "1", "exit", "exit code 2", "mine"]


def test_what_is_beyond_the_last_column_stands_together() -> None:
    columns = Columns()
    columns.see(None, {f"a{number}": 1 for number in range(COLUMNS_MAX - 1)}, {"x": 1, "y": 2, "more": 3})
    columns.see(None, {"late": 1}, None)
    names = columns.names()
    assert len(names) == len(FIXED) + COLUMNS_MAX + 1
    assert names[-2:] == ["x", "more"]
    row = columns.row(["T", "done", 1, None], None, {"a0": 5, "late": 1}, {"x": 7, "y": 8})
    assert (row[4], row[-2], row[-1]) == ("5", "7", '{"input":{"late":1},"result":{"y":8}}')
    assert columns.row(["T", "done", 1, None], None, {}, None)[-1] == ""


fields = st.dictionaries(
    st.text(max_size=6), st.none() | st.integers(-(2**63), 2**63) | st.text(max_size=6), max_size=4
)


@given(
    st.lists(
        st.tuples(st.none() | st.text(max_size=4), fields, st.none() | fields | st.text(max_size=4)),
        max_size=6,
    )
)
def test_every_value_stands_under_a_name_of_its_own(rows: list[tuple[str | None, dict, dict]]) -> None:
    columns = Columns()
    for message, given_, result in rows:
        columns.see(message, given_, result)
    names = columns.names()
    assert len(set(names)) == len(names)
    out = io.StringIO()
    written = [columns.row(["t", "done", 1, None], *row) for row in rows]
    csv.writer(out).writerows([names, *written])
    read = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert all(len(row) == len(names) for row in written)
    assert read == [names, *written]
