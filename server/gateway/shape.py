"""Whether uvicorn is still what `wire.py` was written for: found out at the start, by a connection in memory."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from server.gateway.close import Close, End
from server.gateway.deflate import Context
from server.gateway.framing import framed
from server.gateway.line import EXTENSION

log = structlog.get_logger(__name__)

PLAIN = "auto"
"""uvicorn's name for whatever WebSocket protocol it has."""
check_s_max = 2.0
stop_s = 5
"""How long uvicorn waits for requests in flight when it stops."""
SIZES = (5, 125, 126, 65_535, 65_536)
"""Payloads at the edges of every form of a message's head."""


class ShapeError(Exception):
    """uvicorn or websockets has changed: see what `wire.py` relies on, and mend it or keep to the plain line."""


def server_options(*, message_bytes_max: int, compress: bool) -> dict[str, Any]:
    """What the live socket needs of `uvicorn.Config`, as keyword arguments.

    Messages up to twice the limit are read, so that a client that goes beyond it is told 4400; longer ones end at once
    with 1009. With `compress` frames are compressed once for all viewers of a stream, where our wire stands; uvicorn's
    own compression is off in any case: it costs a window per connection, and would compress a frame for each viewer.
    A ping every 20 s finds dead peers; its answer may take longer than a viewer may lag (30 s), so that one that does
    not read is told 4408. uvicorn logs the query string of a socket at the level info, and waits for ever on shutdown.
    """
    return {
        "ws": _protocol(compress=compress),
        "http": _door(),
        "ws_max_size": 2 * message_bytes_max,
        "ws_per_message_deflate": False,
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 45.0,
        "timeout_graceful_shutdown": stop_s,
        "access_log": False,
        "log_level": "warning",
    }


def _protocol(*, compress: bool) -> Any:
    """The best of our subclasses of uvicorn's protocol that is as it was, else uvicorn's own and the plain line."""
    reasons = []
    for deflate in (True, False) if compress else (False,):
        try:
            wire = _wire(deflate=deflate)
            check(wire, deflate=deflate)
        except Exception as error:  # noqa: BLE001 - whatever it is, the plain line needs none of it
            reasons.append(repr(error))
        else:
            if reasons:
                log.warning("websockets has changed: frames are not compressed", reason=reasons[0])
            return wire
    log.warning("uvicorn has changed: live sockets are written to through plain ASGI", reason=reasons[-1])
    return PLAIN


def _wire(*, deflate: bool) -> Any:
    """Imported here, as the base may be gone."""
    if deflate:
        from server.gateway.deflating import DeflatingWire  # noqa: PLC0415

        return DeflatingWire
    from server.gateway.wire import Wire  # noqa: PLC0415

    return Wire


def _door() -> Any:
    """Ours, where uvicorn's faster parser of HTTP is installed."""
    try:
        from server.gateway.door import Door  # noqa: PLC0415 - see above
    except ImportError:
        return PLAIN
    return Door


def check(wire: Any, *, deflate: bool = False) -> None:
    """Carry one connection from its handshake to its end, with a peer that offers to deflate if told so, and read what came with websockets' own client.

    In a thread with a loop of its own, as uvicorn begins a task for the application; it takes some milliseconds.

    Raises:
        ShapeError: it did not go as expected. Anything else that is raised means the same.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, asyncio.wait_for(_carry(wire, deflate=deflate), check_s_max)).result()


async def _carry(wire: Any, *, deflate: bool) -> None:
    for check_end in (_check_our_end, _check_their_end):
        peer = _Peer(deflate=deflate)
        config = uvicorn.Config(
            peer.app,
            ws=wire,
            interface="asgi3",
            lifespan="off",
            log_config=None,
            ws_per_message_deflate=False,
        )
        config.load()
        protocol = wire(config, ServerState(), {})
        peer.connect(protocol)
        await peer.accepted.wait()
        peer.read()
        _expect("the state after the handshake", State.OPEN, peer.client.state)
        _expect("the wire", True, peer.scope["extensions"][EXTENSION]["wire"] is protocol)
        _expect("deflate", deflate, protocol.deflates)
        _check_messages(peer, protocol)
        if deflate:
            _check_deflated(peer, protocol)
        _check_backpressure(peer, protocol)
        check_end(peer, protocol)


def _check_messages(peer: "_Peer", protocol: Any) -> None:
    """Ours and uvicorn's own beside one another."""
    for size in SIZES:
        text = b"x" * size
        protocol.write(framed(text))
        peer.client.send_ping(b"ping")
        peer.talk()
        protocol.write_all((framed(text), framed(b"last")))
        _expect("messages", [text, b"ping", text, b"last"], [bytes(event.data) for event in peer.read()])


