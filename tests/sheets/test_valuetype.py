from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sheets.valuetype import ValueType, stored, trait, type_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def type_for(values: list[Any]) -> ValueType:
    traits = 0
    for value in values:
        traits |= trait(value)
    return type_of(traits)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], "text"),
        ([None], "text"),
        ([True, None, False], "boolean"),
        ([1, None, -3], "integer"),
        ([1, 2**53 + 1, -(2**63), 2**63 - 1], "integer"),
        ([2**63], "mixed"),
        ([1.5, None], "number"),
        ([1, 2.5], "number"),
        ([2**53, 2.5], "number"),
        ([2**53 + 1, 2.5], "mixed"),
        (["a", None], "text"),
        (["12", "007"], "text"),
        ([{"a": 1}, [2], None], "json"),
        (["a", 1], "mixed"),
        ([True, 1], "mixed"),
        (["a", {"a": 1}], "mixed"),
    ],
)
def test_a_column_has_the_narrowest_type_of_its_values(values: list[Any], expected: str) -> None:
    assert type_for(values) == expected


def test_what_no_type_holds_is_text() -> None:
    assert stored({"a": [1, "ü"]}, ValueType.JSON) == '{"a":[1,"ü"]}'
    assert stored("plain", ValueType.MIXED) == "plain"
    assert stored(7, ValueType.MIXED) == "7"
    assert stored(True, ValueType.MIXED) == "true"
    assert stored(None, ValueType.JSON) is None
    assert stored(7, ValueType.INTEGER) == 7


@given(st.lists(JSON))
def test_nothing_is_lost(values: list[Any]) -> None:
    """Every value is told by what its column stores; of mixed columns all but which of them were text."""
    found = type_for(values)
    for value in values:
        kept = stored(value, found)
        match found:
            case ValueType.BOOLEAN | ValueType.TEXT:
                assert kept == value
                assert type(kept) is type(value)
            case ValueType.INTEGER:
                assert kept is None or -(2**63) <= kept < 2**63
            case ValueType.NUMBER:
                assert kept is None or float(kept) == value
            case ValueType.JSON:
                assert kept is None or orjson.loads(kept) == value
            case ValueType.MIXED:
                assert kept is None or kept == value or orjson.loads(kept) == value
