"""Letters as rows: one-time links on their way. A used one is deleted in the statement that reads it, so it is used once."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import Row, fetch

ADD = """
INSERT INTO letters (id, hash, email, account, role, created_ms, expires_ms, subject, carried)
VALUES (:id, :hash, :email, :account, :role, :created_ms, :expires_ms, :subject, :carried)
"""
_COLUMNS = "id, email, account, role, created_ms, expires_ms, subject, carried"
USE = f"DELETE FROM letters WHERE hash = :hash RETURNING {_COLUMNS}"  # noqa: S608 - our own names
OF_ACCOUNT = f"""
SELECT {_COLUMNS} FROM letters
WHERE account = :account AND expires_ms > :now_ms ORDER BY created_ms, id
"""  # noqa: S608 - our own names
DROP = f"DELETE FROM letters WHERE account = :account AND id = :id RETURNING {_COLUMNS}"  # noqa: S608
DROP_TO = "DELETE FROM letters WHERE account = :account AND email = :email"
DROP_EXPIRED = "DELETE FROM letters WHERE expires_ms <= :now_ms"


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterRow:
    """A letter that was sent. With an account it invites to its office, in a role; else it signs in.

    With a `subject` it also lets that person of a provider of OpenID Connect be this one from now on, if it is opened by a
    browser that carries what `carried` is the hash of.
    """

    id: str
    email: str
    account: str | None
    role: str | None
    created_ms: int
    expires_ms: int
    subject: str | None = None
    carried: bytes | None = None


async def add_letter(conn: AsyncConnection, letter: LetterRow, digest: bytes) -> None:
    """Insert a letter; of its secret only the SHA-256 is kept."""
    await fetch(
        conn, ADD, id=letter.id, hash=digest, email=letter.email, account=letter.account, role=letter.role,
        created_ms=letter.created_ms, expires_ms=letter.expires_ms, subject=letter.subject, carried=letter.carried,
    )  # fmt: skip


async def use_letter(conn: AsyncConnection, digest: bytes) -> LetterRow | None:
    """Take the letter with this hash away and return it, expired or not; None: there is none, or no longer."""
    return next(iter(_letters(await fetch(conn, USE, hash=digest))), None)


async def invitations(conn: AsyncConnection, account: str, now_ms: int) -> list[LetterRow]:
    """Return an account's invitations that nobody has used and that still can be."""
    return _letters(await fetch(conn, OF_ACCOUNT, account=account, now_ms=now_ms))


async def drop_letter(conn: AsyncConnection, account: str, letter: str) -> LetterRow | None:
    """Take an account's invitation back; None: there is none of that id."""
    return next(iter(_letters(await fetch(conn, DROP, account=account, id=letter))), None)


async def drop_invitations_to(conn: AsyncConnection, account: str, email: str) -> None:
    """Take back what was sent to an address before: only the newest invitation counts."""
    await fetch(conn, DROP_TO, account=account, email=email)


async def drop_expired_letters(conn: AsyncConnection, now_ms: int) -> None:
    """Delete all letters whose time is over."""
    await fetch(conn, DROP_EXPIRED, now_ms=now_ms)


def _letters(rows: list[Row]) -> list[LetterRow]:
    return [LetterRow(**dict(zip(LetterRow.__dataclass_fields__, row, strict=True))) for row in rows]
