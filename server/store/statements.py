"""The shortest way from statements to the database: one hop to SQLite's thread for as many as there are.

SQL is written once. What is asked for goes in as named parameters, lists among them as one JSON array that `json_each`
takes apart; what is written goes in as the rows of a VALUES clause, which costs half as much for each column.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any, cast

import aiosqlite
import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Row = tuple[Any, ...]
ROWS_MAX = 256
SHAPES = 256
"""How many statements SQLite keeps prepared: each of those with rows is there for 1, 2, 4, … ROWS_MAX of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement with its values; or with `rows` of equal length, which take the place of `:rows` in VALUES :rows.

    A row without a value is slow to hand over to SQLite: where None is common, hand over '' and let SQL say nullif.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Row] | None = None


async def fetch(conn: AsyncConnection, statement: str, **values: Any) -> list[Row]:
    """Execute one statement and return its rows (also those of a RETURNING), as plain tuples."""
    driver = sqlite_driver(conn)
    if driver is not None:
        return list(await driver.execute_fetchall(statement, values))  # type: ignore[arg-type]
    result = await conn.execute(text(statement), values)
    return [tuple(row) for row in result] if result.returns_rows else []


async def carry_out(conn: AsyncConnection, statements: Sequence[Statement]) -> list[list[Row]]:
    """Execute statements one after another and return the rows of each, in one hop to SQLite's thread."""
    driver = sqlite_driver(conn)
    if driver is not None:
        answers = await driver.execute_fetchall(cast("str", Script(statements)))
        return cast("list[list[Row]]", answers)
    return [await _apart(conn, statement) for statement in statements]


def packed(rows: Sequence[Any]) -> str:
    """Write a list as the JSON text that a statement takes apart."""
    return orjson.dumps(rows).decode()


async def _apart(conn: AsyncConnection, statement: Statement) -> list[Row]:
    if statement.rows is None:
        return await fetch(conn, statement.text, **statement.values)
    found: list[Row] = []
    for rows in _powers_of_two(statement.rows):
        named = {f"given{number}": value for number, value in enumerate(chain.from_iterable(rows))}
        marks = iter([f":{name}" for name in named])
        lines = ", ".join(f"({', '.join(next(marks) for _ in row)})" for row in rows)
        found += await fetch(conn, statement.text.replace(":rows", lines), **named)
    return found


def _powers_of_two(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Cut rows into pieces of 1, 2, 4, … ROWS_MAX: so few statements are ever prepared, each once."""
    start = 0
    while left := len(rows) - start:
        size = min(1 << (left.bit_length() - 1), ROWS_MAX)
        yield rows[start : start + size]
        start += size


@lru_cache(maxsize=SHAPES)
def _shape(statement: str, width: int, count: int) -> str:
    row = f"({', '.join('?' * width)})"
    return statement.replace(":rows", ", ".join([row] * count))


def sqlite_driver(conn: AsyncConnection) -> aiosqlite.Connection | None:
    """The driver's connection, if it is SQLite's: SQLAlchemy's cursor costs four hops between threads each time."""
    sync = conn.sync_connection
    driver = None if sync is None else sync.connection.driver_connection
    return driver if isinstance(driver, aiosqlite.Connection) else None


@dataclass(frozen=True, slots=True)
class Script:
    """Statements that stand in the place of one: aiosqlite has no other way to do more in its thread at once."""

    statements: Sequence[Statement]


class ScriptedConnection(sqlite3.Connection):
    """SQLite's connection, which also executes a Script; its cursor's rows are then lists of rows."""

    def execute(self, sql: Any, parameters: Any = (), /) -> Any:
        """See sqlite3.Connection."""
        if not isinstance(sql, Script):
            return super().execute(sql, parameters)
        return _Answers([self._rows(statement) for statement in sql.statements])

    def _rows(self, statement: Statement) -> list[Row]:
        if statement.rows is None:
            return super().execute(statement.text, statement.values).fetchall()
        found: list[Row] = []
        for rows in _powers_of_two(statement.rows):
            shape = _shape(statement.text, len(rows[0]), len(rows))
            found += super().execute(shape, list(chain.from_iterable(rows))).fetchall()
        return found


@dataclass(frozen=True, slots=True)
class _Answers:
    """As much of a cursor as aiosqlite asks for."""

    rows: list[list[Row]]

    def fetchall(self) -> list[list[Row]]:
        return self.rows
