"""The door of the house: the head of every HTTP request, that of a socket's handshake too, is short and comes soon.

uvicorn waits for ever for the end of a head, and keeps whatever comes of it.
"""

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

handshake_ms_max = 10_000
"""How long a request's head may take, from its first byte or the connection's beginning."""
head_bytes_max = 32 * 1024
"""Request line and headers. A line may have 8 KiB in a handshake; a browser's cookies are the longest."""

quiet = logging.getLogger("uvicorn.error.door")
quiet.addFilter(lambda record: record.levelno >= logging.ERROR)
"""A line in the log for each request that is none would let anybody fill the disk. uvicorn resets levels, and no filters."""


class Door(HttpToolsProtocol):
    """One connection, until it becomes a socket or ends."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = quiet
        self._in_head = True
        self._head_left = head_bytes_max
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        while data and self.transport.get_protocol() is self and not self.transport.is_closing():
            piece = data
            if self._in_head:
                self._wait()
                piece = data[: self._head_left]
                self._head_left -= len(piece)
            data = data[len(piece) :]
            super().data_received(piece)
            if self._in_head and self._head_left <= 0 and not self.transport.is_closing():
                self._refuse(
                    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    f"expected a head of at most {head_bytes_max} bytes (head_bytes_max)",
                )

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        self._wait_no_more()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Another request may follow."""
        self._in_head = True
        self._head_left = head_bytes_max
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """See HttpToolsProtocol: it would call any request one of HTTP/1.1."""
        version = self.parser.get_http_version()
        if version == "1.1":
            super().handle_websocket_upgrade()
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, f"expected HTTP/1.1 for a WebSocket, got HTTP/{version}")

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(handshake_ms_max / 1000, self._overdue)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _overdue(self) -> None:
        self._waiting = None
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._wait()  # an answer is on its way; some clients send a line feed too many behind what they asked
        elif not self.transport.is_closing():
            self._refuse(
                HTTPStatus.REQUEST_TIMEOUT,
                f"expected a whole head within {handshake_ms_max} ms (handshake_ms_max)",
            )

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        body = f"{text}\n".encode()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
