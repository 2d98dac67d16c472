"""`GET /live`: the thin pump from a WebSocket to its session and its viewer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import structlog
from starlette.datastructures import Headers
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.accounts.attempts import address_of
from server.accounts.callers import Caller, Callers
from server.clock import Clock
from server.errors import ForbiddenError, LinkEndedError, NotAuthenticatedError, NotFoundError, TenDesksError
from server.gateway.admission import Admission, Stay
from server.gateway.close import Close, End
from server.gateway.hub import Hub
from server.gateway.line import EXTENSION, Line
from server.gateway.protocol import SUBPROTOCOL, Hello
from server.gateway.queued import QueuedLine
from server.gateway.session import Action, Check, Enter, Note, Session, Show, hello_ms_max
from server.gateway.viewer import Viewer
from server.model import Credential, Identity, Link
from server.settings import Settings
from server.spectators.audience import Audience, Seat
from server.ticker.loop import Ticker

log = structlog.get_logger(__name__)

Endpoint: TypeAlias = Callable[[WebSocket], Awaitable[None]]
ByToken: TypeAlias = Callable[[str], Awaitable[Identity | None]]
ByCookie: TypeAlias = Callable[[Scope], Awaitable[Identity | None]]

ENDED = End(close=Close.FORBIDDEN, detail="ended")
"""A guest's link has ended: there is no use in coming back."""
SIGNED_OUT = End(close=Close.NOT_AUTHENTICATED, detail="signed out")
"""The token or session by which somebody came has ended: a page asks for another way in."""
AGAIN = End(close=Close.RESTARTING, detail="changed")
"""It allows something else now: whoever comes back is looked up anew."""
ENDS: tuple[tuple[type[TenDesksError], End], ...] = (
    (LinkEndedError, ENDED),
    (NotAuthenticatedError, End(close=Close.NOT_AUTHENTICATED)),
    (ForbiddenError, End(close=Close.FORBIDDEN)),
    (NotFoundError, End(close=Close.NOT_FOUND)),
)
"""How the errors of those who are asked end a socket; all others are INTERNAL."""


def live_endpoint(  # noqa: PLR0913 -- one argument for each part of the house
    *,
    clock: Clock,
    settings: Settings,
    ticker: Ticker,
    hub: Hub,
    admission: Admission,
    audience: Audience,
    callers: Callers,
    by_token: ByToken,
    by_cookie: ByCookie,
    origin_allowed: Callable[[Scope], bool],
) -> Endpoint:
    """The endpoint for a WebSocketRoute.

    A token in the hello wins over the cookie. A cookie counts only if `origin_allowed` says that the page is ours, a
    guest's grant also without a page; the query string is never read.
    """

    async def identify(hello: Hello, scope: Scope) -> tuple[Identity | None, bool]:
        if hello.token is None:
            return await by_cookie(scope), not origin_allowed(scope)
        identity = await by_token(hello.token)
        paged = identity is not None and identity.link is not None and "origin" in Headers(scope=scope)
        return identity, paged and not origin_allowed(scope)

    async def live(websocket: WebSocket) -> None:
        client = websocket.client
        address = address_of(None if client is None else client.host, settings.mode)
        await _Pump(websocket, parts, admission.stay(address)).carry()

    parts = _Parts(
        clock=clock,
        settings=settings,
        identify=identify,
        ticker=ticker,
        hub=hub,
        audience=audience,
        callers=callers,
    )
    return live


