"""Sessions of the page: an API token is traded for a cookie that no script can read."""

from http.cookies import CookieError, SimpleCookie

from server.accounts.tokens import Grant, TokenKind, Tokens, hashed
from server.clock import Clock
from server.errors import NotAuthenticatedError
from server.model import Identity
from server.store.database import Database
from server.store.tokens import drop_expired, drop_token

SESSION_MS = 90 * 24 * 3600 * 1000


def cookie_name(port: int) -> str:
    """Cookies do not know ports: the name carries it, so that two servers on one machine keep theirs apart."""
    return f"tendesks_{port}"


def read_cookie(header: str | None, port: int) -> str | None:
    """The session's secret in a Cookie header, if there is one."""
    try:
        found = SimpleCookie(header or "").get(cookie_name(port))
    except CookieError:
        return None
    return found.value if found is not None and found.value else None


def write_cookie(port: int, secret: str | None, *, secure: bool) -> str:
    """A Set-Cookie header's value; without a secret it takes the cookie away."""
    age_s = SESSION_MS // 1000 if secret else 0
    flags = "; Secure" if secure else ""
    return f"{cookie_name(port)}={secret or ''}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict{flags}"


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, db: Database, clock: Clock, tokens: Tokens) -> None:
        self._db = db
        self._clock = clock
        self._tokens = tokens

    async def begin(self, token: str) -> str:
        """Trade an API token for a session of 90 days that may do the same; return the session's secret.

        Raises:
            NotAuthenticatedError: the token is not, or no longer, one of ours.
        """
        identity = await self._tokens.by_token(token)
        if identity is None:
            raise NotAuthenticatedError("token: expected a valid API token; open the printed URL again")
        now_ms = self._clock.now_ms()
        async with self._db.write() as tx:
            await drop_expired(tx.conn, now_ms)
        grant = Grant(
            account=identity.account,
            role=identity.role,
            scopes=identity.scopes,
            expires_ms=now_ms + SESSION_MS,
        )
        return await self._tokens.issue(TokenKind.SESSION, grant)

    async def by_cookie(self, secret: str) -> Identity | None:
        """Whom a session's secret stands for; None: nobody, or no longer."""
        return await self._tokens.find(TokenKind.SESSION, secret)

    async def end(self, secret: str) -> None:
        """End a session; harmless when it has ended."""
        async with self._db.write() as tx:
            await drop_token(tx.conn, TokenKind.SESSION, hashed(secret))
