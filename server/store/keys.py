"""Own keys as rows: of a secret the last four characters and what is sealed, which no row and no copy of them opens."""

from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch

_COLUMNS = (
    "account, provider, base, version, last, state, master, wrapped, body, added_ms, checked_ms, used_ms"
)
_MARKS = ", ".join(f":{name}" for name in _COLUMNS.split(", "))
PUT = f"""
INSERT INTO own_keys ({_COLUMNS}) VALUES ({_MARKS})
ON CONFLICT (account, provider) DO UPDATE SET base = excluded.base, version = excluded.version,
  last = excluded.last, state = excluded.state, master = excluded.master, wrapped = excluded.wrapped,
  body = excluded.body, added_ms = excluded.added_ms, checked_ms = excluded.checked_ms, used_ms = NULL
"""  # noqa: S608 - our own names
OF_ACCOUNT = f"SELECT {_COLUMNS} FROM own_keys WHERE account = :account ORDER BY added_ms, provider"  # noqa: S608
TIER_OF = "SELECT tier FROM accounts WHERE id = :account"
COUNT = "SELECT count(*) FROM own_keys WHERE account = :account AND provider <> :provider"
SOME = "SELECT EXISTS (SELECT 1 FROM own_keys)"
KEYED = "SELECT EXISTS (SELECT 1 FROM own_keys WHERE account = :account AND state = 'ok' AND checked_ms > 0)"
DROP = "DELETE FROM own_keys WHERE account = :account AND provider = :provider RETURNING version"
_THIS = "account = :account AND provider = :provider AND version = :version"
JUDGE = f"UPDATE own_keys SET state = :state WHERE {_THIS} AND state <> :state RETURNING provider"  # noqa: S608
PROVE = f"""
UPDATE own_keys SET checked_ms = coalesce(checked_ms, :now_ms), used_ms = :now_ms WHERE {_THIS} AND state = 'ok'
"""  # noqa: S608 - our own names
# Rows that do not open are no reason to keep a master key. Secrets of webhooks are sealed by the same ones.
MASTERS = """
SELECT master, count(*) FROM (
  SELECT master FROM own_keys WHERE state <> 'undecryptable'
  UNION ALL SELECT master FROM hook_secrets WHERE state <> 'undecryptable') AS sealed
GROUP BY master ORDER BY master
"""
PAGE = f"""
SELECT {_COLUMNS} FROM own_keys
WHERE master <> :master AND state <> 'undecryptable' AND (account, provider) > (:account, :provider)
ORDER BY account, provider LIMIT :most
"""  # noqa: S608 - our own names
WRAP = f"UPDATE own_keys SET master = :master, wrapped = :wrapped WHERE {_THIS} AND master = :before"  # noqa: S608
ABANDON = "DELETE FROM own_keys WHERE master NOT IN (SELECT value FROM json_each(:masters)) RETURNING account, provider"
CANARIES = "SELECT substr(key, 14), value FROM meta WHERE key LIKE 'vault.canary.%' ORDER BY key"
ADD_CANARY = (
    "INSERT INTO meta (key, value) VALUES ('vault.canary.' || :master, :value) ON CONFLICT (key) DO NOTHING"
)
DROP_CANARY = "DELETE FROM meta WHERE key = 'vault.canary.' || :master"


class KeyState(StrEnum):
    """OK: it may be used. UNDECRYPTABLE: what is stored does not open. REJECTED: its provider does not accept it."""

    OK = "ok"
    UNDECRYPTABLE = "undecryptable"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyRow:
    """An own key as it is stored. `checked_ms` None: no provider has accepted it yet; `last`: its last four characters."""

    account: str
    provider: str
    base: str
    version: str
    last: str
    state: KeyState
    master: str
    wrapped: bytes = field(repr=False)
    body: bytes = field(repr=False)
    added_ms: int
    checked_ms: int | None = None
    used_ms: int | None = None


async def put_key(conn: AsyncConnection, row: KeyRow) -> None:
    """Insert a key, in place of the one that this account had of this provider."""
    await fetch(conn, PUT, **{name: getattr(row, name) for name in KeyRow.__dataclass_fields__})