def _check_deflated(peer: "_Peer", protocol: Any) -> None:
    """One refers to another over a plain one, uvicorn's own and a new context; and what the peer deflates is heard."""
    text, expected = b"the same text twice", []
    for context in (Context(0), Context(0)):
        protocol.write(context.deflated(text))
        protocol.write(framed(text + b", plain"))
        peer.client.send_ping(b"ping")
        peer.talk()
        protocol.write(context.deflated(text))
        expected += [text, text + b", plain", b"ping", text]
    _expect("deflated messages", expected, [bytes(event.data) for event in peer.read()])
    heard: list[str] = []
    protocol.hear = heard.append
    for _ in range(2):
        peer.client.send_text(text)
        peer.talk()
    protocol.hear = None
    _expect("messages of the peer", [text.decode()] * 2, heard)


def _check_backpressure(peer: "_Peer", protocol: Any) -> None:
    cleared: list[bool] = []
    protocol.ready = lambda: cleared.append(protocol.clear)
    clear = [protocol.clear]
    protocol.pause_writing()
    clear.append(protocol.clear)
    protocol.resume_writing()
    _expect("clear, paused, resumed", ([True, False], [True]), (clear, cleared))
    _expect("unsent", 0, protocol.unsent())
    _expect("the high-water mark", 0, peer.transport.high)


def _check_our_end(peer: "_Peer", protocol: Any) -> None:
    protocol.hang_up(End(close=Close.TOO_SLOW))
    protocol.resume_writing()
    _expect("clear after the close", False, protocol.clear)
    protocol.hang_up(End(close=Close.FORBIDDEN))
    _expect("messages at the end", [Opcode.CLOSE], [event.opcode for event in peer.read()])
    told = peer.client.close_rcvd
    _expect("the code", Close.TOO_SLOW, told and told.code)
    peer.talk()
    _expect("the connection after the peer's close", True, peer.transport.closed)
    protocol.connection_lost(None)
    _expect("clear after the end", False, protocol.clear)


def _check_their_end(peer: "_Peer", protocol: Any) -> None:
    peer.client.send_close(1000)
    peer.talk()
    protocol.hang_up(End(close=Close.TOO_SLOW))
    _expect("clear after the peer's close", False, protocol.clear)
    _expect("messages after the peer's close", [Opcode.CLOSE], [event.opcode for event in peer.read()])


def _expect(what: str, expected: object, got: object) -> None:
    if expected != got:
        raise ShapeError(f"{what}: expected {str(expected)[:80]}, got {str(got)[:80]}")


class _Peer:
    """The other side: a client that websockets wrote, and the application between."""

    def __init__(self, *, deflate: bool) -> None:
        offers = [ClientPerMessageDeflateFactory(client_max_window_bits=True)] if deflate else None
        self.client = ClientProtocol(parse_uri("ws://localhost/live"), extensions=offers)
        self.transport = _Transport()
        self.accepted = asyncio.Event()
        self.scope: Scope = {}
        self._protocol: Any = None

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        await receive()
        await send({"type": "websocket.accept"})
        self.accepted.set()
        await receive()

    def connect(self, protocol: Any) -> None:
        self._protocol = protocol
        protocol.connection_made(self.transport)
        self.client.send_request(self.client.connect())
        self.talk()

    def talk(self) -> None:
        """Hand over what the client has to say."""
        self._protocol.data_received(b"".join(self.client.data_to_send()))

    def read(self) -> list[Frame]:
        """What has come since the last time."""
        self.client.receive_data(bytes(self.transport.written))
        self.transport.written.clear()
        return [event for event in self.client.events_received() if isinstance(event, Frame)]


class _Transport(asyncio.Transport):
    """Takes everything at once."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()
        self.closed = False
        self.high: int | None = None

    def write(self, data: Any) -> None:
        self.written += data

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:  # noqa: ARG002
        self.high = high

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass
