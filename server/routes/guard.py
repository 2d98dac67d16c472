"""Who asks, and whether they may: a Bearer token, or the session's cookie and for changes the page's own origin."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope as ConnectionScope

from server.accounts.attempts import address_of
from server.accounts.sessions import Sessions, read_cookie
from server.errors import ForbiddenError, NotAuthenticatedError, TooManyAttemptsError
from server.model import Identity, Role, Scope
from server.routes.call import Parts
from server.routes.refusals import OriginRefusedError
from server.settings import Settings
from server.spectators.grant import PREFIX as GRANT_PREFIX

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_READERS = frozenset({Role.VIEWER, Role.GUEST})
_HTTP = {"ws": "http", "wss": "https"}


def port_of(scope: ConnectionScope, settings: Settings) -> int:
    """The port that was asked, by a request or a socket; it names the cookie."""
    server = scope.get("server")
    return int(server[1]) if server and server[1] else settings.port


def origin_allowed(scope: ConnectionScope, settings: Settings) -> bool:
    """Whether the Origin of a request or socket is our own: that of its Host, or of the public URL."""
    headers = Headers(scope=scope)
    scheme = _HTTP.get(scope["scheme"], scope["scheme"])
    own = {f"{scheme}://{headers.get('host', '')}"}
    if settings.public_url:
        public = urlsplit(settings.public_url)
        own.add(f"{public.scheme}://{public.netloc}")
    return headers.get("origin") in own


async def by_cookie(scope: ConnectionScope, sessions: Sessions, settings: Settings) -> Identity | None:
    """Whom the session's cookie of a request or socket stands for; None: there is no valid one."""
    secret = read_cookie(Headers(scope=scope).get("cookie"), port_of(scope, settings), sole=settings.secure)
    return None if secret is None else await sessions.by_cookie(secret)


async def identify(request: Request, parts: Parts) -> Identity:
    """Find out who asks. A token that is sent decides alone, whatever cookie comes with it.

    Raises:
        NotAuthenticatedError: neither a valid token nor a valid session came.
        LinkEndedError: a grant came whose link has ended.
        OriginRefusedError: a change was asked for by cookie, from another origin.
        TooManyAttemptsError: a token came that is none, after too many others.
    """
    bearer = request.headers.get("authorization")
    if bearer is not None and carries_grant(request):
        identity = await parts.links.by_grant(_token(bearer))
    elif bearer is not None:
        identity = await parts.tokens.by_token(_token(bearer))
    else:
        identity = await by_cookie(request.scope, parts.sessions, parts.settings)
    if identity is None:
        if bearer is not None:
            tried(request, parts)
        raise NotAuthenticatedError("expected a valid `Authorization: Bearer …` or session, got neither")
    if bearer is None and request.method not in SAFE:
        check_origin(request, parts.settings)
    return identity


def tried(request: Request, parts: Parts) -> None:
    """Count a secret that is none of ours. Whoever has a good one is never refused for the bad ones of a neighbour.

    Raises:
        TooManyAttemptsError: there were too many from this address.
    """
    client = None if request.client is None else request.client.host
    address, failures = address_of(client, parts.settings.mode), parts.reception.failures
    wait_s = 0 if address is None else failures.take(address, parts.clock.monotonic_ms())
    if wait_s:
        raise TooManyAttemptsError(
            f"failed_tokens_per_minute_max: expected at most {failures.limit}; come back in {wait_s} s",
            retry=wait_s,
        )


def carries_grant(request: Request) -> bool:
    """Whether what is sent along is a guest's grant, a good one or not."""
    return _token(request.headers.get("authorization", "")).startswith(GRANT_PREFIX)


def permit(identity: Identity, scope: Scope) -> None:
    """Raise ForbiddenError unless the role and the token's scopes allow it."""
    if identity.role in _READERS and scope is not Scope.READ:
        raise ForbiddenError(f"a {identity.role} may look but change nothing")
    if scope not in identity.scopes:
        raise ForbiddenError(
            f"expected a token with the scope {scope}, got {' '.join(sorted(identity.scopes))}"
        )


def check_origin(request: Request, settings: Settings) -> None:
    """A page of another origin may have our cookie sent along, but it cannot say that it is ours.

    Raises:
        OriginRefusedError: the Origin header is missing or names another origin.
    """
    if not origin_allowed(request.scope, settings):
        got = request.headers.get("origin", "none")
        raise OriginRefusedError(f"Origin: expected that of this page, got {got[:200]}")


def _token(bearer: str) -> str:
    scheme, _, token = bearer.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
