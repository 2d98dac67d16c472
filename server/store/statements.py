"""The shortest way from a statement to the database: one hop to SQLite's thread instead of four.

SQL is written once, with named parameters; lists go in as one JSON array that `json_each` takes apart.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import aiosqlite
import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Row = tuple[Any, ...]


async def fetch(conn: AsyncConnection, statement: str, **values: Any) -> list[Row]:
    """Execute one statement and return its rows (also those of a RETURNING), as plain tuples."""
    driver = _sqlite(conn)
    if driver is not None:
        return list(await driver.execute_fetchall(statement, values))  # type: ignore[arg-type]
    result = await conn.execute(text(statement), values)
    return [tuple(row) for row in result] if result.returns_rows else []


async def insert(conn: AsyncConnection, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute one INSERT for many rows, prepared once."""
    driver = _sqlite(conn)
    if driver is not None:
        await (await driver.executemany(statement, rows)).close()
    elif rows:
        await conn.execute(text(statement), list(rows))


def packed(rows: Sequence[Any]) -> str:
    """Write a list as the JSON text that a statement takes apart."""
    return orjson.dumps(rows).decode()


def _sqlite(conn: AsyncConnection) -> aiosqlite.Connection | None:
    """The driver's connection, if it is SQLite's: SQLAlchemy's cursor costs four hops between threads each time."""
    sync = conn.sync_connection
    driver = None if sync is None else sync.connection.driver_connection
    return driver if isinstance(driver, aiosqlite.Connection) else None
