"""Customers of Stripe as rows, which are the queue of those that are to be looked at: whatever is due is a row.

A look is asked for by raising `asked` and making the row due. Whoever has looked clears the row only if nothing more was
asked for meanwhile, so what is heard during a look leads to another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch

_COLUMNS = "account, customer, applied, session, session_tier, due_ms, asked, tries, looked_ms"
ADD = "INSERT INTO customers (account, customer, created_ms) VALUES (:account, :customer, :now_ms)"
REPLACE = """
UPDATE customers SET customer = :customer, session = NULL, session_tier = NULL WHERE account = :account
"""
OF_ACCOUNT = f"SELECT {_COLUMNS} FROM customers WHERE account = :account"  # noqa: S608 - our own names, as below
OF_CUSTOMER = f"SELECT {_COLUMNS} FROM customers WHERE customer = :customer"  # noqa: S608
DUE = f"SELECT {_COLUMNS} FROM customers WHERE due_ms <= :now_ms ORDER BY due_ms, account LIMIT :most"  # noqa: S608
NEXT = "SELECT min(due_ms) FROM customers WHERE due_ms > :now_ms"
BEGIN = "UPDATE customers SET session = :session, session_tier = :tier WHERE account = :account"
ASK = """
UPDATE customers SET asked = asked + 1, tries = 0, due_ms = CASE WHEN due_ms <= :due_ms THEN due_ms ELSE :due_ms END
WHERE customer = :customer RETURNING asked
"""
LATER = "UPDATE customers SET tries = tries + 1, due_ms = :due_ms WHERE account = :account AND asked = :asked"
LOOKED = """
UPDATE customers SET looked_ms = :now_ms, tries = 0, applied = :applied, spared_ms = coalesce(:spared_ms, spared_ms),
  due_ms = CASE WHEN asked = :asked THEN :due_ms ELSE due_ms END
WHERE account = :account AND customer = :customer
"""
PAGE = f"SELECT {_COLUMNS} FROM customers WHERE account > :after ORDER BY account LIMIT :most"  # noqa: S608
FORGET = "DELETE FROM customers WHERE account = :account"


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerRow:
    """An account that Stripe knows. `applied`: the tier that a subscription last gave; `due_ms`: when to look at it.

    `session` is the checkout that was begun last, for the tier `session_tier`; `tries`: looks that failed in a row.
    """

    account: str
    customer: str
    applied: str | None
    session: str | None
    session_tier: str | None
    due_ms: int | None
    asked: int
    tries: int
    looked_ms: int | None


async def add_customer(conn: AsyncConnection, *, account: str, customer: str, now_ms: int) -> None:
    """Remember who an account is at Stripe."""
    await fetch(conn, ADD, account=account, customer=customer, now_ms=now_ms)


async def replace_customer(conn: AsyncConnection, account: str, customer: str) -> None:
    """The one before is no more at Stripe: this one takes its place."""
    await fetch(conn, REPLACE, account=account, customer=customer)


async def customer_of(conn: AsyncConnection, account: str) -> CustomerRow | None:
    """Read who an account is at Stripe; None: nothing was ever bought."""
    return next(iter(_rows(await fetch(conn, OF_ACCOUNT, account=account))), None)


async def customer_row(conn: AsyncConnection, customer: str) -> CustomerRow | None:
    """Read whose customer of Stripe this is; None: nobody's here."""
    return next(iter(_rows(await fetch(conn, OF_CUSTOMER, customer=customer))), None)


async def due_customers(conn: AsyncConnection, now_ms: int, most: int) -> list[CustomerRow]:
    """Read those that are due, the longest first."""
    return _rows(await fetch(conn, DUE, now_ms=now_ms, most=most))


async def next_due_ms(conn: AsyncConnection, now_ms: int) -> int | None:
    """When the next one is due after now; None: none is."""
    ((moment,),) = await fetch(conn, NEXT, now_ms=now_ms)
    return None if moment is None else int(moment)


async def customers_page(conn: AsyncConnection, after: str, most: int) -> list[CustomerRow]:
    """Read customers in the order of their accounts, from the one behind `after`."""
    return _rows(await fetch(conn, PAGE, after=after, most=most))


async def begin_session(conn: AsyncConnection, account: str, session: str, tier: str) -> None:
    """A checkout was begun."""
    await fetch(conn, BEGIN, account=account, session=session, tier=tier)


async def ask_look(conn: AsyncConnection, customer: str, due_ms: int) -> int | None:
    """Have a customer looked at; returns how often that was asked for by now, None: it is nobody's here."""
    found = await fetch(conn, ASK, customer=customer, due_ms=due_ms)
    return int(found[0][0]) if found else None


async def look_later(conn: AsyncConnection, row: CustomerRow, due_ms: int) -> None:
    """A look failed: look again then, unless somebody has asked for one meanwhile."""
    await fetch(conn, LATER, account=row.account, asked=row.asked, due_ms=due_ms)


async def looked_at(
    conn: AsyncConnection, row: CustomerRow, *, applied: str | None, due_ms: int | None, spared_ms: int | None, now_ms: int
) -> None:  # fmt: skip
    """A look is done; the next one is at `due_ms`, or at once if somebody has asked for one meanwhile."""
    await fetch(
        conn, LOOKED, account=row.account, customer=row.customer, asked=row.asked, applied=applied, due_ms=due_ms, spared_ms=spared_ms,
        now_ms=now_ms,
    )  # fmt: skip


async def forget_customer(conn: AsyncConnection, account: str) -> None:
    """Forget who an account is at Stripe."""
    await fetch(conn, FORGET, account=account)


def _rows(found: Sequence[tuple[object, ...]]) -> list[CustomerRow]:
    return [CustomerRow(**dict(zip(CustomerRow.__dataclass_fields__, row, strict=True))) for row in found]  # type: ignore[arg-type]
