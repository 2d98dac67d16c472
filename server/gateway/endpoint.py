"""`GET /live`: the thin pump between a WebSocket, its session and its viewer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import structlog
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.clock import Clock
from server.errors import ForbiddenError, NotAuthenticatedError, NotFoundError, TenDesksError
from server.gateway.close import Close, End
from server.gateway.hub import Hub
from server.gateway.protocol import SUBPROTOCOL, Hello
from server.gateway.session import Check, Enter, Session, Show, hello_ms_max
from server.gateway.viewer import Viewer
from server.gateway.wire import EXTENSION, Wire
from server.model import Identity
from server.settings import Settings
from server.ticker.loop import Ticker

log = structlog.get_logger(__name__)

Endpoint: TypeAlias = Callable[[WebSocket], Awaitable[None]]
ByToken: TypeAlias = Callable[[str], Awaitable[Identity | None]]
ByCookie: TypeAlias = Callable[[Scope], Awaitable[Identity | None]]

CLOSES: tuple[tuple[type[TenDesksError], Close], ...] = (
    (NotAuthenticatedError, Close.NOT_AUTHENTICATED),
    (ForbiddenError, Close.FORBIDDEN),
    (NotFoundError, Close.NOT_FOUND),
)
"""How the errors of those who are asked end a socket; all others are INTERNAL."""


def live_endpoint(
    *,
    clock: Clock,
    settings: Settings,
    ticker: Ticker,
    hub: Hub,
    by_token: ByToken,
    by_cookie: ByCookie,
    origin_allowed: Callable[[Scope], bool],
) -> Endpoint:
    """The endpoint for a WebSocketRoute.

    A token in the hello wins over the cookie. A cookie counts only if `origin_allowed` says that the page is ours; the
    query string is never read.
    """

    async def identify(hello: Hello, scope: Scope) -> tuple[Identity | None, bool]:
        if hello.token is not None:
            return await by_token(hello.token), False
        return await by_cookie(scope), not origin_allowed(scope)

    async def live(websocket: WebSocket) -> None:
        pump = _Pump(websocket, clock, settings, identify)
        await pump.carry(ticker, hub)

    return live


Identify: TypeAlias = Callable[[Hello, Scope], Awaitable[tuple[Identity | None, bool]]]


class _Pump:
    """One socket: the task of the endpoint reads, a second one writes, and every end goes through the writer or `_cut`."""

    def __init__(self, websocket: WebSocket, clock: Clock, settings: Settings, identify: Identify) -> None:
        self._websocket = websocket
        self._clock = clock
        self._identify = identify
        self._wire: Wire | None = (websocket.scope.get("extensions") or {}).get(EXTENSION, {}).get("wire")
        self._reader = asyncio.current_task()
        self._session = Session(message_bytes_max=settings.message_bytes_max, now_ms=clock.monotonic_ms())
        self._viewer = Viewer(
            clock=clock,
            outbox_bytes_max=settings.outbox_bytes_max,
            below=lambda: 0 if self._wire is None else self._wire.unsent(),
            cut=self._cut,
        )

    async def carry(self, ticker: Ticker, hub: Hub) -> None:
        """From the handshake to the end."""
        offered = self._websocket.scope["subprotocols"]
        # Accepted in any case: a browser shows no code of a handshake that was refused.
        await self._websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        writer = asyncio.create_task(self._write())
        timer = self._clock.call_later(hello_ms_max, lambda: self._close(self._session.overdue()))
        try:
            self._close(self._begin(hub))
            await self._read(ticker, hub)
        except asyncio.CancelledError:
            if self._viewer.end is None:
                raise
        finally:
            timer.cancel()
            writer.cancel()
            hub.leave(self._viewer)
            if self._viewer.stream is not None:
                ticker.leave(self._viewer.stream.office, self._viewer.stream.view)

    def _begin(self, hub: Hub) -> End | None:
        if hub.stopping:
            return self._session.fail(Close.RESTARTING)
        if not hub.admit(self._viewer):
            return self._session.fail(Close.TOO_MANY)
        return self._session.open(self._websocket.scope["subprotocols"])

    async def _read(self, ticker: Ticker, hub: Hub) -> None:
        while (message := await self._websocket.receive())["type"] == "websocket.receive":
            text = message.get("text")
            data: str | bytes = message["bytes"] if text is None else text
            action = self._session.receive(data, self._clock.monotonic_ms())
            if isinstance(action, Check):
                await self._enter(action.hello, ticker, hub)
            elif isinstance(action, Show):
                self._viewer.show(action.level)
            elif isinstance(action, End):
                self._close(action)

    async def _enter(self, hello: Hello, ticker: Ticker, hub: Hub) -> None:
        try:
            identity, foreign = await self._identify(hello, self._websocket.scope)
            action = self._session.known(identity, foreign=foreign)
            if isinstance(action, Enter):
                await ticker.awake(action.office)
        except Exception as error:
            closes = [close for kind, close in CLOSES if isinstance(error, kind)]
            if not closes:
                log.exception("a viewer could not be let in")
            action = self._session.fail(closes[0] if closes else Close.INTERNAL)
        if isinstance(action, End):
            self._close(action)
        elif isinstance(action, Enter) and self._viewer.end is None:
            hub.enter(self._viewer, ticker.join(action.office, action.view), action)

    def _close(self, end: End | None) -> None:
        if end is not None:
            self._viewer.close(end)

    async def _write(self) -> None:
        try:
            while await self._write_next():
                pass
        except (WebSocketDisconnect, RuntimeError):
            return  # it is closed already, which the server says in either way; the reader is told as well
        except Exception:
            log.exception("a viewer could not be written to")
            end = End(close=Close.INTERNAL)
            self._viewer.close(end)
            self._cut(end)

    async def _write_next(self) -> bool:
        """Write what is due, or wait for it; False once the end was written."""
        viewer = self._viewer
        if self._wire is not None:
            await self._wire.ready()
        message = viewer.take()
        if message is not None:
            await self._websocket.send_text(message.decode())
            viewer.sent()
        elif viewer.end is not None:
            await self._bid_farewell(viewer.end)
            return False
        else:
            await viewer.wake.wait()
            viewer.wake.clear()
        return True

    async def _bid_farewell(self, end: End) -> None:
        if self._wire is not None:
            self._wire.hang_up(end.close, end.reason)
        else:
            await self._websocket.close(end.close, end.reason)

    def _cut(self, end: End) -> None:
        if self._wire is not None:
            self._wire.hang_up(end.close, end.reason)
        elif self._reader is not None:
            self._reader.cancel()
