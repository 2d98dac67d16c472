"""Tokens as rows: of a secret only its SHA-256 is kept, so that a copy of the database opens no door."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch

ADD = """
INSERT INTO tokens (id, account, kind, hash, label, role, scopes, created_ms, expires_ms)
VALUES (:id, :account, :kind, :hash, :label, :role, :scopes, :created_ms, :expires_ms)
"""
READ = """
SELECT t.account, o.id, t.hash, t.role, t.scopes, t.expires_ms
FROM tokens AS t JOIN offices AS o ON o.account = t.account
WHERE t.kind = :kind AND t.hash = :hash
"""
DROP = "DELETE FROM tokens WHERE kind = :kind AND hash = :hash"
DROP_EXPIRED = "DELETE FROM tokens WHERE expires_ms <= :now_ms"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewToken:
    """A token to be stored. `scopes` are words separated by spaces; `expires_ms` None: never."""

    id: str
    account: str
    kind: str
    hash: bytes
    label: str | None
    role: str
    scopes: str
    created_ms: int
    expires_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRow:
    """A stored token with the office of its account."""

    account: str
    office: str
    hash: bytes
    role: str
    scopes: str
    expires_ms: int | None


async def add_token(conn: AsyncConnection, token: NewToken) -> None:
    """Insert a token."""
    await fetch(conn, ADD, **{name: getattr(token, name) for name in NewToken.__dataclass_fields__})


async def token_row(conn: AsyncConnection, kind: str, digest: bytes) -> TokenRow | None:
    """Read the token of this kind (`api` or `session`) with this hash, expired or not."""
    found = await fetch(conn, READ, kind=kind, hash=digest)
    if not found:
        return None
    account, office, stored, role, scopes, expires_ms = found[0]
    return TokenRow(
        account=account, office=office, hash=stored, role=role, scopes=scopes, expires_ms=expires_ms
    )


async def drop_token(conn: AsyncConnection, kind: str, digest: bytes) -> None:
    """Delete a token; harmless when there is none."""
    await fetch(conn, DROP, kind=kind, hash=digest)


async def drop_expired(conn: AsyncConnection, now_ms: int) -> None:
    """Delete all tokens whose time is over."""
    await fetch(conn, DROP_EXPIRED, now_ms=now_ms)
