"""The shortest way from statements to the database: one hop to SQLite's thread for as many as there are.

SQL is written once, with named parameters; lists go in as one JSON array that `json_each` takes apart.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import aiosqlite
import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Row = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement with its values; `rows` instead: an INSERT that is prepared once and executed for each of them."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] | None = None


async def fetch(conn: AsyncConnection, statement: str, **values: Any) -> list[Row]:
    """Execute one statement and return its rows (also those of a RETURNING), as plain tuples."""
    driver = sqlite_driver(conn)
    if driver is not None:
        return list(await driver.execute_fetchall(statement, values))  # type: ignore[arg-type]
    result = await conn.execute(text(statement), values)
    return [tuple(row) for row in result] if result.returns_rows else []


async def insert(conn: AsyncConnection, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute one INSERT for many rows, prepared once."""
    await carry_out(conn, [Statement(text=statement, rows=rows)])


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
    if statement.rows:
        await conn.execute(text(statement.text), list(statement.rows))
    return []


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
        if statement.rows is not None:
            super().executemany(statement.text, statement.rows)
            return []
        return super().execute(statement.text, statement.values).fetchall()


@dataclass(frozen=True, slots=True)
class _Answers:
    """As much of a cursor as aiosqlite asks for."""

    rows: list[list[Row]]

    def fetchall(self) -> list[list[Row]]:
        return self.rows
