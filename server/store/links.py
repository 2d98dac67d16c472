"""Links as rows: of a secret only its SHA-256 is kept. A link's id is no secret; it stands in addresses and logs."""

import secrets
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import NotFoundError
from server.store.database import Database
from server.store.ids import base36
from server.store.statements import Row, fetch, packed

ID_BITS = 96
ID_CHARS = 19
"""Links are known by ids that nobody can guess or count through: random bits as digits of base 36, `[a-z0-9]{19}`."""
KEY_BYTES = 32

_STORED = (
    "id, account, office, hash, edition, former, former_until_ms, label, view, recording, from_ms, to_ms, batch, "
    "origins, card, lan, created_ms, expires_ms, revoked_ms"
).split(", ")
_JOINED = ("tier", "office_name", "batch_name", "gone", "still", "own_links", "own_viewers")
_VALUES = ", ".join(f":{name}" for name in _STORED)
ADD = f"INSERT INTO links ({', '.join(_STORED)}) VALUES ({_VALUES})"  # noqa: S608
_SELECT = f"""
SELECT {", ".join(f"l.{name}" for name in _STORED)}, a.tier, o.name, b.name,
  (l.recording IS NOT NULL AND r.id IS NULL) OR (l.batch IS NOT NULL AND b.id IS NULL),
  a.suspended_ms IS NOT NULL OR a.deletes_ms IS NOT NULL, a.own_links, a.own_viewers
FROM links AS l JOIN offices AS o ON o.id = l.office JOIN accounts AS a ON a.id = l.account
LEFT JOIN recordings AS r ON r.id = l.recording AND r.office = l.office AND NOT r.dropped
LEFT JOIN batches AS b ON b.id = l.batch AND b.office = l.office
"""  # noqa: S608
READ = f"{_SELECT} WHERE l.id = :link"
PAGE = f"""{_SELECT}
WHERE l.office = :office AND (l.created_ms, l.id) < (:created_ms, :below)
  AND coalesce(l.revoked_ms, l.expires_ms) > :since_ms
ORDER BY l.created_ms DESC, l.id DESC LIMIT :limit
"""
COUNT = """
SELECT count(*) FROM links WHERE account = :account AND revoked_ms IS NULL AND expires_ms > :now_ms
"""
LIVE = "SELECT id FROM links WHERE account = :account AND revoked_ms IS NULL AND expires_ms > :now_ms"
LAN = "SELECT 1 FROM links WHERE lan AND revoked_ms IS NULL AND expires_ms > :now_ms LIMIT 1"
REVOKE = """
UPDATE links SET revoked_ms = :now_ms WHERE id = :link AND office = :office AND revoked_ms IS NULL
"""
ROTATE = """
UPDATE links SET hash = :hash, edition = edition + 1, former = :former, former_until_ms = :former_until_ms
WHERE id = :link
"""
DELETE_OLD = "DELETE FROM links WHERE office = :office AND coalesce(revoked_ms, expires_ms) <= :before_ms"
ADD_KEY = "INSERT INTO meta (key, value) VALUES ('grant_key', :value) ON CONFLICT (key) DO NOTHING"
READ_KEY = "SELECT value FROM meta WHERE key = 'grant_key'"

LAST_ID = "~"  # behind every id
LAST_MS = 2**53


@dataclass(frozen=True, kw_only=True, slots=True)
class NewLink:
    """A link to be stored; see the table. One of `recording` and `batch` at most."""

    id: str
    account: str
    office: str
    hash: bytes
    label: str | None
    view: str
    recording: str | None
    from_ms: int | None
    to_ms: int | None
    batch: str | None
    origins: tuple[str, ...]
    card: bool
    lan: bool
    created_ms: int
    expires_ms: int
    edition: int = 0
    former: bytes | None = None
    former_until_ms: int | None = None
    revoked_ms: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRow(NewLink):
    """A stored link with its account's tier, and the names of what it shows. `gone`: what it shows was deleted.

    `still`: its account is suspended, or about to be deleted. `own_links` and `own_viewers`: an operator's numbers for
    the account, over the tier's.
    """

    tier: str
    office_name: str
    batch_name: str | None
    gone: bool
    still: bool = False
    own_links: int | None = None
    own_viewers: int | None = None


