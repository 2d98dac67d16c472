"""uvicorn's socket with a door in its wall: messages that were framed elsewhere, how much is unsent, and an end that needs no reader."""

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from websockets.protocol import State

from server.gateway.close import End
from server.gateway.inlet import Inlet
from server.gateway.line import EXTENSION, nothing

OPEN = State.OPEN
hang_up_s = 5.0
"""How long a peer may take to answer a close before its connection is cut."""
send_buffer_bytes = 32 * 1024
"""What the kernel is asked to keep of what is sent and not acknowledged; Linux doubles it, and counts its own overhead."""
unsent_bytes_least = 16 * 1024
"""The kernel takes more once it holds less than this that it has not put on the network."""


class Wire(Inlet):
    """One connection. Satisfies server.gateway.line.Line; the endpoint finds it in `scope["extensions"]["tendesks.wire"]["wire"]`.

    Through ASGI alone a socket whose peer does not read can neither be measured nor ended: `send` waits, a close waits
    behind it, and a transport that is closed still waits for what it holds. Here the transport asks to pause as
    soon as anything is unsent, and `hang_up` cuts what does not end by itself.

    Messages go to the transport whole and at once, as uvicorn's own (pings, pongs, closes, what ASGI sends) do, so
    none falls into another; uvicorn never fragments. `clear` is looked at for each message and each viewer, so it is
    found out anew after every call that may change it; the state of the protocol object says whether a close was sent.
    """

    clear = False
    deflates = False
    hear: Callable[[str], None] | None = None
    write: Callable[[bytes], None]
    """The transport's own: uvloop's hands the bytes to the kernel at once, in C, without letting go of the interpreter's lock.

    `os.write` on the socket costs an eighth less while nothing else runs; beside a busy thread of the store it waits for
    the lock after each viewer.
    """

    def connection_made(self, transport: Any) -> None:
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self.ready = nothing
        self.write = transport.write
        transport.set_write_buffer_limits(high=0)
        _keep_little(transport.get_extra_info("socket"))

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        super().connection_lost(exc)
        self._look()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        super().data_received(data)
        self._look()

    def pause_writing(self) -> None:
        """See asyncio.Protocol."""
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        """See asyncio.Protocol."""
        super().resume_writing()
        self._look()
        if self.clear:
            self.ready()

    def send_receive_event_to_app(self) -> None:
        """A text goes to whoever hears it in this very step; what came before it and waits for the application goes first."""
        if (
            self.hear is None
            or self.curr_msg_data_type != "text"
            or self.close_sent
            or not self.queue.empty()
        ):
            super().send_receive_event_to_app()
            return
        try:
            text = b"".join(self.frames).decode()
        except UnicodeDecodeError:
            super().send_receive_event_to_app()
        else:
            self.frames = []
            self.hear(text)

    async def send(self, message: Any) -> None:
        """The handshake's end goes this way."""
        await super().send(message)
        self._look()

    def shutdown(self) -> None:
        """See uvicorn: the server stops."""
        super().shutdown()
        self._look()

    def handle_connect(self, event: Any) -> None:
        """The scope is made here; the application begins in a later step and finds the extension in it."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][EXTENSION] = {"wire": self}

    def start_keepalive(self) -> None:
        """The handshake is over: its two heads are kilobytes that nobody reads again, and the scope has its own."""
        super().start_keepalive()
        del self.request, self.response

    def keepalive_timeout(self) -> None:
        """The peer answers no ping: it will not take what is unsent either."""
        super().keepalive_timeout()
        self.transport.abort()
        self._look()

    def write_all(self, messages: Sequence[bytes]) -> None:
        """See Line."""
        self.transport.writelines(messages)

    def unsent(self) -> int:
        """See Line."""
        return self.transport.get_write_buffer_size()

    def hang_up(self, end: End) -> None:
        """Send a close frame behind whatever is unsent; cut the connection if that is not answered in time."""
        if self.conn.state is not OPEN or self.disconnected or self.transport.is_closing():
            return
        self.conn.send_close(end.close, end.reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": end.close, "reason": end.reason})
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(hang_up_s, self.transport.abort)
        self._look()

    def _look(self) -> None:
        self.clear = self.conn.state is OPEN and self.writable.is_set() and not self.disconnected


def _keep_little(connection: Any | None) -> None:
    """What the kernel keeps for a peer that does not read is stale when it arrives, and memory all the same."""
    if connection is None:
        return
    with suppress(OSError):  # it may be gone already
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_bytes)
        if connection.family in {socket.AF_INET, socket.AF_INET6} and hasattr(socket, "TCP_NOTSENT_LOWAT"):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, unsent_bytes_least)
