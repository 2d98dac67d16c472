"""A row: what every format of a list comes down to, and what a row is called."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import orjson

from server.kinds.wording import one_line

TITLE_CHARS_MAX = 500


class Row(NamedTuple):
    """One entry of a list. `number` counts rows from 1, `line` is where it begins; `input` is `fields` as JSON text.

    `title` and `key` are set where the list itself names them. A tuple, as Record is.
    """

    number: int
    line: int
    fields: Mapping[str, Any]
    input: bytes
    title: str | None = None
    key: str | None = None


class Reader(Protocol):
    """Text in, rows out, as they become complete; raises InvalidInputError with line and column."""

    def feed(self, text: str) -> Iterator[Row]:
        """Take some more text."""

    def finish(self) -> Iterator[Row]:
        """The text has ended."""


def words(value: object) -> str:
    """A value as people read it: text as it is, nothing for null, JSON for the rest."""
    if isinstance(value, str):
        return value
    return "" if value is None else orjson.dumps(value).decode()


def title_of(row: Row, field: str | None) -> str:
    """The row's own title, else the named field, else its first one; on one line; never empty."""
    value = row.title if row.title is not None else _value(row, field)
    return one_line(words(value), TITLE_CHARS_MAX) or f"Row {row.number}"


def _value(row: Row, field: str | None) -> object:
    return row.fields[field] if field is not None else next(iter(row.fields.values()), None)
