"""Webhooks as rows: the addresses of an account, and how each of them stands."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import NotFoundError
from server.store.statements import Row, Statement, fetch

_COLUMNS = "id, account, url, label, enabled, edition, off_reason, off_ms, failing_ms, resume_ms, delivered_ms, created_ms"
_MARKS = ", ".join(f":{name}" for name in _COLUMNS.split(", "))
ADD = f"INSERT INTO hooks ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608 - our own names
OF_ACCOUNT = f"SELECT {_COLUMNS} FROM hooks WHERE account = :account ORDER BY id"  # noqa: S608
READ = f"SELECT {_COLUMNS} FROM hooks WHERE id = :hook AND account = :account"  # noqa: S608
COUNT = "SELECT count(*) FROM hooks WHERE account = :account"
ACCOUNTS = "SELECT DISTINCT account FROM hooks"
WRITE = """
UPDATE hooks SET url = :url, label = :label, enabled = :enabled, edition = :edition, off_reason = :off_reason,
  off_ms = :off_ms, failing_ms = :failing_ms, resume_ms = :resume_ms
WHERE id = :id
"""
DROP = (
    "DELETE FROM hook_deliveries WHERE hook = :hook",
    "DELETE FROM hook_secrets WHERE hook = :hook",
    "DELETE FROM hooks WHERE id = :hook",
)
WELL = """
WITH given (id, at_ms) AS (VALUES :rows)
UPDATE hooks SET failing_ms = NULL, resume_ms = NULL, delivered_ms = given.at_ms FROM given WHERE hooks.id = given.id
"""
ILL = """
UPDATE hooks SET failing_ms = coalesce(failing_ms, :at_ms), resume_ms = :resume_ms
WHERE id = :hook AND edition = :edition AND enabled RETURNING failing_ms
"""
SWITCH_OFF = """
UPDATE hooks SET enabled = false, edition = edition + 1, off_reason = :reason, off_ms = :at_ms
WHERE id = :hook AND edition = :edition AND enabled RETURNING account, url, label
"""
QUIET = "UPDATE hooks SET enabled = false WHERE account = :account"


class OffReason(StrEnum):
    """Why nothing is sent to an address.

    OWNER: somebody switched it off. GONE: it answered 410. FAILING: no delivery succeeded for days. SECRET: what it is
    signed with does not open on this server any more.
    """

    OWNER = "owner"
    GONE = "gone"
    FAILING = "failing"
    SECRET = "secret"  # noqa: S105 - a word


@dataclass(frozen=True, kw_only=True, slots=True)
class HookRow:
    """A webhook. `failing_ms`: since when nothing arrived any more; `edition` grows with its url and with `enabled`."""

    id: str
    account: str
    url: str
    label: str | None
    enabled: bool
    edition: int
    off_reason: OffReason | None
    off_ms: int | None
    failing_ms: int | None
    resume_ms: int | None
    delivered_ms: int | None
    created_ms: int


async def add_hook(conn: AsyncConnection, row: HookRow) -> None:
    """Insert a webhook."""
    await fetch(conn, ADD, **_values(row))


async def hooks_of(conn: AsyncConnection, account: str) -> list[HookRow]:
    """Read an account's webhooks, oldest first."""
    return [_row(row) for row in await fetch(conn, OF_ACCOUNT, account=account)]


async def hook_row(conn: AsyncConnection, account: str, hook: str) -> HookRow:
    """Read one webhook of an account. Raises NotFoundError."""
    found = await fetch(conn, READ, account=account, hook=hook)
    if not found:
        raise NotFoundError(f"webhook: there is no {hook[:40]!r} in this office")
    return _row(found[0])


async def count_hooks(conn: AsyncConnection, account: str) -> int:
    """Count an account's webhooks."""
    ((count,),) = await fetch(conn, COUNT, account=account)
    return int(count)


async def accounts_with_hooks(conn: AsyncConnection) -> set[str]:
    """Read who has any."""
    return {account for (account,) in await fetch(conn, ACCOUNTS)}


async def write_hook(conn: AsyncConnection, row: HookRow) -> None:
    """Write all of a webhook that may change."""
    await fetch(conn, WRITE, **_values(row))


async def drop_hook(conn: AsyncConnection, hook: str) -> None:
    """Delete a webhook with its secrets and deliveries."""
    for statement in DROP:
        await fetch(conn, statement, hook=hook)


def went_well(rows: list[Row]) -> Statement:
    """Write that something arrived: (id, moment) of each; only the newest of one and the same."""
    return Statement(text=WELL, rows=list(dict(rows).items()))


async def went_ill(
    conn: AsyncConnection, hook: str, edition: int, at_ms: int, resume_ms: int | None
) -> int | None:
    """Write that something did not arrive; returns since when nothing does. None: it is off, or another one by now."""
    values = {"hook": hook, "edition": edition, "at_ms": at_ms, "resume_ms": resume_ms}
    found = await fetch(conn, ILL, **values)
    return found[0][0] if found else None


@dataclass(frozen=True, kw_only=True, slots=True)
class SwitchedOff:
    """A webhook that the server switched off just now."""

    hook: str
    account: str
    url: str
    label: str | None
    reason: OffReason


async def switch_off(
    conn: AsyncConnection, hook: str, edition: int, at_ms: int, reason: OffReason
) -> SwitchedOff | None:
    """Send nothing more to this address; None: it is off, or another one by now."""
    found = await fetch(conn, SWITCH_OFF, hook=hook, edition=edition, at_ms=at_ms, reason=reason.value)
    if not found:
        return None
    account, url, label = found[0]
    return SwitchedOff(hook=hook, account=account, url=url, label=label, reason=reason)


async def quiet(conn: AsyncConnection, account: str) -> None:
    """Send nothing more to any address of an account that is about to be deleted."""
    await fetch(conn, QUIET, account=account)


def _values(row: HookRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in HookRow.__dataclass_fields__}


def _row(row: Row) -> HookRow:
    values = dict(zip(HookRow.__dataclass_fields__, row, strict=True))
    values["enabled"] = bool(values["enabled"])
    values["off_reason"] = OffReason(values["off_reason"]) if values["off_reason"] else None
    return HookRow(**values)
