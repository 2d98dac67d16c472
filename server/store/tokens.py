"""Tokens as rows: of a secret only its SHA-256 is kept, so that a copy of the database opens no door."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import Statement, fetch

ADD = """
INSERT INTO tokens (id, account, kind, hash, label, role, scopes, created_ms, expires_ms, person)
VALUES (:id, :account, :kind, :hash, :label, :role, :scopes, :created_ms, :expires_ms, :person)
"""
READ = """
SELECT t.id, t.account, o.id, t.hash, t.role, t.scopes, t.expires_ms, t.used_ms, t.person, p.email, m.role,
  a.suspended_ms IS NOT NULL OR a.deletes_ms IS NOT NULL
FROM tokens AS t JOIN offices AS o ON o.account = t.account JOIN accounts AS a ON a.id = t.account
LEFT JOIN people AS p ON p.id = t.person
LEFT JOIN members AS m ON m.account = t.account AND m.person = t.person
WHERE t.kind = :kind AND t.hash = :hash
"""
LIST = """
SELECT t.id, t.label, t.role, t.scopes, t.created_ms, t.expires_ms, t.used_ms, t.person, p.email
FROM tokens AS t LEFT JOIN people AS p ON p.id = t.person
WHERE t.kind = :kind AND (t.expires_ms IS NULL OR t.expires_ms > :now_ms)
  AND (:account = '' OR t.account = :account) AND (:person = '' OR t.person = :person)
ORDER BY t.id
"""
USED = """
WITH given (id, used_ms) AS (VALUES :rows)
UPDATE tokens SET used_ms = given.used_ms FROM given WHERE tokens.id = given.id
"""
MOVE = "UPDATE tokens SET account = :account WHERE id = :id AND kind = 'session'"
DROP = "DELETE FROM tokens WHERE kind = :kind AND hash = :hash RETURNING id"
DROP_ID = "DELETE FROM tokens WHERE kind = :kind AND id = :id RETURNING id"
DROP_EXPIRED = "DELETE FROM tokens WHERE expires_ms <= :now_ms"
OF_ACCOUNT = "SELECT id FROM tokens WHERE account = :account"
OF = "SELECT id FROM tokens WHERE account = :account AND person = :person"
DROP_OF = "DELETE FROM tokens WHERE account = :account AND person = :person RETURNING id"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewToken:
    """A token to be stored. `scopes` are words separated by spaces; `expires_ms` None: never; `person`: whose it is."""

    id: str
    account: str
    kind: str
    hash: bytes
    label: str | None
    role: str
    scopes: str
    created_ms: int
    expires_ms: int | None
    person: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRow:
    """A stored token with the office of its account, and what its person is there now (None: no member)."""

    id: str
    account: str
    office: str
    hash: bytes
    role: str
    scopes: str
    expires_ms: int | None
    used_ms: int | None
    person: str | None
    email: str | None
    member: str | None
    suspended: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedToken:
    """What may be told of a token."""

    id: str
    label: str | None
    role: str
    scopes: str
    created_ms: int
    expires_ms: int | None
    used_ms: int | None
    person: str | None
    email: str | None


async def add_token(conn: AsyncConnection, token: NewToken) -> None:
    """Insert a token."""
    await fetch(conn, ADD, **{name: getattr(token, name) for name in NewToken.__dataclass_fields__})


async def token_row(conn: AsyncConnection, kind: str, digest: bytes) -> TokenRow | None:
    """Read the token of this kind (`api` or `session`) with this hash, expired or not."""
    found = await fetch(conn, READ, kind=kind, hash=digest)
    if not found:
        return None
    values = dict(zip(TokenRow.__dataclass_fields__, found[0], strict=True))
    return TokenRow(**{**values, "suspended": bool(values["suspended"])})


async def tokens_of(
    conn: AsyncConnection, kind: str, now_ms: int, *, account: str | None = None, person: str | None = None
) -> list[ListedToken]:
    """Read all tokens of a kind that are good at this moment, of an account, of a person, or of a person there."""
    if not account and not person:
        raise AssertionError("expected an account, a person, or both, got neither")
    rows = await fetch(conn, LIST, kind=kind, now_ms=now_ms, account=account or "", person=person or "")
    return [ListedToken(**dict(zip(ListedToken.__dataclass_fields__, row, strict=True))) for row in rows]


def note_uses(uses: list[tuple[str, int]]) -> Statement:
    """Write down when tokens (by id) were used last."""
    return Statement(text=USED, rows=uses)


async def move_session(conn: AsyncConnection, token: str, account: str) -> None:
    """Let a session act in the office of another account."""
    await fetch(conn, MOVE, id=token, account=account)


async def drop_token(conn: AsyncConnection, kind: str, digest: bytes) -> str | None:
    """Delete a token and return its id; harmless when there is none."""
    found = await fetch(conn, DROP, kind=kind, hash=digest)
    return found[0][0] if found else None


async def drop_token_by_id(conn: AsyncConnection, kind: str, token: str) -> None:
    """Delete a token by its id; whoever asks has looked whose it is."""
    await fetch(conn, DROP_ID, kind=kind, id=token)


async def drop_expired(conn: AsyncConnection, now_ms: int) -> None:
    """Delete all tokens whose time is over."""
    await fetch(conn, DROP_EXPIRED, now_ms=now_ms)


async def drop_tokens_of(conn: AsyncConnection, account: str, person: str) -> list[str]:
    """Delete all tokens and sessions that a person has in an account, and return their ids."""
    return [token for (token,) in await fetch(conn, DROP_OF, account=account, person=person)]


async def token_ids_in(conn: AsyncConnection, account: str) -> list[str]:
    """Read the ids of all tokens and sessions that act in an account."""
    return [token for (token,) in await fetch(conn, OF_ACCOUNT, account=account)]


async def token_ids_of(conn: AsyncConnection, account: str, person: str) -> list[str]:
    """Read the ids of all tokens and sessions that a person has in an account."""
    return [token for (token,) in await fetch(conn, OF, account=account, person=person)]
