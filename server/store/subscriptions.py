"""Subscriptions as rows: what Stripe had of them when they were looked at last."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch

_COLUMNS = "id, status, price, item, period_end_ms, cancel_ms, behind_ms"
PUT = f"""
INSERT INTO subscriptions ({_COLUMNS}, account, seen_ms)
VALUES (:id, :status, :price, :item, :period_end_ms, :cancel_ms, :behind_ms, :account, :seen_ms)
ON CONFLICT (id) DO UPDATE SET account = excluded.account, status = excluded.status, price = excluded.price,
  item = excluded.item, period_end_ms = excluded.period_end_ms, cancel_ms = excluded.cancel_ms,
  behind_ms = excluded.behind_ms, seen_ms = excluded.seen_ms
"""  # noqa: S608 - our own names, as below
OF_ACCOUNT = f"SELECT {_COLUMNS} FROM subscriptions WHERE account = :account ORDER BY id"  # noqa: S608
OF_MANY = f"""
SELECT account, {_COLUMNS} FROM subscriptions
WHERE account IN (SELECT value FROM json_each(:accounts)) ORDER BY account, id
"""  # noqa: S608
FORGET = "DELETE FROM subscriptions WHERE account = :account"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """One subscription. `status` in Stripe's words; `price` and `item`: of the one thing that is bought by it.

    `cancel_ms`: when it ends, if that is settled; `behind_ms`: since when it is not paid.
    """

    id: str
    status: str
    price: str
    item: str
    period_end_ms: int
    cancel_ms: int | None = None
    behind_ms: int | None = None


async def put_subscription(
    conn: AsyncConnection, account: str, subscription: Subscription, seen_ms: int
) -> None:
    """Write a subscription as it was seen."""
    values = {name: getattr(subscription, name) for name in Subscription.__dataclass_fields__}
    await fetch(conn, PUT, account=account, seen_ms=seen_ms, **values)


async def subscriptions_of(conn: AsyncConnection, account: str) -> list[Subscription]:
    """Read all that an account has, and had."""
    return [_subscription(row) for row in await fetch(conn, OF_ACCOUNT, account=account)]


async def subscriptions_of_many(conn: AsyncConnection, accounts: str) -> dict[str, list[Subscription]]:
    """Read those of some accounts (a JSON array of ids), by account."""
    found: dict[str, list[Subscription]] = {}
    for account, *columns in await fetch(conn, OF_MANY, accounts=accounts):
        found.setdefault(account, []).append(_subscription(columns))
    return found


async def forget_subscriptions(conn: AsyncConnection, account: str) -> None:
    """Delete an account's rows."""
    await fetch(conn, FORGET, account=account)


def _subscription(columns: Sequence[object]) -> Subscription:
    return Subscription(**dict(zip(Subscription.__dataclass_fields__, columns, strict=True)))  # type: ignore[arg-type]
