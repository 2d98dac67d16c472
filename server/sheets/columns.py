"""Results as a table (p): which columns there are, and cells that no spreadsheet runs as a formula."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

FIXED = ("title", "state", "attempts", "reason")
MESSAGE = "message"
MORE = "more"
COLUMNS_MAX = 1_000
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
    Fields beyond the first 1,000 stand together, as JSON, in a last column `more`.
    """

    inputs: dict[str, None] = field(default_factory=dict)
    results: dict[str, None] = field(default_factory=dict)
    messages: bool = False
    more: bool = False

    def see(self, message: str | None, given: Mapping[str, Any], result: Any) -> None:
        """Take note of what one row has."""
        self.messages = self.messages or message is not None
        self._add(self.inputs, given)
        self._add(self.results, result_fields(result))

    def names(self, spelled: Callable[[str], str] = safe) -> list[str]:
        """The header; how a field's name is spelled in it: unless said, so that no spreadsheet runs it as a formula."""
        taken = dict.fromkeys([*FIXED, MESSAGE] if self.messages else FIXED)
        for prefix, fields in (("input.", self.inputs), ("result.", self.results)):
            self._name(taken, prefix, map(spelled, fields))
        if self.more:
            self._name(taken, "other ", [MORE])
        return list(taken)

    def row(
        self, fixed: Sequence[Any], message: str | None, given: Mapping[str, Any], result: Any
    ) -> list[str]:
        """One row's cells, in the order of the header; `fixed` are those of FIXED."""
        return [cell(value) for value in self.values(fixed, message, given, result)]

    def values(
        self, fixed: Sequence[Any], message: str | None, given: Mapping[str, Any], result: Any
    ) -> list[Any]:
        """The same row as the values that it has."""
        fields = result_fields(result)
        told = [message] if self.messages else []
        values = [*fixed, *told, *map(given.get, self.inputs), *map(fields.get, self.results)]
        if self.more:
            values.append(self._left_over(given, fields))
        return values

    def _add(self, columns: dict[str, None], fields: Mapping[str, Any]) -> None:
        new = [name for name in fields if name not in columns]
        room = COLUMNS_MAX - len(self.inputs) - len(self.results)
        columns.update(dict.fromkeys(new[:room]))
        self.more = self.more or len(new) > room

    @staticmethod
    def _name(taken: dict[str, None], prefix: str, names: Iterable[str]) -> None:
        for name in names:
            while name in taken:
                name = prefix + name  # noqa: PLW2901 -- until it is free
            taken[name] = None

    def _left_over(self, given: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any] | None:
        inputs = {name: value for name, value in given.items() if name not in self.inputs}
        results = {name: value for name, value in fields.items() if name not in self.results}
        left = {"input": inputs, "result": results}
        return {name: found for name, found in left.items() if found} or None


def result_fields(result: Any) -> Mapping[str, Any]:
    """A result as fields: an object's own, one level deep; anything else is the field `result`; none has none."""
    if isinstance(result, dict):
        return result
    return {} if result is None else {TEXT: result}
