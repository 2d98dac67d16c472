"""Rows become a Parquet file, row group by row group. Imported only where one is written: it brings the library with it.

All rows are read twice, because a Parquet file says before its first row which columns there are and of what types.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, cast

import orjson
from arro3.core import DataType, Field, Schema
from arro3.io import read_json, write_parquet

from server.sheets.columns import Columns, result_fields
from server.sheets.valuetype import NESTED, Traits, ValueType, stored, trait, type_of

GROUP_ROWS = (20_000, 5_000, 1_000, 250)
"""How many rows a row group has: as many of these as keep the heaviest of them light enough, else the fewest."""
group_bytes_max = 8 * 1024 * 1024
"""How heavy a row group may be, in bytes of the JSON that its rows come as; memory holds one."""
group_cells_max = 2_000_000
_ARROW = {
    ValueType.BOOLEAN: DataType.bool(),
    ValueType.INTEGER: DataType.int64(),
    ValueType.NUMBER: DataType.float64(),
    ValueType.TEXT: DataType.utf8(),
    ValueType.JSON: DataType.utf8(),
    ValueType.MIXED: DataType.utf8(),
}
_FIXED = (ValueType.TEXT, ValueType.TEXT, ValueType.INTEGER, ValueType.TEXT)
"""The types of `columns.FIXED`."""


def write(rows: IO[bytes], file: IO[bytes]) -> None:
    """Write all rows of one file to another. The first line is what the metadata say, the others are as `making` has them."""
    told: dict[str, str] = orjson.loads(rows.readline())
    start = rows.tell()
    survey = Survey()
    for line in rows:
        survey.see(line)
    rows.seek(start)
    names, types = survey.columns.names(_spelled), survey.types()
    schema = Schema([Field(name, _ARROW[one]) for name, one in zip(names, types, strict=True)])
    objects = _Objects(rows, survey.columns, names, types)
    write_parquet(
        read_json(cast("IO[bytes]", objects), schema),
        file,
        compression="snappy",
        key_value_metadata={**told, **_read_as(names, types)},
        max_row_group_size=survey.group_rows(len(names)),
    )


@dataclass(kw_only=True, slots=True)
class Survey:
    """What is known after the last row only: the columns, their types, and how heavy row groups of each size would be."""

    columns: Columns = field(default_factory=Columns)
    _inputs: dict[str, Traits] = field(default_factory=dict)
    _results: dict[str, Traits] = field(default_factory=dict)
    _row: int = 0
    _now: list[int] = field(default_factory=lambda: [0] * len(GROUP_ROWS))
    _most: list[int] = field(default_factory=lambda: [0] * len(GROUP_ROWS))

    def see(self, line: bytes) -> None:
        """Take note of one row."""
        _, message, given, result = orjson.loads(line)
        self.columns.see(message, given, result)
        for traits, fields in ((self._inputs, given), (self._results, result_fields(result))):
            for name, value in fields.items():
                traits[name] = traits.get(name, 0) | trait(value)
        for index, rows in enumerate(GROUP_ROWS):
            self._now[index] = len(line) + (self._now[index] if self._row % rows else 0)
            self._most[index] = max(self._most[index], self._now[index])
        self._row += 1

    def types(self) -> list[ValueType]:
        """The types of all columns, in their order."""
        messages = [ValueType.TEXT] if self.columns.messages else []
        inputs = [type_of(self._inputs[name]) for name in self.columns.inputs]
        results = [type_of(self._results[name]) for name in self.columns.results]
        more = [type_of(NESTED)] if self.columns.more else []
        return [*_FIXED, *messages, *inputs, *results, *more]

    def group_rows(self, columns: int) -> int:
        """How many rows each row group has."""
        for rows, most in zip(GROUP_ROWS, self._most, strict=True):
            if most <= group_bytes_max and rows * columns <= group_cells_max:
                return rows
        return GROUP_ROWS[-1]


class _Objects(io.RawIOBase):
    """The rows as the library reads them: an object a line, with the columns' names and what each of them stores."""

    def __init__(
        self, rows: IO[bytes], columns: Columns, names: Sequence[str], types: Sequence[ValueType]
    ) -> None:
        super().__init__()
        self._lines = self._written(rows, columns, names, types)
        self._left = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Some bytes, as many as that or fewer; none at the end."""
        if not self._left:
            self._left = next(self._lines, b"")
        cut = len(self._left) if size < 0 else size
        some, self._left = self._left[:cut], self._left[cut:]
        return some

    @staticmethod
    def _written(
        rows: IO[bytes], columns: Columns, names: Sequence[str], types: Sequence[ValueType]
    ) -> Iterator[bytes]:
        for line in rows:
            values: list[Any] = columns.values(*orjson.loads(line))
            kept = map(stored, values, types)
            yield (
                orjson.dumps({name: one for name, one in zip(names, kept, strict=True) if one is not None})
                + b"\n"
            )


def _spelled(name: str) -> str:
    """A name as it is, but for the one character that the library cannot have in it."""
    return name.replace("\0", "\ufffd")


def _read_as(names: Sequence[str], types: Sequence[ValueType]) -> dict[str, str]:
    """Which columns of text hold JSON, so that whoever wants to can take them apart."""
    columns = zip(names, types, strict=True)
    told = {name: one for name, one in columns if one in {ValueType.JSON, ValueType.MIXED}}
    return {"tendesks.columns": orjson.dumps(told).decode()}
