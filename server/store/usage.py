"""How many tasks an account has started in a month (UTC): what the quota counts."""

from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import Statement, fetch

USED = "SELECT used FROM usage WHERE account = :account AND month = :month"
COUNT = """
INSERT INTO usage (account, month, used)
VALUES :rows
ON CONFLICT (account, month) DO UPDATE SET used = used + excluded.used
"""


def month_of(now_ms: int) -> str:
    """Name the month of a moment, `2026-11`. Names sort as the months do."""
    return datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m")


@lru_cache(maxsize=64)
def resets_ms(month: str) -> int:
    """Return the moment at which a month's count starts again: the first of the next one, 00:00 UTC."""
    year, number = (int(part) for part in month.split("-"))
    following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return round(following.timestamp() * 1000)


async def used(conn: AsyncConnection, account: str, month: str) -> int:
    """Read what an account has used in a month."""
    found = await fetch(conn, USED, account=account, month=month)
    return found[0][0] if found else 0


def count(counts: list[tuple[str, str, int]]) -> Statement:
    """Add (account, month, tasks) to what was used."""
    return Statement(text=COUNT, rows=counts)
