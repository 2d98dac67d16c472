"""Sessions of the page: an API token is traded for a cookie that no script can read."""

from functools import partial
from http.cookies import CookieError, SimpleCookie

from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.roles import ALLOWED
from server.accounts.tokens import Grant, TokenKind, Tokens, hashed
from server.clock import Clock
from server.errors import ForbiddenError, NotAuthenticatedError, NotFoundError
from server.model import Identity, Role, Scope
from server.store.database import Database
from server.store.people import places
from server.store.tokens import (
    ListedToken,
    drop_expired,
    drop_token,
    drop_token_by_id,
    move_session,
    tokens_of,
)

SESSION_MS = 90 * 24 * 3600 * 1000


HOST_COOKIE = "__Host-tendesks"
"""Browsers keep a cookie of such a name only over https, for this host alone and for all of it: no neighbour can set it."""


def cookie_name(port: int, *, sole: bool = False) -> str:
    """Cookies do not know ports: the name carries it, so that two servers on one machine keep theirs apart.

    `sole`: a hosted server that is reached over https, and has its host for itself.
    """
    return HOST_COOKIE if sole else f"tendesks_{port}"


def read_cookie(header: str | None, port: int, *, sole: bool = False) -> str | None:
    """The session's secret in a Cookie header, if there is one."""
    return named_cookie(header, cookie_name(port, sole=sole))


def named_cookie(header: str | None, name: str) -> str | None:
    """The value of a cookie of this name in a Cookie header, if there is one."""
    try:
        found = SimpleCookie(header or "").get(name)
    except CookieError:
        return None
    return found.value if found is not None and found.value else None


def write_cookie(port: int, secret: str | None, *, secure: bool, sole: bool = False) -> str:
    """A Set-Cookie header's value; without a secret it takes the cookie away."""
    age_s = SESSION_MS // 1000 if secret else 0
    flags = "; Secure" if secure or sole else ""
    name = cookie_name(port, sole=sole)
    return f"{name}={secret or ''}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict{flags}"


class Sessions:
    """Begins, finds, lists and ends sessions."""

    def __init__(self, db: Database, clock: Clock, tokens: Tokens) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens

    async def begin(self, token: str, label: str | None = None) -> str:
        """Trade an API token for a session of 90 days that may do the same; return the session's secret.

        It may not look after the house: a page is no place for that.

        Raises:
            NotAuthenticatedError: the token is not, or no longer, one of ours.
        """
        identity = await self._tokens.by_token(token)
        if identity is None:
            raise NotAuthenticatedError("token: expected a valid API token; open the printed URL again")
        now_ms = self._clock.now_ms()
        grant = Grant(
            account=identity.account,
            role=identity.role,
            scopes=identity.scopes - {Scope.HOUSE},
            label=label,
            expires_ms=now_ms + SESSION_MS,
            person=None if identity.credential is None else identity.credential.person,
        )
        async with self._db.write() as tx:
            await drop_expired(tx.conn, now_ms)
            return (await self._tokens.add(tx.conn, TokenKind.SESSION, grant)).secret

    async def open(self, conn: AsyncConnection, *, account: str, person: str, label: str | None) -> str:
        """Begin a session of a person in the office of an account; it may do whatever the person may there at any time."""
        now_ms = self._clock.now_ms()
        await drop_expired(conn, now_ms)
        grant = Grant(
            account=account,
            role=Role.OWNER,
            scopes=ALLOWED[Role.OWNER],
            label=label,
            expires_ms=now_ms + SESSION_MS,
            person=person,
        )
        return (await self._tokens.add(conn, TokenKind.SESSION, grant)).secret

    async def by_cookie(self, secret: str) -> Identity | None:
        """Whom a session's secret stands for; None: nobody, or no longer."""
        return await self._tokens.find(TokenKind.SESSION, secret)

    async def end(self, secret: str) -> None:
        """End a session; harmless when it has ended."""
        async with self._db.write() as tx:
            ended = await drop_token(tx.conn, TokenKind.SESSION, hashed(secret))
            if ended is not None:
                tx.then(partial(self._tokens.ended, [ended]))

    async def listed(self, who: Identity) -> list[ListedToken]:
        """All sessions of whoever it is, in any office; without a person those of the account that have none."""
        person = None if who.credential is None else who.credential.person
        async with self._db.read() as conn:
            found = await tokens_of(
                conn,
                TokenKind.SESSION,
                self._clock.now_ms(),
                account=who.account if person is None else None,
                person=person,
            )
        return [session for session in found if session.person == person]

    async def end_one(self, who: Identity, session: str) -> None:
        """End one session of one's own. Raises NotFoundError."""
        if session not in {each.id for each in await self.listed(who)}:
            raise NotFoundError(f"session: there is no {session!r} of yours")
        await self._drop([session])

    async def end_all(self, who: Identity) -> None:
        """Sign out everywhere: end all sessions of whoever it is, this one too."""
        await self._drop([session.id for session in await self.listed(who)])

    async def move(self, who: Identity, office: str) -> None:
        """Let the session act in another office of its person.

        Raises:
            ForbiddenError: it is no session of a person.
            NotFoundError: the person does not belong to that office.
        """
        credential = who.credential
        if credential is None or credential.person is None or not credential.session:
            raise ForbiddenError("office: expected the session of somebody who signed in, got a token")
        async with self._db.write() as tx:
            found = [place for place in await places(tx.conn, credential.person) if place.office == office]
            if not found:
                raise NotFoundError(f"office: there is no {office!r} that you belong to")
            await move_session(tx.conn, credential.id, found[0].account)
            tx.then(partial(self._tokens.changed, [credential.id]))

    async def _drop(self, sessions: list[str]) -> None:
        async with self._db.write() as tx:
            for session in sessions:
                await drop_token_by_id(tx.conn, TokenKind.SESSION, session)
            tx.then(partial(self._tokens.ended, sessions))
