import orjson
import pytest

from server.intake.rows import TITLE_CHARS_MAX, Row, title_of, words


def row(fields: dict[str, object], title: str | None = None) -> Row:
    return Row(number=7, line=8, fields=fields, input=orjson.dumps(fields), title=title)


def test_a_title_is_the_first_field_unless_said_otherwise() -> None:
    fields: dict[str, object] = {"name": "Acme", "domain": "acme.test"}
    assert title_of(row(fields), None) == "Acme"
    assert title_of(row(fields), "domain") == "acme.test"
    assert title_of(row(fields, title="Mine"), None) == "Mine"


@pytest.mark.parametrize("fields", [{}, {"name": ""}, {"name": None}, {"name": " \n\x00 "}])
def test_a_title_is_never_empty(fields: dict[str, object]) -> None:
    assert title_of(row(fields), None) == "Row 7"


def test_a_title_stands_on_one_line_and_is_cut() -> None:
    assert title_of(row({"a": "two\r\nlines\tand\x07more"}), None) == "two lines and more"
    assert len(title_of(row({"a": "x" * 10_000}), None)) == TITLE_CHARS_MAX


def test_values_read_as_words() -> None:
    assert [words(value) for value in ("x", None, 3, True, [1, "a"])] == ["x", "", "3", "true", '[1,"a"]']
