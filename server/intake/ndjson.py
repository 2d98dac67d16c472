"""NDJSON: one JSON object a line, blank lines passed over."""

import orjson

from server.intake.perline import PerLineReader
from server.intake.rows import Row
from server.intake.text import wrong

_NAMES = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "a boolean"}


def named(value: object) -> str:
    """What a JSON value is, in words."""
    return "null" if value is None else _NAMES.get(type(value), "an object")


class NdjsonReader(PerLineReader):
    """Rows of an NDJSON text. The input is the line as it came, so that no number loses digits on the way."""

    def read(self, line: str, *, row: int, at: int) -> Row:
        """See PerLineReader."""
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        try:
            fields = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise wrong(f"Row {row} is not JSON: {error.msg}", at, indent + error.colno) from None
        if not isinstance(fields, dict):
            raise wrong(f"Row {row}: expected an object, got {named(fields)}", at, indent + 1)
        return Row(number=row, line=at, fields=fields, input=text.encode())
