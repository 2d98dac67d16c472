"""Accounts as an operator looks through them; no part of the queue's ways, so a page may walk along the table."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch

ROWS = """
SELECT a.id, o.id, a.name, o.name, a.tier, a.slots, a.own_quota, a.own_links, a.own_viewers,
  a.own_recording_days, a.suspended_ms, a.deletes_ms, a.created_ms
FROM accounts AS a JOIN offices AS o ON o.account = a.id
"""
PAGE = f"{ROWS} WHERE (:after = '' OR a.id < :after) ORDER BY a.id DESC LIMIT :limit"
ONE = f"{ROWS} WHERE a.id = :id"
OWNED = f"""{ROWS} WHERE a.id IN (
  SELECT m.account FROM people AS p JOIN members AS m ON m.person = p.id AND m.role = 'owner' WHERE p.email = :email
) ORDER BY a.id DESC LIMIT :limit
"""  # noqa: S608 - put together from constants
TIERS = "SELECT DISTINCT tier FROM accounts"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountRow:
    """An account with its office; `name` is its first owner's address.

    `slots`, `quota`, `links`, `viewers` and `recording_days` are an operator's numbers for it, over the tier's.
    """

    id: str
    office: str
    name: str
    office_name: str
    tier: str
    slots: int | None
    quota: int | None
    links: int | None
    viewers: int | None
    recording_days: int | None
    suspended_ms: int | None
    deletes_ms: int | None
    created_ms: int


async def accounts_page(conn: AsyncConnection, *, limit: int, after: str | None = None) -> list[AccountRow]:
    """Read accounts, newest first; `after` is the id of the last one of the page before."""
    return _accounts(await fetch(conn, PAGE, limit=limit, after=after or ""))


async def accounts_owned(conn: AsyncConnection, email: str, *, limit: int) -> list[AccountRow]:
    """Read the accounts that somebody with this address owns, newest first."""
    return _accounts(await fetch(conn, OWNED, email=email, limit=limit))


async def account_row(conn: AsyncConnection, account: str) -> AccountRow | None:
    """Read one account."""
    return next(iter(_accounts(await fetch(conn, ONE, id=account))), None)


async def tiers_in_use(conn: AsyncConnection) -> set[str]:
    """Return the names of all tiers that some account has."""
    return {tier for (tier,) in await fetch(conn, TIERS)}


def _accounts(rows: list[tuple[object, ...]]) -> list[AccountRow]:
    return [AccountRow(**dict(zip(AccountRow.__dataclass_fields__, row, strict=True))) for row in rows]  # type: ignore[arg-type]
