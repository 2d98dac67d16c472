"""Results as a table (p): which columns there are, and cells that no spreadsheet runs as a formula."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

FIXED = ("title", "state", "attempts", "reason")
MESSAGE = "message"
TEXT = "result"
_FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?%?", re.ASCII)


def safe(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; a number is none."""
    if not _FORMULA.match(text) and not text.startswith(("\t", "\r", "\n")):
        return text
    return text if _NUMBER.fullmatch(text) else f"'{text}"


def cell(value: Any) -> str:
    """A value as a cell: text as it is (made safe), nothing for null, JSON for the rest."""
    if value is None:
        return ""
    return safe(value) if isinstance(value, str) else orjson.dumps(value).decode()


@dataclass(slots=True)
class Columns:
    """The columns of an export: title, state, attempts, reason (message, where a task has one), then the fields.

    Fields come in the order in which they were first seen. One of the input, then of the result, has its own name; where
    that is taken, `input.` or `result.` stands before it. A result that is no object has the one column `result`.
    """

    inputs: dict[str, None] = field(default_factory=dict)
    results: dict[str, None] = field(default_factory=dict)
    messages: bool = False

    def see(self, message: str | None, given: Mapping[str, Any], result: Any) -> None:
        """Take note of what one row has."""
        self.messages = self.messages or message is not None
        self.inputs.update(dict.fromkeys(given))
        self.results.update(dict.fromkeys(result_fields(result)))

    def names(self) -> list[str]:
        """The header."""
        taken = [*FIXED, MESSAGE] if self.messages else [*FIXED]
        for prefix, fields in (("input.", self.inputs), ("result.", self.results)):
            for name in fields:
                while name in taken:
                    name = prefix + name  # noqa: PLW2901 -- until it is free
                taken.append(name)
        return [safe(name) for name in taken]

    def row(
        self, fixed: Sequence[Any], message: str | None, given: Mapping[str, Any], result: Any
    ) -> list[str]:
        """One row's cells, in the order of the header; `fixed` are those of FIXED."""
        fields = result_fields(result)
        told = [message] if self.messages else []
        values = [*fixed, *told, *map(given.get, self.inputs), *map(fields.get, self.results)]
        return [cell(value) for value in values]


def result_fields(result: Any) -> Mapping[str, Any]:
    """A result as fields: an object's own, one level deep; anything else is the field `result`; none has none."""
    if isinstance(result, dict):
        return result
    return {} if result is None else {TEXT: result}
