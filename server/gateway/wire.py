"""uvicorn's socket with a door in its wall: how much is unsent, when all is sent, and an end that needs no reader."""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION = "tendesks.wire"
hang_up_s = 5.0
"""How long a peer may take to answer a close before its connection is cut."""
stop_s = 5
"""How long uvicorn waits for requests in flight when it stops."""


class Wire(WebSocketsSansIOProtocol):
    """One connection. The endpoint finds it in `scope["extensions"]["tendesks.wire"]["wire"]`.

    Through ASGI alone a socket whose peer does not read can neither be measured nor ended: `send` waits, a close waits
    behind it, and a transport that is closed still waits for what it holds. Here the transport asks to pause as
    soon as anything is unsent, and `hang_up` cuts what does not end by itself.
    """

    def connection_made(self, transport: Any) -> None:
        """See asyncio.Protocol."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)

    def handle_connect(self, event: Any) -> None:
        """The scope is made here; the application begins in a later step and finds the extension in it."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][EXTENSION] = {"wire": self}

    def keepalive_timeout(self) -> None:
        """The peer answers no ping: it will not take what is unsent either."""
        super().keepalive_timeout()
        self.transport.abort()

    def unsent(self) -> int:
        """Bytes that the operating system has not taken yet."""
        return self.transport.get_write_buffer_size()

    async def ready(self) -> None:
        """Return when nothing is unsent, or the connection is gone."""
        await self.writable.wait()

    def hang_up(self, code: int, reason: str) -> None:
        """Send a close frame behind whatever is unsent; cut the connection if that is not answered in time."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(hang_up_s, self.transport.abort)


def server_options(*, message_bytes_max: int) -> dict[str, Any]:
    """What the live socket needs of `uvicorn.Config`, as keyword arguments.

    Messages up to twice the limit are read, so that a client that goes beyond it is told 4400; longer ones end at once
    with 1009. Compression is off: it costs a window per connection, and a frame would be compressed for each viewer.
    A ping every 20 s finds dead peers; its answer may take longer than a viewer may lag (30 s), so that one that does
    not read is told 4408. uvicorn logs the query string of a socket at the level info, and waits for ever on shutdown.
    """
    return {
        "ws": Wire,
        "ws_max_size": 2 * message_bytes_max,
        "ws_per_message_deflate": False,
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 45.0,
        "timeout_graceful_shutdown": stop_s,
        "access_log": False,
        "log_level": "warning",
    }