Identify: TypeAlias = Callable[[Hello, Scope], Awaitable[tuple[Identity | None, bool]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parts:
    """What all sockets of an endpoint have in common."""

    clock: Clock
    settings: Settings
    identify: Identify
    ticker: Ticker
    hub: Hub
    audience: Audience
    callers: Callers


class _Pump:
    """One socket. Where there is a wire, the task of the endpoint is all there is: it reads, and whoever has something writes."""

    __slots__ = (
        "_audience",
        "_caller",
        "_callers",
        "_clock",
        "_hub",
        "_identify",
        "_line",
        "_queued",
        "_seat",
        "_session",
        "_stay",
        "_ticker",
        "_viewer",
        "_websocket",
    )

    def __init__(self, websocket: WebSocket, parts: _Parts, stay: Stay) -> None:
        clock, settings = parts.clock, parts.settings
        self._websocket = websocket
        self._stay = stay
        self._seat: Seat | None = None
        self._clock = clock
        self._identify = parts.identify
        self._ticker = parts.ticker
        self._hub = parts.hub
        self._audience = parts.audience
        self._caller: Caller | None = None
        self._callers = parts.callers
        self._session = Session(message_bytes_max=settings.message_bytes_max, now_ms=clock.monotonic_ms())
        line: Line | None = (websocket.scope.get("extensions") or {}).get(EXTENSION, {}).get("wire")
        self._queued: QueuedLine | None = None
        if line is None:
            line = self._queued = QueuedLine(websocket, asyncio.current_task())
        self._line = line
        self._viewer = Viewer(
            clock=clock, line=line, counters=parts.hub.counters, outbox_bytes_max=settings.outbox_bytes_max
        )

    async def carry(self) -> None:
        """From the handshake to the end."""
        if self._stay.unwelcome(self._clock.monotonic_ms()):
            await self._websocket.close()
            return
        offered = self._websocket.scope["subprotocols"]
        # Accepted in any case: a browser shows no code of a handshake that was refused.
        await self._websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        writer = None if self._queued is None else asyncio.create_task(self._write(self._queued))
        timer = self._clock.call_later(hello_ms_max, lambda: self._close(self._session.overdue()))
        try:
            self._close(self._begin(offered))
            await self._read()
        except asyncio.CancelledError:
            if self._viewer.end is None:
                raise
        finally:
            timer.cancel()
            if writer is not None:
                writer.cancel()
            self._leave()

    def _leave(self) -> None:
        self._line.hear = None
        self._stay.end()
        if self._seat is not None:
            self._audience.leave(self._seat)
        if self._caller is not None:
            self._callers.leave(self._caller)
        self._hub.leave(self._viewer)
        if self._viewer.stream is not None:
            self._ticker.leave(self._viewer.stream.office, self._viewer.stream.view)

    def _begin(self, offered: Sequence[str]) -> End | None:
        if self._hub.stopping:
            return self._session.fail(Close.RESTARTING)
        refused = self._stay.begin(self._clock.monotonic_ms())
        if refused is not None:
            return self._refuse(refused)
        if not self._hub.admit(self._viewer):
            return self._session.fail(
                Close.TOO_MANY, "viewers_max: expected fewer sockets at once; come back later"
            )
        return self._session.open(offered)

    async def _read(self) -> None:
        while (message := await self._websocket.receive())["type"] == "websocket.receive":
            text = message.get("text")
            data: str | bytes = message["bytes"] if text is None else text
            action = self._session.receive(data, self._clock.monotonic_ms())
            if isinstance(action, Check):
                await self._enter(action.hello)
            else:
                self._act(action)

    def _hear(self, text: str) -> None:
        """What an ack costs is mostly the way to the reader: one that comes here is spared it."""
        self._act(self._session.receive(text, self._clock.monotonic_ms()))

    def _act(self, action: Action | None) -> None:
        if isinstance(action, Note):
            self._viewer.ack(action.seq)
        elif isinstance(action, Show):
            self._viewer.show(action.level)
        elif isinstance(action, End):
            self._close(action)

    async def _write(self, queued: QueuedLine) -> None:
        try:
            await queued.carry()
        except (WebSocketDisconnect, RuntimeError):
            return  # it is closed already, which the server says in either way; the reader is told as well
        except Exception:
            log.exception("a viewer could not be written to")
            self._close(End(close=Close.INTERNAL))

    def _refuse(self, refused: End) -> End | None:
        return self._session.fail(refused.close, refused.detail)

    async def _look_up(self, hello: Hello) -> Enter | End | None:
        """Who it is, with the office awake; unless too many of the address's or the account's are here already."""
        refused = self._stay.hello(self._clock.monotonic_ms())
        if refused is not None:
            return self._refuse(refused)
        stamp = self._callers.stamp
        try:
            identity, foreign = await self._identify(hello, self._websocket.scope)
        except LinkEndedError:
            self._stay.failed(self._clock.monotonic_ms())
            raise
        if identity is None:
            self._stay.failed(self._clock.monotonic_ms())
        action = self._session.known(identity, foreign=foreign)
        if isinstance(action, Enter):
            who = action.identity
            refused = self._stay.enter(who) or self._sit(who.link) or self._call(who.credential, stamp)
            if refused is not None:
                return self._refuse(refused)
            await self._ticker.awake(action.office)
        return action

    def _sit(self, link: Link | None) -> End | None:
        """Give a guest a place among those who came by the same link, until it ends."""
        if link is None:
            return None
        self._seat = self._audience.enter(link, lambda: self._close(self._refuse(ENDED)))
        if self._seat is None:
            limit = f"viewers_max: expected at most {link.viewers_max} viewers of this link at once"
            return End(close=Close.TOO_MANY, detail=f"{limit}; come back later")
        return None

    def _call(self, credential: Credential | None, stamp: int) -> End | None:
        """Let a member stay for as long as the token or session does by which they came."""
        if credential is None:
            return None
        self._caller = self._callers.enter(credential, stamp, self._called_off)
        return AGAIN if self._caller is None else None

    def _called_off(self, gone: bool) -> None:
        self._close(self._refuse(SIGNED_OUT if gone else AGAIN))

    async def _enter(self, hello: Hello) -> None:
        try:
            action = await self._look_up(hello)
        except Exception as error:
            ends = [end for kind, end in ENDS if isinstance(error, kind)]
            if not ends:
                log.exception("a viewer could not be let in")
            action = self._refuse(ends[0] if ends else End(close=Close.INTERNAL))
        if isinstance(action, End):
            self._close(action)
        elif isinstance(action, Enter) and self._viewer.end is None:
            self._hub.enter(self._viewer, self._ticker.join(action.office, action.view), action)
            self._line.hear = self._hear

    def _close(self, end: End | None) -> None:
        if end is not None:
            self._viewer.close(end)
