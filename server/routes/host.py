"""Local mode answers to its own names only: else any page could reach it by a name of its own (DNS rebinding)."""

from ipaddress import ip_address
from socket import gethostname
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server.routes.envelope import request_id
from server.routes.problem import problem
from server.routes.refusals import HostRefusedError
from server.settings import Settings

_ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 -- addresses to listen at, which are nobody's name


def host_allowed(host: str, names: frozenset[str], *, addresses: bool = False) -> bool:
    """Whether a Host header names the loopback or one of `names`, or with `addresses` any address, whatever its port.

    An address as a Host is never another's: only a name can be made to lead somewhere else.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    name = name.rstrip(".")
    if name == "localhost" or name.endswith(".localhost") or name in names:
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return addresses or address.is_loopback


def names_of(settings: Settings) -> frozenset[str]:
    """The names that were configured: the address it listens at, and that of its public URL."""
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    return frozenset({settings.host.lower(), (public or "").lower()} - _ANY)


def names_of_machine() -> frozenset[str]:
    """What this machine is called in its local network."""
    name = gethostname().lower().rstrip(".")
    return frozenset({name, f"{name.partition('.')[0]}.local"} - _ANY)


class HostCheck:
    """Refuses every request, also of a socket, whose Host is another's."""

    def __init__(self, app: ASGIApp, *, names: frozenset[str], addresses: bool = False) -> None:
        self._app = app
        self._names = names
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        hosts = Headers(scope=scope).getlist("host") if scope["type"] in {"http", "websocket"} else []
        if scope["type"] == "lifespan" or (len(hosts) == 1 and self._allows(hosts[0])):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
        else:
            got = hosts[0] if hosts else "none"
            own = (
                "an address or this machine's name"
                if self._addresses
                else "localhost or what TENDESKS_PUBLIC_URL names"
            )
            error = HostRefusedError(f"Host: expected {own}, got {got[:200]}")
            await problem(error, request_id(scope))(scope, receive, send)

    def _allows(self, host: str) -> bool:
        return host_allowed(host, self._names, addresses=self._addresses)
