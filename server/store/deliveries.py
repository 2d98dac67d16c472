"""Deliveries to webhooks as rows: the outbox. A row waits until it was delivered, or failed for the last time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import NotFoundError
from server.store.ids import first_id
from server.store.statements import Row, Statement, fetch, packed

deliveries_at_once = 500

# To each address of the account that is on; where there is none, nothing is written.
ANNOUNCE = """
WITH given (event, account, batch, kind, body, at_ms) AS (VALUES :rows)
INSERT INTO hook_deliveries (id, hook, account, batch, kind, body, state, due_ms, created_ms)
SELECT given.event || hooks.id, hooks.id, hooks.account, nullif(given.batch, ''), given.kind, given.body, 'waiting',
  given.at_ms, given.at_ms
FROM given JOIN hooks ON hooks.account = given.account WHERE hooks.enabled
"""
ADD = """
INSERT INTO hook_deliveries (id, hook, account, kind, body, state, due_ms, created_ms)
VALUES (:id, :hook, :account, :kind, :body, 'waiting', :at_ms, :at_ms)
"""
_SHOWN = "id, hook, batch, kind, state, attempts, due_ms, status, reason, created_ms, ended_ms"
PAGE = f"""
SELECT {_SHOWN} FROM hook_deliveries WHERE hook = :hook AND (:after = '' OR id < :after) ORDER BY id DESC LIMIT :limit
"""  # noqa: S608 - our own names
READ = f"SELECT {_SHOWN} FROM hook_deliveries WHERE hook = :hook AND id = :delivery"  # noqa: S608
RETRY = f"""
UPDATE hook_deliveries SET state = 'waiting', step = 0, due_ms = :now_ms, ended_ms = NULL
WHERE hook = :hook AND id = :delivery RETURNING {_SHOWN}
"""  # noqa: S608
# The oldest of each address, so that one that does not answer hides nobody else's; who answers goes first.
HEADS = """
SELECT d.id, d.hook, d.account, h.url, h.edition, h.failing_ms IS NOT NULL, d.kind, d.body, d.step
FROM hooks AS h JOIN accounts AS a ON a.id = h.account JOIN hook_deliveries AS d ON d.id = (
  SELECT w.id FROM hook_deliveries AS w
  WHERE w.hook = h.id AND w.due_ms <= :now_ms AND (h.enabled OR w.kind = 'ping')
    AND w.id NOT IN (SELECT value FROM json_each(:busy))
  ORDER BY w.due_ms, w.id LIMIT 1)
WHERE coalesce(h.resume_ms, 0) <= :now_ms AND a.suspended_ms IS NULL AND a.deletes_ms IS NULL
  AND a.tier IN (SELECT value FROM json_each(:tiers)) AND h.id NOT IN (SELECT value FROM json_each(:full))
ORDER BY h.failing_ms IS NOT NULL, d.due_ms, d.id LIMIT :most
"""
NEXT = """
SELECT min(at_ms) FROM (
  SELECT min(due_ms) AS at_ms FROM hook_deliveries WHERE due_ms > :now_ms
  UNION ALL SELECT min(resume_ms) AS at_ms FROM hooks WHERE resume_ms > :now_ms) AS moments
"""
BACKLOG = "SELECT count(*), min(created_ms) FROM hook_deliveries WHERE due_ms IS NOT NULL"
WAITING = (
    "SELECT hook, count(*) FROM hook_deliveries WHERE account = :account AND due_ms IS NOT NULL GROUP BY hook"
)
TRIED = """
WITH given (id, state, step, due_ms, status, reason, ended_ms) AS (VALUES :rows)
UPDATE hook_deliveries SET state = given.state, attempts = attempts + 1, step = given.step,
  due_ms = nullif(given.due_ms, 0), status = nullif(given.status, 0), reason = nullif(given.reason, ''),
  ended_ms = nullif(given.ended_ms, 0)
FROM given WHERE hook_deliveries.id = given.id AND hook_deliveries.state = 'waiting'
"""
DROP_OLD = """
DELETE FROM hook_deliveries WHERE id IN (
  SELECT id FROM hook_deliveries WHERE id < :below ORDER BY id LIMIT :limit) RETURNING 1
"""
DROP_SOME = """
DELETE FROM hook_deliveries WHERE id IN (
  SELECT id FROM hook_deliveries WHERE account = :account LIMIT :limit) RETURNING 1
