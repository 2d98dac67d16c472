"""Plain lines: each is a task whose only field is `line`."""

from collections.abc import Iterator

import orjson

from server.intake.rows import Row
from server.intake.text import Lines


class LineReader:
    """Rows of a plain text: lines without the space around them, blank ones passed over."""

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
        fields = {"line": text}
        yield Row(number=self._number, line=self._lines.number, fields=fields, input=orjson.dumps(fields))
