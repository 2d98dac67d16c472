"""Tokens of chats that the platform's key paid for, by account and month."""

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import Row, Statement, carry_out, fetch

READ = """
SELECT a.tier, coalesce(s.tokens, 0)
FROM accounts AS a LEFT JOIN spending AS s ON s.account = a.id AND s.month = :month WHERE a.id = :account
"""
ADD = """
INSERT INTO spending (account, month, tokens) VALUES :rows
ON CONFLICT (account, month) DO UPDATE SET tokens = tokens + excluded.tokens
"""


async def spending_of(conn: AsyncConnection, account: str, month: str) -> tuple[str, int] | None:
    """Read an account's tier, and its tokens of a month; None: there is no such account."""
    found = await fetch(conn, READ, account=account, month=month)
    return (found[0][0], found[0][1]) if found else None


async def add_spending(conn: AsyncConnection, rows: list[Row]) -> None:
    """Add (account, month, tokens), each account and month once."""
    await carry_out(conn, [Statement(text=ADD, rows=rows)])
