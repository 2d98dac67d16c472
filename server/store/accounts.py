"""Accounts as rows: who pays, by which tier, with which number of slots."""

from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch
from server.store.tables import accounts

CHANGE_TIER = "UPDATE accounts SET tier = :tier WHERE id = :account"
CHANGE_SLOTS = "UPDATE accounts SET slots = :slots WHERE id = :account"
SUSPEND = "UPDATE accounts SET suspended_ms = :suspended_ms WHERE id = :account"
TIERS = "SELECT DISTINCT tier FROM accounts"
PAGE = """
SELECT a.id, o.id, a.name, o.name, a.tier, a.slots, a.suspended_ms, a.created_ms
FROM accounts AS a JOIN offices AS o ON o.account = a.id
WHERE (:after = '' OR a.id < :after) AND (:id = '' OR a.id = :id)
  AND (:email = '' OR EXISTS (
    SELECT 1 FROM members AS m JOIN people AS p ON p.id = m.person
    WHERE m.account = a.id AND m.role = 'owner' AND p.email = :email))
ORDER BY a.id DESC LIMIT :limit
"""
OFFICE_OF = "SELECT id FROM offices WHERE account = :account"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountRow:
    """An account with its office; `slots` is an operator's number for it, `name` its first owner's address."""

    id: str
    office: str
    name: str
    office_name: str
    tier: str
    slots: int | None
    suspended_ms: int | None
    created_ms: int


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


async def tiers_in_use(conn: AsyncConnection) -> set[str]:
    """Return the names of all tiers that some account has."""
    return {tier for (tier,) in await fetch(conn, TIERS)}


async def accounts_page(
    conn: AsyncConnection, *, limit: int, after: str | None = None, email: str | None = None, id_: str = ""
) -> list[AccountRow]:
    """Read accounts, newest first: all of them, those that somebody with this address owns, or the one of an id."""
    rows = await fetch(conn, PAGE, limit=limit, after=after or "", email=email or "", id=id_)
    return [AccountRow(**dict(zip(AccountRow.__dataclass_fields__, row, strict=True))) for row in rows]
