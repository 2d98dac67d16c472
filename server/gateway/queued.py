"""The line through plain ASGI, wherever uvicorn has no wire for us: a task that writes one message at a time."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from starlette.websockets import WebSocket

from server.gateway.close import End
from server.gateway.framing import payload
from server.gateway.line import nothing


class QueuedLine:
    """Satisfies server.gateway.line.Line; `carry` is its task, and `reader` the one to cancel where a close gets stuck."""

    def __init__(self, websocket: WebSocket, reader: asyncio.Task[None] | None) -> None:
        self.clear = True
        self.deflates = False
        self.ready = nothing
        self.hear: Callable[[str], None] | None = None
        self._websocket = websocket
        self._reader = reader
        self._wake = asyncio.Event()
        self._messages: deque[bytes] = deque()
        self._end: End | None = None

    def write(self, message: bytes) -> None:
        """See Line."""
        self.write_all((message,))

    def write_all(self, messages: Sequence[bytes]) -> None:
        """See Line."""
        self._messages.extend(messages)
        self.clear = False
        self._wake.set()

    def unsent(self) -> int:
        """See Line. What uvicorn keeps beside it cannot be seen from here."""
        return sum(map(len, self._messages))

    def hang_up(self, end: End) -> None:
        """See Line."""
        if self._messages:
            self._cut()
        elif self._end is None:
            self._end, self.clear = end, False
            self._wake.set()

    async def carry(self) -> None:
        """Write what is handed over, until the end was written. Raises what ASGI's `send` raises."""
        while await self._write_next():
            pass

    async def _write_next(self) -> bool:
        await self._wake.wait()
        self._wake.clear()
        if self._messages:
            await self._write_messages()
        elif self._end is not None:
            await self._websocket.close(self._end.close, self._end.reason)
            return False
        return True

    async def _write_messages(self) -> None:
        while self._messages:
            await self._websocket.send_text(payload(self._messages[0]).decode())
            self._messages.popleft()
        self.clear = True
        self.ready()

    def _cut(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
