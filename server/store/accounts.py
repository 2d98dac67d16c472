"""Accounts as rows: who pays, by which tier, with which number of slots."""

from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch
from server.store.tables import accounts

CHANGE_TIER = "UPDATE accounts SET tier = :tier WHERE id = :account"
COLUMNS = {
    "slots": "slots",
    "quota": "own_quota",
    "links": "own_links",
    "viewers": "own_viewers",
    "recording_days": "own_recording_days",
}
"""Where an operator's numbers for one account stand."""
CHANGE_NUMBER = {
    name: f"UPDATE accounts SET {column} = :number WHERE id = :account"  # noqa: S608 - our own names
    for name, column in COLUMNS.items()
}
DELETES = "UPDATE accounts SET deletes_ms = :deletes_ms WHERE id = :account"
STANDING = "SELECT suspended_ms, deletes_ms FROM accounts WHERE id = :account"
KEEPING = "SELECT keep_recordings, keep_results FROM accounts WHERE id = :account"
KEEP = """
UPDATE accounts SET keep_recordings = :recordings, keep_results = :results WHERE id = :account
"""
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


async def change_number(conn: AsyncConnection, account: str, name: str, number: int | None) -> None:
    """Write an operator's number for an account (`slots`, `quota`, …); None: the tier's."""
    await fetch(conn, CHANGE_NUMBER[name], account=account, number=number)


async def suspend(conn: AsyncConnection, account: str, since_ms: int | None) -> None:
    """Write since when an account is suspended; None: it is not."""
    await fetch(conn, SUSPEND, account=account, suspended_ms=since_ms)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Since when an operator lets nothing of an account start, and when it is deleted; None: not."""

    suspended_ms: int | None
    deletes_ms: int | None

    @property
    def still(self) -> bool:
        """Whether nothing of it starts, for either reason."""
        return self.suspended_ms is not None or self.deletes_ms is not None


async def standing_of(conn: AsyncConnection, account: str) -> Standing | None:
    """How an account stands; None: there is none."""
    found = await fetch(conn, STANDING, account=account)
    return Standing(suspended_ms=found[0][0], deletes_ms=found[0][1]) if found else None


async def write_deletion(conn: AsyncConnection, account: str, deletes_ms: int | None) -> None:
    """Write when an account is deleted; None: it is kept."""
    await fetch(conn, DELETES, account=account, deletes_ms=deletes_ms)


@dataclass(frozen=True, kw_only=True, slots=True)
class Keeping:
    """How many days an account wishes its recordings, and inputs and results, to be kept; None: as long as may be."""

    recordings: int | None
    results: int | None


async def keeping_of(conn: AsyncConnection, account: str) -> Keeping:
    """What an account wishes."""
    found = await fetch(conn, KEEPING, account=account)
    recordings, results = found[0] if found else (None, None)
    return Keeping(recordings=recordings, results=results)


async def write_keeping(conn: AsyncConnection, account: str, keeping: Keeping) -> None:
    """Write what an account wishes."""
    await fetch(conn, KEEP, account=account, recordings=keeping.recordings, results=keeping.results)