def new_link_id() -> str:
    """Make an id."""
    return base36(secrets.randbits(ID_BITS), ID_CHARS)


async def add_link(conn: AsyncConnection, link: NewLink) -> None:
    """Insert a link."""
    await fetch(conn, ADD, **_values(link))


async def link_row(conn: AsyncConnection, link: str) -> LinkRow | None:
    """Read a link, whatever has become of it."""
    found = await fetch(conn, READ, link=link)
    return _row(found[0]) if found else None


async def office_link(conn: AsyncConnection, office: str, link: str) -> LinkRow:
    """Read a link of an office.

    Raises:
        NotFoundError: there is none, or it is another office's.
    """
    row = await link_row(conn, link)
    if row is None or row.office != office:
        raise NotFoundError(f"link: there is no {link[:40]!r} in this office")
    return row


async def links_page(
    conn: AsyncConnection, office: str, *, limit: int, since_ms: int, after: tuple[int, str] | None = None
) -> list[LinkRow]:
    """Read up to `limit` links that had not ended at `since_ms`, newest first, from behind `after` (moment, id) on."""
    created_ms, below = after or (LAST_MS, LAST_ID)
    values = {"office": office, "created_ms": created_ms, "below": below}
    rows = await fetch(conn, PAGE, **values, since_ms=since_ms, limit=limit)
    return [_row(row) for row in rows]


async def live_links(conn: AsyncConnection, account: str, now_ms: int) -> int:
    """Count an account's links that have not ended."""
    return int((await fetch(conn, COUNT, account=account, now_ms=now_ms))[0][0])


async def live_link_ids(conn: AsyncConnection, account: str, now_ms: int) -> list[str]:
    """Read the ids of an account's links that have not ended."""
    return [link for (link,) in await fetch(conn, LIVE, account=account, now_ms=now_ms)]


async def lan_wanted(conn: AsyncConnection, now_ms: int) -> bool:
    """Whether there is a link for the local network that has not ended."""
    return bool(await fetch(conn, LAN, now_ms=now_ms))


async def revoke_link(conn: AsyncConnection, office: str, link: str, now_ms: int) -> None:
    """End a link; harmless when it has ended."""
    await fetch(conn, REVOKE, office=office, link=link, now_ms=now_ms)


async def rotate_link(
    conn: AsyncConnection, link: str, *, digest: bytes, former: bytes | None, former_until_ms: int | None
) -> None:
    """Give a link another secret; the former one may be good for a while."""
    values = {"hash": digest, "former": former, "former_until_ms": former_until_ms}
    await fetch(conn, ROTATE, link=link, **values)


async def delete_old_links(conn: AsyncConnection, office: str, before_ms: int) -> None:
    """Forget those that had ended by then."""
    await fetch(conn, DELETE_OLD, office=office, before_ms=before_ms)


async def grant_key(db: Database) -> bytes:
    """The key that grants are signed with: one for all processes of this store, made by the first that asks."""
    async with db.write() as tx:
        await fetch(tx.conn, ADD_KEY, value=secrets.token_hex(KEY_BYTES))
        return bytes.fromhex(str((await fetch(tx.conn, READ_KEY))[0][0]))


def _values(link: NewLink) -> dict[str, Any]:
    return {name: getattr(link, name) for name in _STORED} | {"origins": packed(link.origins)}


def _row(row: Row) -> LinkRow:
    values = dict(zip((*_STORED, *_JOINED), row, strict=True))
    flags = {name: bool(values[name]) for name in ("card", "lan", "gone", "still")}
    return LinkRow(**(values | flags | {"origins": tuple(orjson.loads(values["origins"]))}))
