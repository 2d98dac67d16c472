"""Local mode answers to its own names only: else any page could reach it by a name of its own (DNS rebinding)."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server.routes.envelope import request_id
from server.routes.problem import problem
from server.routes.refusals import HostRefusedError
from server.settings import Settings

_ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 -- addresses to listen at, which are nobody's name


def host_allowed(host: str, names: frozenset[str]) -> bool:
    """Whether a Host header names the loopback or one of `names`, whatever its port."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    name = name.rstrip(".")
    if name == "localhost" or name.endswith(".localhost") or name in names:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def names_of(settings: Settings) -> frozenset[str]:
    """The names that were configured: the address it listens at, and that of its public URL."""
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    return frozenset({settings.host.lower(), (public or "").lower()} - _ANY)


class HostCheck:
    """Refuses every request, also of a socket, whose Host is another's."""

    def __init__(self, app: ASGIApp, *, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        hosts = Headers(scope=scope).getlist("host") if scope["type"] in {"http", "websocket"} else []
        if scope["type"] == "lifespan" or (len(hosts) == 1 and host_allowed(hosts[0], self._names)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
        else:
            got = hosts[0] if hosts else "none"
            error = HostRefusedError(f"Host: expected localhost or what TENDESKS_PUBLIC_URL names, got {got}")
            await problem(error, request_id(scope))(scope, receive, send)
