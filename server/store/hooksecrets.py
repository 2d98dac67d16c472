"""What webhooks are signed with, as rows: sealed, like own keys, and turned over with the master keys as those are.

To the vault each is a record of the provider `webhook`, whose base is the webhook's id: so it opens in no other place.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.keys import KeyRow, KeyState
from server.store.statements import Row, fetch

PROVIDER = "webhook"

ADD = """
INSERT INTO hook_secrets (hook, version, account, state, master, wrapped, body, made_ms)
VALUES (:hook, :version, :account, 'ok', :master, :wrapped, :body, :made_ms)
"""
_COLUMNS = "account, hook, version, state, master, wrapped, body, made_ms"
GOOD = f"""
SELECT {_COLUMNS} FROM hook_secrets WHERE hook = :hook AND (until_ms IS NULL OR until_ms > :now_ms)
ORDER BY made_ms DESC, version DESC
"""  # noqa: S608 - our own names
RETIRE = "UPDATE hook_secrets SET until_ms = :until_ms WHERE hook = :hook AND until_ms IS NULL"
FORGET = "DELETE FROM hook_secrets WHERE hook = :hook AND until_ms <= :now_ms"
COUNT = "SELECT count(*) FROM hook_secrets WHERE hook = :hook"
PAGE = f"""
SELECT {_COLUMNS} FROM hook_secrets
WHERE master <> :master AND state <> 'undecryptable' AND (hook, version) > (:hook, :version)
ORDER BY hook, version LIMIT :most
"""  # noqa: S608 - our own names
_THIS = "hook = :hook AND version = :version"
WRAP = f"UPDATE hook_secrets SET master = :master, wrapped = :wrapped WHERE {_THIS} AND master = :before"  # noqa: S608
JUDGE = f"UPDATE hook_secrets SET state = :state WHERE {_THIS} AND state <> :state RETURNING hook"  # noqa: S608
ABANDON = """
DELETE FROM hook_secrets WHERE master NOT IN (SELECT value FROM json_each(:masters)) RETURNING account, hook
"""


async def add_secret(conn: AsyncConnection, row: KeyRow) -> None:
    """Keep a new secret, the one to sign with from now on."""
    await fetch(
        conn, ADD, hook=row.base, version=row.version, account=row.account, master=row.master, wrapped=row.wrapped,
        body=row.body, made_ms=row.added_ms,
    )  # fmt: skip


async def retire(conn: AsyncConnection, hook: str, *, now_ms: int, until_ms: int) -> None:
    """Sign with what is there until a moment, and forget what was good until now."""
    await fetch(conn, FORGET, hook=hook, now_ms=now_ms)
    await fetch(conn, RETIRE, hook=hook, until_ms=until_ms)


async def count_secrets(conn: AsyncConnection, hook: str) -> int:
    """Count what a webhook is signed with, and what it was until lately."""
    ((count,),) = await fetch(conn, COUNT, hook=hook)
    return int(count)


async def good_secrets(conn: AsyncConnection, hook: str, now_ms: int) -> list[KeyRow]:
    """Read what a webhook is signed with now, the newest first."""
    return [_row(row) for row in await fetch(conn, GOOD, hook=hook, now_ms=now_ms)]


async def under_others(conn: AsyncConnection, master: str, after: tuple[str, str], most: int) -> list[KeyRow]:
    """Read rows that are wrapped by another master key than this one, in the order of webhook and version."""
    hook, version = after
    rows = await fetch(conn, PAGE, master=master, hook=hook, version=version, most=most)
    return [_row(row) for row in rows]


def place_of(row: KeyRow) -> tuple[str, str]:
    """Where a row stands in that order."""
    return row.base, row.version


async def wrap_key(conn: AsyncConnection, before: KeyRow, master: str, wrapped: bytes) -> None:
    """Write the data key under another master key, unless the row is gone or done meanwhile."""
    await fetch(
        conn, WRAP, hook=before.base, version=before.version, master=master, wrapped=wrapped, before=before.master
    )  # fmt: skip


async def judge_key(conn: AsyncConnection, row: KeyRow, state: KeyState) -> bool:
    """Write another state; says whether that changed anything."""
    return bool(await fetch(conn, JUDGE, hook=row.base, version=row.version, state=state.value))


async def abandon(conn: AsyncConnection, masters: str) -> list[tuple[str, str]]:
    """Delete what no master key of these (a JSON array of names) has wrapped; returns (account, webhook) of each."""
    return [(account, hook) for account, hook in await fetch(conn, ABANDON, masters=masters)]


def _row(row: Row) -> KeyRow:
    account, hook, version, state, master, wrapped, body, made_ms = row
    return KeyRow(
        account=account, provider=PROVIDER, base=hook, version=version, last="", state=KeyState(state), master=master,
        wrapped=wrapped, body=body, added_ms=made_ms,
    )  # fmt: skip
