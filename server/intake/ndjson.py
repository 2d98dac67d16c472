"""NDJSON: one JSON object a line, blank lines passed over."""

from collections.abc import Iterator

import orjson

from server.intake.rows import Row
from server.intake.text import Lines, wrong

_NAMES = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "a boolean"}


def named(value: object) -> str:
    """What a JSON value is, in words."""
    return "null" if value is None else _NAMES.get(type(value), "an object")


class NdjsonReader:
    """Rows of an NDJSON text. The input is the line as it came, so that no number loses digits on the way."""

    def __init__(self, chars_max: int) -> None:
        self._lines = Lines(chars_max)
        self._number = 0

    def feed(self, text: str) -> Iterator[Row]:
        """See Reader."""
        for line in self._lines.feed(text):
            yield from self._line(line)

    def finish(self) -> Iterator[Row]:
        """See Reader."""
        for line in self._lines.finish():
            yield from self._line(line)

    def _line(self, line: str) -> Iterator[Row]:
        text = line.strip()
        if not text:
            return
        self._number += 1
        at = self._lines.number
        indent = len(line) - len(line.lstrip())
        try:
            fields = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise wrong(f"Row {self._number} is not JSON: {error.msg}", at, indent + error.colno) from None
        if not isinstance(fields, dict):
            raise wrong(f"Row {self._number}: expected an object, got {named(fields)}", at, indent + 1)
        yield Row(number=self._number, line=at, fields=fields, input=text.encode())
