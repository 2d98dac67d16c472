"""Who asks, and whether they may: a Bearer token, or the session's cookie and for changes the page's own origin."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope as ConnectionScope

from server.accounts.sessions import read_cookie
from server.errors import ForbiddenError, NotAuthenticatedError
from server.model import Identity, Role, Scope
from server.routes.call import Parts
from server.routes.refusals import OriginRefusedError
from server.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PAGE_SCHEMES = {"ws": "http", "wss": "https"}
"""The scheme of the page that a socket belongs to."""
_READERS = frozenset({Role.VIEWER, Role.GUEST})


async def identify(request: Request, parts: Parts, port: int) -> Identity:
    """Find out who asks. A token that is sent decides alone, whatever cookie comes with it.

    Raises:
        NotAuthenticatedError: neither a valid token nor a valid session came.
        OriginRefusedError: a change was asked for by cookie, from another origin.
    """
    bearer = request.headers.get("authorization")
    if bearer is not None:
        return _known(await parts.tokens.by_token(_token(bearer)), "token")
    secret = read_cookie(request.headers.get("cookie"), port)
    if secret is None:
        raise NotAuthenticatedError("expected `Authorization: Bearer …` or a session, got neither")
    identity = _known(await parts.sessions.by_cookie(secret), "session")
    if request.method not in SAFE:
        check_origin(request, parts, needed=True)
    return identity


def permit(identity: Identity, scope: Scope) -> None:
    """Raise ForbiddenError unless the role and the token's scopes allow it."""
    if identity.role in _READERS and scope is not Scope.READ:
        raise ForbiddenError(f"a {identity.role} may look but change nothing")
    if scope not in identity.scopes:
        raise ForbiddenError(
            f"expected a token with the scope {scope}, got {' '.join(sorted(identity.scopes))}"
        )


def check_origin(request: Request, parts: Parts, *, needed: bool) -> None:
    """A page of another origin may send our cookie but not say that it is ours.

    Raises:
        OriginRefusedError: the Origin header names another origin, or is missing although `needed`.
    """
    origin = request.headers.get("origin")
    if origin is None and not needed:
        return
    if not origin_allowed(request.scope, parts.settings):
        raise OriginRefusedError(f"Origin: expected that of this page, got {origin or 'none'}")


def origin_allowed(scope: ConnectionScope, settings: Settings) -> bool:
    """Whether the Origin header of a request or a socket is there and names this page's own origin."""
    headers = Headers(scope=scope)
    return headers.get("origin") in _own_origins(scope["scheme"], headers.get("host", ""), settings)


def _own_origins(scheme: str, host: str, settings: Settings) -> set[str]:
    own = {f"{PAGE_SCHEMES.get(scheme, scheme)}://{host}"}
    if settings.public_url:
        public = urlsplit(settings.public_url)
        own.add(f"{public.scheme}://{public.netloc}")
    return own


def _token(bearer: str) -> str:
    scheme, _, token = bearer.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _known(identity: Identity | None, what: str) -> Identity:
    if identity is None:
        raise NotAuthenticatedError(f"the {what} is not, or no longer, valid")
    return identity
