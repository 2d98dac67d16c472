"""Offices as rows: one user's world and queue, with the counters that order its batches."""

from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import Statement, fetch, packed
from server.store.tables import offices

OPEN = "SELECT DISTINCT office FROM batches WHERE ended_ms IS NULL AND state <> 'arriving'"
READ = """
SELECT o.id, o.account, o.name, o.turn, a.tier, a.slots, a.suspended_ms IS NOT NULL OR a.deletes_ms IS NOT NULL,
  a.own_quota, coalesce(u.month, :month),
  coalesce(u.used, 0),
  EXISTS (SELECT 1 FROM own_keys AS k WHERE k.account = o.account AND k.state = 'ok' AND k.checked_ms > 0)
FROM offices AS o
JOIN accounts AS a ON a.id = o.account
LEFT JOIN usage AS u ON u.account = o.account AND u.month = (
  SELECT max(l.month) FROM usage AS l WHERE l.account = o.account AND l.month >= :month)
WHERE o.id IN (SELECT value FROM json_each(:offices))
"""
RENAME = "UPDATE offices SET name = :name WHERE id = :office"
# The last turn given out is the office's own or that of a batch that has not ended: see `write_turns`.
JOIN_QUEUE = """
UPDATE offices SET batches = batches + 1, turn = 1 + max(turn, coalesce((
  SELECT max(b.turn) FROM batches AS b WHERE b.office = :office AND b.ended_ms IS NULL), 0))
WHERE id = :office RETURNING turn, batches
"""
TURN = """
WITH given (id, turn) AS (VALUES :rows)
UPDATE offices SET turn = given.turn FROM given WHERE offices.id = given.id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficeRow:
    """An office with its account's tier, own slots and quota, and standing, and what it has used in its quota's month.

    That is the month that was asked for, or a later one in which it has used something: a month never goes back, even
    if the clock does.
    """

    id: str
    account: str
    name: str
    turn: int
    tier: str
    slots: int | None
    suspended: bool
    quota: int | None
    month: str
    used: int
    keyed: bool


async def add_office(conn: AsyncConnection, *, office: str, account: str, name: str, now_ms: int) -> None:
    """Insert an office; an account has one."""
    row = {"id": office, "account": account, "name": name, "created_ms": now_ms}
    await conn.execute(insert(offices).values(row))


async def open_offices(conn: AsyncConnection) -> list[str]:
    """Return all offices with a batch that has not ended."""
    return [office for (office,) in await fetch(conn, OPEN)]


async def office_rows(conn: AsyncConnection, ids: list[str], month: str) -> list[OfficeRow]:
    """Read those offices that exist."""
    rows = await fetch(conn, READ, offices=packed(ids), month=month)
    return [
        OfficeRow(
            id=id_, account=account, name=name, turn=turn, tier=tier, slots=slots, suspended=bool(suspended), quota=quota,
            month=latest, used=used, keyed=bool(keyed),
        )
        for id_, account, name, turn, tier, slots, suspended, quota, latest, used, keyed in rows
    ]  # fmt: skip


async def rename(conn: AsyncConnection, office: str, name: str) -> None:
    """Write another name."""
    await fetch(conn, RENAME, office=office, name=name)


async def next_turn(conn: AsyncConnection, office: str) -> tuple[int, int]:
    """Give a batch that joins the queue its turn (the newest) and its order (from 0)."""
    ((turn, batches),) = await fetch(conn, JOIN_QUEUE, office=office)
    return turn, batches - 1


def write_turns(turns: list[tuple[str, int]]) -> Statement:
    """Write the last turn given out, by office: where a batch ends, whose row would else be the only one to know it."""
    return Statement(text=TURN, rows=turns)
