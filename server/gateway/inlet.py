"""What a peer may send before any message is read: frames a second, frames of one message, and an end that comes.

uvicorn reads whatever is there in one step, queues each message of it, and answers each ping; it logs a traceback for
text that is no UTF-8, says nothing to a handshake that its parser refuses, and lets a connection that was closed wait
for ever for a peer that does not read. Each of that is bounded here.
"""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from server.gateway.close import Close, End

frames_burst_max = 200
frames_per_second_max = 50
"""WebSocket frames of any kind: a viewer sends an ack every 5 s, and answers a ping every 20 s."""
fragments_max = 1_000
"""Frames of one message. The limit of its bytes does not count those that are empty."""
slice_bytes = 1_024
"""So much is parsed before the frames are counted: not 40,000 of six bytes in one step of the loop."""
linger_s = 5.0
"""How long a connection that was closed may wait for its peer to take what is unsent."""

TOO_BIG = 1009
NOT_UTF8 = 1007


class Inlet(WebSocketsSansIOProtocol):
    """One connection, up to where a message is handed to the application."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._allowed = float(frames_burst_max)
        self._counted_s = self.loop.time()
        self._flooded = False
        self._lingering: asyncio.TimerHandle | None = None

    def hang_up(self, end: End) -> None:
        """End the socket, once; what does not get through is cut."""
        raise NotImplementedError("expected a subclass that hangs up")

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        if self._lingering is not None:
            self._lingering.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self.handshake_initiated and not self.handshake_complete:
            self.transport.close()  # nothing may come before the handshake is answered
        for start in range(0, len(data), slice_bytes):
            if self._flooded or self.transport.is_closing():
                break
            super().data_received(data[start : start + slice_bytes])
        self.linger()

    def eof_received(self) -> None:
        """See asyncio.Protocol: it will be closed, also when the peer goes on reading."""
        self.loop.call_soon(self.linger)

    def on_task_complete(self, task: "asyncio.Task[None]") -> None:
        """The application has left, and whatever it left closes the connection."""
        super().on_task_complete(task)
        self.linger()

    def linger(self) -> None:
        """A connection that was closed is cut if its peer does not take what is unsent."""
        if self._lingering is None and self.transport.is_closing() and not self.disconnected:
            self._lingering = self.loop.call_later(linger_s, self.transport.abort)

    def handle_events(self) -> None:
        """Count what came, then see to it."""
        if self.conn.handshake_exc is not None:
            self._refuse_handshake()
        elif self.handshake_complete and not self._allowance(len(self.conn.events)):
            self._flood()
        else:
            super().handle_events()

    def handle_ping(self) -> None:
        """Nothing follows a close, no answer either."""
        if self.close_sent:
            self.conn.data_to_send()
        else:
            super().handle_ping()

    def handle_cont(self, event: Any) -> None:
        """See WebSocketsSansIOProtocol."""
        if len(self.frames) >= fragments_max:
            self._fail(TOO_BIG, f"expected at most {fragments_max} fragments (fragments_max)")
        else:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """Text that is no UTF-8 is the peer's mistake, and nothing to write into the log."""
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            self.frames = []
            self._fail(NOT_UTF8, "expected UTF-8")
        else:
            super().send_receive_event_to_app()

    def _allowance(self, frames: int) -> bool:
        now_s = self.loop.time()
        more = (now_s - self._counted_s) * frames_per_second_max
        self._allowed = min(self._allowed + more, float(frames_burst_max)) - frames
        self._counted_s = now_s
        return self._allowed >= 0

    def _flood(self) -> None:
        """Say so, and read no more: parsing what follows would cost the others their time."""
        self._flooded = True
        self.conn.events.clear()
        self.frames = []
        detail = f"expected at most {frames_per_second_max} frames a second (frames_per_second_max)"
        self.hang_up(End(close=Close.TOO_MANY, detail=detail))
        if not self.transport.is_closing():
            self.transport.pause_reading()

    def _fail(self, code: int, reason: str) -> None:
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()

    def _refuse_handshake(self) -> None:
        """The parser has an answer ready (431 for a line too long), or none."""
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
