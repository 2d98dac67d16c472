"""The way out to other servers: one client per kind, opened at its first use and closed with the house.

httpx2 is imported here alone and late: a server that asks nobody starts without it.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from urllib.parse import urlsplit

from server.errors import InvalidInputError, UnavailableError
from server.kinds.wording import one_line

if TYPE_CHECKING:
    import httpcore2
    import httpx2

CONNECT_S = 10
WRITE_S = 60
KEPT_CONNECTIONS_MAX = 100
KEPT_S = 30
_WORDS_CHARACTERS_MAX = 160
_PAST_PROXIES = ("all://localhost", "all://127.0.0.1", "all://[::1]")
_PORTS = {"http": 80, "https": 443}


@runtime_checkable
class Closing(Protocol):
    """A kind that holds something open beyond an execution."""

    async def aclose(self) -> None:
        """Let go of it. Nothing is carried out any more."""


class Outbound:
    """Hands out one client for up to `connections_max` requests at once.

    The client follows no redirects and keeps no cookies, for it serves everybody. With `backend` all connections are
    made by what that returns, past any proxy of the environment.
    """

    def __init__(
        self, connections_max: int, backend: "Callable[[], httpcore2.AsyncNetworkBackend] | None" = None
    ) -> None:
        self._connections_max = connections_max
        self._backend = backend
        self._opening: asyncio.Future[httpx2.AsyncClient] | None = None

    async def client(self) -> "httpx2.AsyncClient":
        """Return the client. The first call opens it in a thread: imports and certificates take 0.2 s."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(asyncio.to_thread(self._open))
        return await asyncio.shield(self._opening)

    async def aclose(self) -> None:
        """Close all connections."""
        opening, self._opening = self._opening, None
        if opening is not None:
            await (await opening).aclose()

    def _open(self) -> "httpx2.AsyncClient":
        import httpx2  # noqa: PLC0415

        limits = httpx2.Limits(
            max_connections=self._connections_max,
            max_keepalive_connections=min(self._connections_max, KEPT_CONNECTIONS_MAX),
            keepalive_expiry=KEPT_S,
        )
        # How long an answer may take is for a Deadline by our own clock to say.
        timeout = httpx2.Timeout(connect=CONNECT_S, write=WRITE_S, read=None, pool=None)
        return httpx2.AsyncClient(
            timeout=timeout,
            limits=limits,
            transport=self._pinned(limits),
            mounts=dict.fromkeys(_PAST_PROXIES),
            headers={"user-agent": "tendesks"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
        )

    def _pinned(self, limits: "httpx2.Limits") -> "httpx2.AsyncBaseTransport | None":
        if self._backend is None:
            return None
        import httpx2  # noqa: PLC0415

        from server.kinds.pinned import PinnedTransport  # noqa: PLC0415

        return PinnedTransport(self._backend(), httpx2.create_ssl_context(), limits)


def host_of(url: str) -> str:
    """The host of a URL as people read it, with its port where that is not the usual one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in {None, _PORTS.get(parts.scheme)} else f"{host}:{parts.port}"


@contextmanager
def reaching(host: str) -> Iterator[None]:
    """Put what goes wrong on the way to a server and back into words that give nothing of the request away.

    Raises:
        UnavailableError: it was not reached, or its answer broke off or made no sense.
        InvalidInputError: there can be no such host.
    """
    import httpx2  # noqa: PLC0415

    try:
        yield
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
        why = one_line(str(error), _WORDS_CHARACTERS_MAX) or "it took too long"
        raise UnavailableError(f"{host} could not be reached: {why}") from None
    except httpx2.InvalidURL:
        raise InvalidInputError(f"expected the host of a URL, got {host}") from None
    except (httpx2.RequestError, httpx2.StreamError) as error:
        # Not in the error's own words: they may hold a header.
        raise UnavailableError(f"the connection to {host} broke off ({type(error).__name__})") from None


async def start_of(response: "httpx2.Response", bytes_max: int) -> bytes:
    """Read a body, but no more of it than that."""
    data = bytearray()
    async for part in response.aiter_bytes():
        data += part
        if len(data) >= bytes_max:
            break
    return bytes(data[:bytes_max])
