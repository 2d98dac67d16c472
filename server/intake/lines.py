"""Plain lines: each is a task whose only field is `line`."""

import orjson

from server.intake.perline import PerLineReader
from server.intake.rows import Row


class LineReader(PerLineReader):
    """Rows of a plain text: lines without the space around them."""

    def read(self, line: str, *, row: int, at: int) -> Row:
        """See PerLineReader."""
        fields = {"line": line.strip()}
        return Row(number=row, line=at, fields=fields, input=orjson.dumps(fields))
