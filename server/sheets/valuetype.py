"""Of what type a column of an export is (p): the narrowest that holds all its values as they are.

Text is never read as something else: what looks like a number in a list may be a postcode, and its zero matters.
"""

from enum import StrEnum
from typing import Any

import orjson

exact_max = 2**53
"""Whole numbers up to here are the same as floating point."""
integer_min, integer_max = -(2**63), 2**63 - 1


class ValueType(StrEnum):
    """JSON: values of several members, as JSON text. MIXED: values of several types; text as it is, the rest as JSON."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    JSON = "json"
    MIXED = "mixed"


Traits = int
"""What is known of a column's values: a bit for each sort of value that it has."""
NONE, BOOLEAN, INTEGER, LARGE, HUGE, NUMBER, TEXT, NESTED = 0, 1, 2, 4, 8, 16, 32, 64
_SIMPLE = {str: TEXT, float: NUMBER, bool: BOOLEAN, dict: NESTED, list: NESTED, type(None): NONE}
_TYPES = {
    NONE: ValueType.TEXT,
    BOOLEAN: ValueType.BOOLEAN,
    INTEGER: ValueType.INTEGER,
    LARGE: ValueType.INTEGER,
    INTEGER | LARGE: ValueType.INTEGER,
    NUMBER: ValueType.NUMBER,
    NUMBER | INTEGER: ValueType.NUMBER,
    TEXT: ValueType.TEXT,
    NESTED: ValueType.JSON,
}
"""Whatever is not here is of several types."""


def trait(value: Any) -> Traits:
    """The bit of a value from JSON; none for null, which every column may have."""
    return _SIMPLE[type(value)] if type(value) is not int else _size(value)


def type_of(traits: Traits) -> ValueType:
    """The type of a column whose values have these traits."""
    return _TYPES.get(traits, ValueType.MIXED)


def stored(value: Any, as_type: ValueType) -> Any:
    """A value as its column stores it."""
    if value is None or as_type not in {ValueType.JSON, ValueType.MIXED}:
        return value
    if as_type is ValueType.MIXED and isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def _size(value: int) -> Traits:
    if abs(value) <= exact_max:
        return INTEGER
    return LARGE if integer_min <= value <= integer_max else HUGE