"""


class DeliveryState(StrEnum):
    """WAITING: there is another attempt to come. FAILED: there is none."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryRow:
    """A delivery as it is shown. `due_ms`: its next attempt; `status` and `reason` are those of the last one."""

    id: str
    hook: str
    batch: str | None
    kind: str
    state: DeliveryState
    attempts: int
    due_ms: int | None
    status: int | None
    reason: str | None
    created_ms: int
    ended_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A delivery whose turn has come. `failing`: nothing arrived there of late; `step`: how far in the schedule."""

    id: str
    hook: str
    account: str
    url: str = field(repr=False)  # it may hold a secret of the receiver's
    edition: int
    failing: bool
    kind: str
    body: str = field(repr=False)
    step: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """How many wait in all, and since when the first of them does."""

    count: int = 0
    oldest_ms: int | None = None


def announce(rows: Sequence[Row]) -> Statement:
    """Write what happened down for every address that is on: (event, account, batch, kind, body, moment) of each."""
    return Statement(text=ANNOUNCE, rows=rows)


async def add_delivery(
    conn: AsyncConnection, *, id_: str, hook: str, account: str, kind: str, body: str, at_ms: int
) -> None:
    """Write something down for one address."""
    values = {"hook": hook, "account": account, "kind": kind, "body": body, "at_ms": at_ms}
    await fetch(conn, ADD, id=id_, **values)


async def deliveries_page(
    conn: AsyncConnection, hook: str, *, limit: int, after: str | None = None
) -> list[DeliveryRow]:
    """Read an address's deliveries, newest first; `after` is the id of the last one of the page before."""
    return [_row(row) for row in await fetch(conn, PAGE, hook=hook, limit=limit, after=after or "")]


async def delivery_row(conn: AsyncConnection, hook: str, delivery: str) -> DeliveryRow:
    """Read one delivery. Raises NotFoundError."""
    return _one(await fetch(conn, READ, hook=hook, delivery=delivery), delivery)


async def retry_delivery(conn: AsyncConnection, hook: str, delivery: str, now_ms: int) -> DeliveryRow:
    """Have a delivery attempted again, from the beginning of the schedule. Raises NotFoundError."""
    return _one(await fetch(conn, RETRY, hook=hook, delivery=delivery, now_ms=now_ms), delivery)


async def heads(
    conn: AsyncConnection, *, now_ms: int, tiers: Sequence[str], busy: Sequence[str], full: Sequence[str], most: int
) -> list[Due]:  # fmt: skip
    """Read the oldest delivery of each address whose turn has come.

    `tiers` are those that have webhooks; `busy` are deliveries that are on their way, `full` addresses that have enough.
    """
    values = {"tiers": packed(tiers), "busy": packed(busy), "full": packed(full)}
    rows = await fetch(conn, HEADS, now_ms=now_ms, most=most, **values)
    return [
        Due(
            id=id_, hook=hook, account=account, url=url, edition=edition, failing=bool(failing), kind=kind, body=body,
            step=step,
        )
        for id_, hook, account, url, edition, failing, kind, body, step in rows
    ]  # fmt: skip


async def next_due_ms(conn: AsyncConnection, now_ms: int) -> int | None:
    """When something is due next; None: nothing is that is not now."""
    ((at_ms,),) = await fetch(conn, NEXT, now_ms=now_ms)
    return None if at_ms is None else int(at_ms)


async def backlog(conn: AsyncConnection) -> Backlog:
    """Count what waits."""
    ((count, oldest_ms),) = await fetch(conn, BACKLOG)
    return Backlog(count=count, oldest_ms=oldest_ms)


async def waiting_counts(conn: AsyncConnection, account: str) -> dict[str, int]:
    """Count what waits, by address."""
    return dict(await fetch(conn, WAITING, account=account))


def tried(rows: Sequence[Row]) -> Statement:
    """Write what came of attempts: (id, state, step, due or 0, status or 0, reason or '', ended or 0) of each."""
    return Statement(text=TRIED, rows=rows)


async def drop_old_deliveries(conn: AsyncConnection, before_ms: int) -> bool:
    """Delete some that are older than a moment, whatever became of them; says whether more may be left."""
    found = await fetch(conn, DROP_OLD, below=first_id(before_ms), limit=deliveries_at_once)
    return len(found) == deliveries_at_once


async def drop_deliveries(conn: AsyncConnection, account: str) -> bool:
    """Delete some of an account's; says whether more may be left."""
    found = await fetch(conn, DROP_SOME, account=account, limit=deliveries_at_once)
    return len(found) == deliveries_at_once


def _one(found: list[Row], delivery: str) -> DeliveryRow:
    if not found:
        raise NotFoundError(f"delivery: there is no {delivery[:40]!r} of this webhook")
    return _row(found[0])


def _row(row: Row) -> DeliveryRow:
    values = dict(zip(DeliveryRow.__dataclass_fields__, row, strict=True))
    return DeliveryRow(**{**values, "state": DeliveryState(values["state"])})
