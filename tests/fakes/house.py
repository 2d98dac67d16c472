"""Ticker, hub and endpoint put together without a scheduler, and served on a loopback port by a real server."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.types import Scope as ConnectionScope
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.accounts.callers import Callers
from server.bus.memory import MemoryBus
from server.clock import SystemClock
from server.gateway.admission import Admission, limits_of
from server.gateway.endpoint import live_endpoint
from server.gateway.hub import Hub
from server.gateway.protocol import SUBPROTOCOL
from server.gateway.shape import server_options
from server.model import Identity, Role, Scope, View
from server.settings import Settings
from server.spectators.audience import Audience
from server.ticker.loop import Ticker
from tests.fakes.offices import FakeOffices

OWNER = Identity(
    account="account1", office="office1", role=Role.OWNER, view=View.FULL, scopes=frozenset({Scope.READ})
)

WAYS: Mapping[str, Mapping[str, Any]] = {
    "wire": {},
    "deflated": {"compression": "deflate"},
    "plain": {"ws": "websockets-sansio"},
}
"""Options of uvicorn for both lines of the gateway; `compression` is what visitors offer."""


class House:
    """Ticker, hub and endpoint with fakes around them, on a clock of the test's choice."""

    def __init__(self, clock: Any, *, slots: int = 0, **settings: Any) -> None:
        self.clock = clock
        self.bus = MemoryBus()
        self.offices = FakeOffices(self.bus)
        self.offices.add("office1", slots=slots)
        self.settings = Settings(**settings)
        self.hub = Hub(clock=clock, chance=lambda: 0.5, sockets_max=self.settings.viewers_max)
        self.ticker = Ticker(
            clock=clock, bus=self.bus, hz=10, facts=self.offices.facts,
            raise_epoch=self.offices.raise_epoch, sink=self.hub,
        )  # fmt: skip
        self.admission = Admission(limits_of(self.settings))
        self.audience = Audience(clock)
        self.callers = Callers(clock)
        self.tokens: dict[str, Any] = {
            "owner": OWNER,
            "guest": replace(OWNER, role=Role.GUEST, view=View.BATCHES),
        }
        self.cookie: Identity | None = None
        self.origin = b""

    async def by_token(self, token: str) -> Identity | None:
        found = self.tokens.get(token)
        if isinstance(found, Exception):
            raise found
        return found

    def origin_allowed(self, scope: ConnectionScope) -> bool:
        return (b"origin", self.origin) in scope["headers"]

    async def by_cookie(self, _scope: ConnectionScope) -> Identity | None:
        return self.cookie

    def app(self) -> Starlette:
        endpoint = live_endpoint(
            clock=self.clock, settings=self.settings, ticker=self.ticker, hub=self.hub,
            admission=self.admission, audience=self.audience, callers=self.callers, by_token=self.by_token, by_cookie=self.by_cookie, origin_allowed=self.origin_allowed,
        )  # fmt: skip
        return Starlette(routes=[WebSocketRoute("/live", endpoint)])


class Visitor:
    """A bare client: JSON in, JSON out."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def hear(self) -> dict[str, Any]:
        return dict(orjson.loads(await self.connection.recv()))

    async def until(self, kind: str) -> dict[str, Any]:
        while (message := await self.hear())["type"] != kind:
            pass
        return message

    async def code(self) -> int:
        """The code with which the server closes, whatever comes before."""
        with suppress(ConnectionClosed):
            while True:
                await self.connection.recv()
        assert self.connection.close_code is not None
        return self.connection.close_code


class Served(House):
    """A house with an open door."""

    port: int
    connections: set[Any]
    compression: str | None = None

    @asynccontextmanager
    async def visit(self, *, subprotocols: Any = (SUBPROTOCOL,), **options: Any) -> AsyncIterator[Visitor]:
        options = {"compression": self.compression, "ping_interval": None, "proxy": None, **options}
        options.setdefault("close_timeout", 0.2)
        url = f"ws://127.0.0.1:{self.port}/live"
        async with connect(url, subprotocols=subprotocols, **options) as connection:
            yield Visitor(connection)

    @asynccontextmanager
    async def enter(self, *, token: str = "owner", **hello: Any) -> AsyncIterator[Visitor]:
        async with self.visit() as visitor:
            await visitor.say(type="hello", token=token, **hello)
            yield visitor


async def reached(condition: Callable[[], bool]) -> None:
    """Let the sockets do their work until it holds."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other tasks and sets no event
            await asyncio.sleep(0.001)


@asynccontextmanager
async def served(
    clock: Any = None, *, options: Mapping[str, Any] | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """uvicorn in this process, without its main loop and its signals; `options` win over those of the gateway."""
    house = Served(clock or SystemClock(), **settings)
    settled = house.settings
    chosen = server_options(message_bytes_max=settled.message_bytes_max, compress=settled.compress)
    chosen |= dict(options or {})
    house.compression = chosen.pop("compression", None)
    server = uvicorn.Server(uvicorn.Config(house.app(), lifespan="off", **chosen))
    server.config.load()
    house.connections = server.server_state.connections
    server.lifespan = server.config.lifespan_class(server.config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the shipped server's
        house.port = listener.getsockname()[1]
        await server.startup(sockets=[listener])
        try:
            yield house
        finally:
            await house.ticker.stop()
            await house.hub.stop(grace_ms=0)
            await _close(server)


async def _close(server: uvicorn.Server) -> None:
    """What uvicorn's own shutdown does, without its pauses."""
    for listening in server.servers:
        listening.close()
    for connection in [*server.server_state.connections]:
        connection.shutdown()
    await reached(lambda: not server.server_state.connections and not server.server_state.tasks)
