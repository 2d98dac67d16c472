"""Idempotency-Key: what was asked under a key and what was answered, for a day."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch

KEPT_MS = 24 * 3600 * 1000

DROP_OLD = "DELETE FROM requests WHERE created_ms <= :before_ms"
CLAIM = """
INSERT INTO requests (account, key, hash, body, created_ms) VALUES (:account, :key, :hash, :holder, :now_ms)
ON CONFLICT (account, key) DO NOTHING RETURNING key
"""
READ = "SELECT hash, status, body FROM requests WHERE account = :account AND key = :key"
FINISH = "UPDATE requests SET status = :status, body = :body WHERE account = :account AND key = :key"
TAKE_OVER = """
UPDATE requests SET body = :body WHERE account = :account AND key = :key AND status IS NULL AND body = :left
RETURNING key
"""
RELEASE = "DELETE FROM requests WHERE account = :account AND key = :key AND status IS NULL"


class Claimed(StrEnum):
    """What a key turned out to be."""

    FRESH = "fresh"
    ANSWERED = "answered"
    RUNNING = "running"
    ABANDONED = "abandoned"  # its process ended before it could answer
    OTHER = "other"  # the key of another request


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """How a claim went; with the answer, if there was one, or with what a process that ended had left."""

    claimed: Claimed
    status: int = 0
    body: bytes = b""
    subject: str = ""


async def claim(
    conn: AsyncConnection,
    *,
    account: str,
    key: str,
    digest: bytes,
    holder: bytes,
    now_ms: int,
    subject: str = "",
) -> Claim:
    """Take a key for a request with this digest. `holder` is the process, so that one that died is told apart.

    `subject` is what the request makes, all or nothing; if it was cut short, that tells whether it was done. Holders
    are of one length.
    """
    await fetch(conn, DROP_OLD, before_ms=now_ms - KEPT_MS)
    mine = holder + subject.encode()
    if await fetch(conn, CLAIM, account=account, key=key, hash=digest, holder=mine, now_ms=now_ms):
        return Claim(claimed=Claimed.FRESH)
    ((stored, status, body),) = await fetch(conn, READ, account=account, key=key)
    if stored != digest:
        return Claim(claimed=Claimed.OTHER)
    if status is not None:
        return Claim(claimed=Claimed.ANSWERED, status=status, body=body)
    if body.startswith(holder):
        return Claim(claimed=Claimed.RUNNING)
    return Claim(claimed=Claimed.ABANDONED, body=body, subject=body[len(holder) :].decode())


async def take_over(
    conn: AsyncConnection, *, account: str, key: str, left: bytes, holder: bytes, subject: str
) -> bool:
    """Take a key whose request was not done, from a process that ended; False: somebody else was faster."""
    body = holder + subject.encode()
    return bool(await fetch(conn, TAKE_OVER, account=account, key=key, left=left, body=body))


async def finish(conn: AsyncConnection, *, account: str, key: str, status: int, body: bytes) -> None:
    """Keep the answer."""
    await fetch(conn, FINISH, account=account, key=key, status=status, body=body)


async def release(conn: AsyncConnection, *, account: str, key: str) -> None:
    """Nothing was changed: the key may be used again."""
    await fetch(conn, RELEASE, account=account, key=key)
