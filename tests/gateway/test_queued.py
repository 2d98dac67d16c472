"""The line through plain ASGI: one message at a time, and an end even where a send never returns."""

import asyncio
from typing import Any

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.gateway.close import Close, End
from server.gateway.framing import framed
from server.gateway.queued import QueuedLine
from tests.fakes.house import reached


class Application:
    """The server's side of ASGI, which takes a message whenever the test lets it."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.room = asyncio.Semaphore(0)
        self.error: Exception | None = None

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.accept":
            return
        await self.room.acquire()
        if self.error is not None:
            raise self.error
        self.sent.append(message.get("text", message.get("code")))

    async def socket(self) -> WebSocket:
        async def receive() -> Any:
            return {"type": "websocket.connect"}

        websocket = WebSocket({"type": "websocket"}, receive, self.send)
        await websocket.accept()
        return websocket


async def test_messages_go_out_in_order_and_the_line_is_clear_once_all_have() -> None:
    app = Application()
    line = QueuedLine(await app.socket(), None)
    cleared: list[bool] = []
    line.ready = lambda: cleared.append(line.clear)
    writing = asyncio.create_task(line.carry())
    line.write_all((framed(b"one"), framed(b"two")))
    assert (line.clear, line.unsent()) == (False, len(framed(b"one")) + len(framed(b"two")))
    app.room.release()
    await reached(lambda: app.sent == ["one"])
    assert (line.clear, cleared) == (False, [])
    app.room.release()
    await reached(lambda: line.clear)
    assert (app.sent, cleared, line.unsent()) == (["one", "two"], [True], 0)
    writing.cancel()


async def test_the_end_is_written_once_and_ends_the_task() -> None:
    app = Application()
    line = QueuedLine(await app.socket(), None)
    line.hang_up(End(close=Close.FORBIDDEN))
    line.hang_up(End(close=Close.TOO_SLOW))
    assert not line.clear
    app.room.release()
    await line.carry()
    assert app.sent == [Close.FORBIDDEN]


async def test_an_end_behind_a_send_that_does_not_return_cancels_the_reader() -> None:
    app = Application()
    reader = asyncio.create_task(asyncio.Event().wait())
    line = QueuedLine(await app.socket(), reader)  # type: ignore[arg-type]
    writing = asyncio.create_task(line.carry())
    line.write(framed(b"stuck"))
    await asyncio.sleep(0)
    line.hang_up(End(close=Close.TOO_SLOW))
    with pytest.raises(asyncio.CancelledError):
        await reader
    writing.cancel()


async def test_a_connection_that_is_gone_is_told_to_whoever_carries() -> None:
    app = Application()
    app.error = OSError()
    line = QueuedLine(await app.socket(), None)
    line.write(framed(b"lost"))
    app.room.release()
    with pytest.raises(WebSocketDisconnect):
        await line.carry()
    assert not line.clear
