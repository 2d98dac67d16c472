"""Stores made for a measurement: accounts with tokens, long histories, long queues. Rows go in directly where that is said."""

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from server.accounts.tokens import TokenKind, hashed, new_secret
from server.model import Role, Scope
from server.settings import load
from server.store.accounts import add_account
from server.store.database import Database
from server.store.migrations import upgrade
from server.store.offices import add_office
from server.store.statements import ScriptedConnection
from server.store.tokens import NewToken, add_token

CLOSED = 0
"""So many slots while a store is filled: tasks are taken in, and none starts."""


def open_accounts(
    data: Path, count: int, tier: str, *, slots: int | None = CLOSED, first: int = 0
) -> list[str]:
    """Make accounts with an office and a token each; the first one is the owner of the house. Returns the tokens."""
    return asyncio.run(_open_accounts(data, range(first, first + count), tier, slots))


async def _open_accounts(data: Path, numbers: Iterable[int], tier: str, slots: int | None) -> list[str]:
    url = load(data=data).store_url
    await upgrade(url)
    db = Database(url)
    secrets = []
    async with db.write() as tx:
        for number in numbers:
            account, secret = account_of(number), new_secret(TokenKind.API)
            await add_account(tx.conn, account=account, name="Ann", tier=tier, now_ms=number, slots=slots)
            await add_office(tx.conn, office=office_of(number), account=account, name="Office", now_ms=number)
            await add_token(
                tx.conn,
                NewToken(
                    id=f"token{number:07}", account=account, kind=TokenKind.API, hash=hashed(secret), label=None,
                    role=Role.OWNER, scopes=" ".join(sorted(Scope)), created_ms=0, expires_ms=None,
                ),
            )  # fmt: skip
            secrets.append(secret)
    await db.close()
    return secrets


def account_of(number: int) -> str:
    """The id of an account that `open_accounts` made."""
    return f"account{number:05}"


def office_of(number: int) -> str:
    """The id of an office that `open_accounts` made."""
    return f"office{number:06}"


def open_slots(data: Path, slots: int | None = None, *, first: int = 0) -> None:
    """Give every account from a number on its tier's slots, or so many, in the store of a house that does not run."""
    with writing(data) as connection:
        connection.execute("UPDATE accounts SET slots = ? WHERE id >= ?", (slots, account_of(first)))


def csv_of(count: int) -> bytes:
    """A list of so many tasks."""
    return b"n\n" + b"".join(b"%d\n" % number for number in range(count))


@contextmanager
def writing(data: Path) -> Iterator[ScriptedConnection]:
    """The store of a house that does not run, for rows that go in directly; committed at the end."""
    connection = sqlite3.connect(data / "tendesks.sqlite3", factory=ScriptedConnection)
    try:
        with connection:
            yield connection
    finally:
        connection.close()
