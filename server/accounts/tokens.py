"""Secrets and who they stand for. A secret has 256 random bits; the store knows its hash only."""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.callers import Callers
from server.accounts.roles import ALLOWED, lesser
from server.accounts.uses import Uses
from server.clock import Clock
from server.model import Credential, Identity, Role, Scope, View
from server.store.database import Database
from server.store.ids import Ids
from server.store.tokens import NewToken, TokenRow, add_token, token_row

_SHAPE = re.compile(r"td[sc]_[A-Za-z0-9_-]{43}", re.ASCII)


Told: TypeAlias = Callable[[Collection[str]], None]
"""Told, once it is committed, of tokens and sessions by their ids."""


class TokenKind(StrEnum):
    """An API token is shown once and sent as Bearer; a session's lives in a cookie."""

    API = "api"
    SESSION = "session"


_PREFIX = {TokenKind.API: "tds_", TokenKind.SESSION: "tdc_"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a new token is to allow, and until when. `person`: whose it is, who has to be a member of the account."""

    account: str
    role: Role
    scopes: frozenset[Scope]
    label: str | None = None
    expires_ms: int | None = None
    person: str | None = None


def new_secret(kind: TokenKind) -> str:
    """Make a secret: a prefix that says what it is, and 32 random bytes in base64url."""
    return _PREFIX[kind] + secrets.token_urlsafe(32)


def new_letter_secret() -> str:
    """The same for a one-time link; a letter is no token and opens nothing but a session."""
    return "tdl_" + secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """SHA-256: with 256 random bits there is nothing that a slow hash could add."""
    return hashlib.sha256(secret.encode()).digest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Issued:
    """A new token's secret, which is shown once, and its id."""

    id: str
    secret: str
    created_ms: int


class Tokens:
    """Issues tokens and tells whom they stand for.

    `ended` is told of those that allow nothing any more, `changed` of those that allow something else than before.
    """

    def __init__(self, db: Database, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._reading: dict[tuple[TokenKind, bytes], asyncio.Future[TokenRow | None]] = {}
        self.uses = Uses(db, clock)
        self.callers = Callers(clock)
        self.ended: Told = self.callers.end
        self.changed: Told = self.callers.renew

    async def issue(self, kind: TokenKind, grant: Grant) -> str:
        """Store a new token and return its secret, which is known nowhere else."""
        async with self._db.write() as tx:
            return (await self.add(tx.conn, kind, grant)).secret

    async def add(self, conn: AsyncConnection, kind: TokenKind, grant: Grant) -> Issued:
        """The same, in a transaction that does more."""
        secret = new_secret(kind)
        token = NewToken(
            id=self._ids.new(),
            account=grant.account,
            kind=kind,
            hash=hashed(secret),
            label=grant.label,
            role=grant.role,
            scopes=" ".join(sorted(grant.scopes)),
            created_ms=self._clock.now_ms(),
            expires_ms=grant.expires_ms,
            person=grant.person,
        )
        await add_token(conn, token)
        return Issued(id=token.id, secret=secret, created_ms=token.created_ms)

    async def by_token(self, secret: str) -> Identity | None:
        """Whom an API token stands for; None: nobody, or no longer."""
        return await self.find(TokenKind.API, secret)

    async def find(self, kind: TokenKind, secret: str) -> Identity | None:
        """Whom a secret of this kind stands for. What does not look like a secret of ours is not even looked up."""
        if not _SHAPE.fullmatch(secret) or not secret.startswith(_PREFIX[kind]):
            return None
        digest = hashed(secret)
        row = await self._looked_up(kind, digest)
        if row is None or not hmac.compare_digest(row.hash, digest):
            return None
        if row.expires_ms is not None and row.expires_ms <= self._clock.now_ms():
            return None
        identity = _identity(kind, row)
        if identity is not None:
            self.uses.note(row.id)
        return identity

    async def _looked_up(self, kind: TokenKind, digest: bytes) -> TokenRow | None:
        """Read a token; those who come with the same one while that is read get the same answer.

        So thousands of viewers who come back at once are few questions to the store, and no answer is older than its question.
        """
        key = (kind, digest)
        found = self._reading.get(key)
        if found is None:
            found = self._reading[key] = asyncio.ensure_future(self._read(kind, digest))
            found.add_done_callback(lambda _: self._reading.pop(key))
        return await asyncio.shield(found)

    async def _read(self, kind: TokenKind, digest: bytes) -> TokenRow | None:
        async with self._db.read() as conn:
            return await token_row(conn, kind, digest)


def _identity(kind: TokenKind, row: TokenRow) -> Identity | None:
    """Who it is. A person's token never allows more than the person may now; of one who is no member, nothing."""
    role, scopes = Role(row.role), frozenset(map(Scope, row.scopes.split()))
    if row.person is not None:
        if row.member is None:
            return None
        role = lesser(role, Role(row.member))
        scopes &= ALLOWED[role]
    credential = Credential(
        id=row.id,
        session=kind is TokenKind.SESSION,
        expires_ms=row.expires_ms,
        person=row.person,
        email=row.email,
    )
    return Identity(
        account=row.account,
        office=row.office,
        role=role,
        view=View.FULL,
        scopes=scopes,
        suspended=row.suspended,
        credential=credential,
    )
