from enum import StrEnum

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import InvalidInputError
from server.routes.paging import LIMIT, LIMIT_MAX, cursor_of, limit_of, page, whole, word


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@given(st.text(), st.integers(-(2**53), 2**53))
def test_a_cursor_comes_back_as_it_was(batch: str, position: int) -> None:
    body = orjson.loads(page([], after=(batch, position)).body)
    assert cursor_of({"cursor": body["next"]}, str, int) == (batch, position)


def test_the_last_page_has_no_cursor() -> None:
    assert orjson.loads(page([{"a": 1}], after=None).body) == {"items": [{"a": 1}]}
    assert cursor_of({}, str) is None
    assert cursor_of({"cursor": ""}, str) is None


@pytest.mark.parametrize(
    "text", ["x", "!!!", "é", "W10", "WzFd", "WyJhIiwidHJ1ZSJd", "WyJhIix0cnVlXQ", "A" * 5_000]
)
def test_a_cursor_of_another_list_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="cursor: expected the `next`"):
        cursor_of({"cursor": text}, str, int)


def test_a_limit_is_fifty_unless_said() -> None:
    assert limit_of({}) == LIMIT == 50
    assert limit_of({"limit": "1"}) == 1
    assert limit_of({"limit": str(LIMIT_MAX)}) == LIMIT_MAX == 500


@pytest.mark.parametrize("text", ["0", "501", "-1", "1.5", "many", "", "²", "9" * 5_000])
def test_a_limit_has_bounds(text: str) -> None:
    with pytest.raises(InvalidInputError, match="limit: expected a whole number, 1 to 500"):
        limit_of({"limit": text})


def test_a_number_may_be_needed() -> None:
    with pytest.raises(InvalidInputError, match="tasks: expected a whole number, 1 to 9, got 'nothing'"):
        whole("tasks", None, low=1, high=9)


def test_words_are_those_that_are_known() -> None:
    assert word("colour", "red", Colour) is Colour.RED
    assert word("colour", "", Colour) is None
    assert word("colour", None, Colour) is None
    with pytest.raises(InvalidInputError, match="colour: expected one of red, blue, got 'green'"):
        word("colour", "green", Colour)