async def keys_of(conn: AsyncConnection, account: str) -> list[KeyRow]:
    """Read an account's keys, oldest first."""
    return [_row(*columns) for columns in await fetch(conn, OF_ACCOUNT, account=account)]


async def tier_of(conn: AsyncConnection, account: str) -> str | None:
    """Read the name of an account's tier; None: there is no such account."""
    found = await fetch(conn, TIER_OF, account=account)
    return found[0][0] if found else None


async def others_count(conn: AsyncConnection, account: str, provider: str) -> int:
    """Count an account's keys of other providers."""
    ((count,),) = await fetch(conn, COUNT, account=account, provider=provider)
    return int(count)


async def any_key(conn: AsyncConnection) -> bool:
    """Whether anybody has stored a key."""
    ((some,),) = await fetch(conn, SOME)
    return bool(some)


async def is_keyed(conn: AsyncConnection, account: str) -> bool:
    """Whether an account has a valid key: one that its provider has accepted, and not refused since."""
    ((keyed,),) = await fetch(conn, KEYED, account=account)
    return bool(keyed)


async def drop_key(conn: AsyncConnection, account: str, provider: str) -> bool:
    """Delete a key; says whether there was one."""
    return bool(await fetch(conn, DROP, account=account, provider=provider))


async def judge_key(conn: AsyncConnection, row: KeyRow, state: KeyState) -> bool:
    """Write another state of this very version; says whether that changed anything."""
    values = {"account": row.account, "provider": row.provider, "version": row.version}
    return bool(await fetch(conn, JUDGE, state=state.value, **values))


async def prove_key(conn: AsyncConnection, *, account: str, provider: str, version: str, now_ms: int) -> None:
    """Its provider has accepted this very version: it is checked, and was used now."""
    await fetch(conn, PROVE, account=account, provider=provider, version=version, now_ms=now_ms)


async def masters_in_use(conn: AsyncConnection) -> dict[str, int]:
    """Count the rows that need each master key, by its name: own keys, and secrets of webhooks."""
    return dict(await fetch(conn, MASTERS))


async def under_others(conn: AsyncConnection, master: str, after: tuple[str, str], most: int) -> list[KeyRow]:
    """Read rows that are wrapped by another master key than this one, in the order of account and provider."""
    account, provider = after
    return [
        _row(*columns)
        for columns in await fetch(conn, PAGE, master=master, account=account, provider=provider, most=most)
    ]


def place_of(row: KeyRow) -> tuple[str, str]:
    """Where a row stands in that order."""
    return row.account, row.provider


async def wrap_key(conn: AsyncConnection, before: KeyRow, master: str, wrapped: bytes) -> None:
    """Write the data key under another master key, unless the row has been replaced or done meanwhile."""
    values = {"account": before.account, "provider": before.provider, "version": before.version}
    await fetch(conn, WRAP, master=master, wrapped=wrapped, before=before.master, **values)


async def abandon(conn: AsyncConnection, masters: str) -> list[tuple[str, str]]:
    """Delete what no master key of these (a JSON array of names) has wrapped; returns (account, provider) of each."""
    return [(account, provider) for account, provider in await fetch(conn, ABANDON, masters=masters)]


async def canaries(conn: AsyncConnection) -> dict[str, str]:
    """Read what proves master keys, by their names."""
    return dict(await fetch(conn, CANARIES))


async def add_canary(conn: AsyncConnection, master: str, value: str) -> None:
    """Keep what proves a master key, if there is nothing yet."""
    await fetch(conn, ADD_CANARY, master=master, value=value)


async def drop_canary(conn: AsyncConnection, master: str) -> None:
    """Forget a master key for good."""
    await fetch(conn, DROP_CANARY, master=master)


def _row(  # noqa: PLR0913, PLR0917 - its columns
    account: str, provider: str, base: str, version: str, last: str, state: str, master: str, wrapped: bytes,
    body: bytes, added_ms: int, checked_ms: int | None, used_ms: int | None,
) -> KeyRow:  # fmt: skip
    return KeyRow(
        account=account, provider=provider, base=base, version=version, last=last, state=KeyState(state), master=master,
        wrapped=wrapped, body=body, added_ms=added_ms, checked_ms=checked_ms, used_ms=used_ms,
    )  # fmt: skip
