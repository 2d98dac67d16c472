"""Accounts as rows: who pays, by which tier, with which number of slots."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch
from server.store.tables import accounts

CHANGE_TIER = "UPDATE accounts SET tier = :tier WHERE id = :account"
CHANGE_SLOTS = "UPDATE accounts SET slots = :slots WHERE id = :account"
SUSPEND = "UPDATE accounts SET suspended_ms = :suspended_ms WHERE id = :account"
OFFICE_OF = "SELECT id FROM offices WHERE account = :account"


async def add_account(
    conn: AsyncConnection, *, account: str, name: str, tier: str, now_ms: int, slots: int | None = None
) -> None:
    """Insert an account; `slots` is an operator's number for it, over the tier's."""
    row = {"id": account, "name": name, "tier": tier, "slots": slots, "created_ms": now_ms}
    await conn.execute(insert(accounts).values(row))


async def office_of(conn: AsyncConnection, account: str) -> str | None:
    """Return the account's office, if there is such an account."""
    found = await fetch(conn, OFFICE_OF, account=account)
    return found[0][0] if found else None


async def change_tier(conn: AsyncConnection, account: str, tier: str) -> None:
    """Write another tier."""
    await fetch(conn, CHANGE_TIER, account=account, tier=tier)


async def change_slots(conn: AsyncConnection, account: str, slots: int | None) -> None:
    """Write an operator's number of slots; None: the tier's."""
    await fetch(conn, CHANGE_SLOTS, account=account, slots=slots)


async def suspend(conn: AsyncConnection, account: str, since_ms: int | None) -> None:
    """Write since when an account is suspended; None: it is not."""
    await fetch(conn, SUSPEND, account=account, suspended_ms=since_ms)
