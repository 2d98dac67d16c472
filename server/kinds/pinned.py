"""Connections to the public internet alone: a name is resolved once, checked, and that very address is connected to.

The check stands where the connection is made, so no redirect, no second answer of a name server and no odd spelling
of an address leads past it. The Host header and the name that TLS verifies stay those of the URL.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager
from functools import partial
from typing import Any

import httpcore2
import httpx2

from server.errors import InvalidInputError
from server.kinds.addresses import is_public

ADDRESSES_MAX = 4
"""Of the addresses of a name so many are tried, in the order in which the name server gives them."""

RESOLVERS_MAX = 32
# Threads of their own: a name server may take its time, and those of the event loop have other work to do.
_RESOLVERS = ThreadPoolExecutor(RESOLVERS_MAX, thread_name_prefix="resolve")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class NotPublicError(InvalidInputError):
    """The host is not on the public internet. Which address it has is not told."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, as this machine sees them.

    Raises:
        OSError: it has none.
    """
    asked = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_RESOLVERS, asked)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PinnedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to names whose addresses are all allowed, and to no other."""

    def __init__(self, resolve: Resolve = resolve, allowed: Callable[[str], bool] = is_public) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._plain = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the signature is httpcore2's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve, check, connect; seconds.

        Raises:
            NotPublicError: one of the addresses is not allowed.
        """
        addresses = await self._addresses(host, port, timeout)
        for address in addresses[:-1]:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._plain.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """As the plain one does."""
        await self._plain.sleep(seconds)

    async def _addresses(self, host: str, port: int, wait_s: float | None) -> Sequence[str]:
        try:
            async with asyncio.timeout(wait_s):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout("the name took too long to resolve") from error
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError("the name does not resolve") from error
        if not addresses:
            raise httpcore2.ConnectError("the name has no address")
        if not all(map(self._allowed, addresses)):
            raise NotPublicError(f"expected a host on the public internet, got {host[:100]}, which is not")
        return addresses[:ADDRESSES_MAX]


class PinnedTransport(httpx2.AsyncBaseTransport):
    """httpx2's way out, over a backend of our own, which its own transport cannot be given."""

    def __init__(
        self, backend: httpcore2.AsyncNetworkBackend, verify: ssl.SSLContext, limits: httpx2.Limits
    ) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=verify,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2."""
        url = request.url
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx2():
            answer = await self._pool.handle_async_request(asked)
        return httpx2.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """See httpx2."""
        await self._pool.aclose()


class _Body(httpx2.AsyncByteStream):
    """An answer's body as it comes."""

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx2():
            async with aclosing(self._answer.aiter_stream()) as parts:
                async for part in parts:
                    yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _as_httpx2() -> Iterator[None]:
    """Both libraries have the same errors under the same names."""
    try:
        yield
    except (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.ProxyError,
        httpcore2.TimeoutException,
        httpcore2.UnsupportedProtocol,
    ) as error:
        raise getattr(httpx2, type(error).__name__, httpx2.TransportError)(str(error)) from error
