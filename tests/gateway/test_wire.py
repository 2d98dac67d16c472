"""A peer that does not read: nobody waits for it, it costs bounded memory, and it is ended all the same."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import orjson
import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.uri import parse_uri

from server.gateway import wire
from server.gateway.close import Close, End
from server.gateway.viewer import Viewer, lag_ms_max
from tests.fakes.clock import FakeClock
from tests.fakes.house import Served, Visitor, reached, served

FRAME = b'{"type":"diff","seq":0,"tick":0,"patch":{"' + b"x" * 60_000 + b'":1}}'


class Deaf:
    """A client that shakes hands, says hello, and then reads only when it is told to."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.setblocking(False)
        self.port = port
        self.protocol = ClientProtocol(parse_uri(f"ws://127.0.0.1:{port}/live"), subprotocols=["tendesks.v1"])

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self.socket, ("127.0.0.1", self.port))
        self.protocol.send_request(self.protocol.connect())
        await self.flush()
        while self.protocol.state.name == "CONNECTING":
            self.protocol.receive_data(await loop.sock_recv(self.socket, 1_024))
        self.protocol.send_text(b'{"type":"hello","token":"owner"}')
        await self.flush()

    async def flush(self) -> None:
        for data in self.protocol.data_to_send():
            await asyncio.get_running_loop().sock_sendall(self.socket, data)

    async def listen(self, enough: Callable[[list[str]], bool]) -> list[str]:
        """Read until that is enough; the types of the messages."""
        kinds: list[str] = []
        while not enough(kinds):
            self.protocol.receive_data(await asyncio.get_running_loop().sock_recv(self.socket, 1 << 20))
            kinds += [
                orjson.loads(event.data)["type"]
                for event in self.protocol.events_received()
                if isinstance(event, Frame)
            ]
        return kinds

    async def code(self) -> int | None:
        """Read to the end after all; the code of the close frame, None if the connection was cut before one came."""
        loop = asyncio.get_running_loop()
        while self.protocol.close_rcvd is None:
            try:
                data = await loop.sock_recv(self.socket, 1 << 20)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self.protocol.receive_data(data)
            self.protocol.events_received()
        return self.protocol.close_rcvd.code


@asynccontextmanager
async def deaf(house: Served) -> AsyncIterator[tuple[Deaf, Viewer]]:
    before = set(house.hub._sockets)
    peer = Deaf(house.port)
    await peer.connect()
    await reached(lambda: house.hub.count("office1") > 0)
    (viewer,) = set(house.hub._sockets) - before
    await reached(lambda: viewer.stream is not None)
    try:
        yield peer, viewer
    finally:
        peer.socket.close()


class Counter:
    """A visitor that reads all the time."""

    def __init__(self, visitor: Visitor) -> None:
        self.diffs = 0
        self.reading = asyncio.create_task(self._read(visitor))

    async def _read(self, visitor: Visitor) -> None:
        async for message in visitor.connection:
            self.diffs += message.startswith('{"type":"diff"')


async def fill(house: Served, viewer: Viewer, frames: int, readers: list[Counter]) -> int:
    """Deliver frames, each when the readers have the one before; the most that was ever kept for the deaf one."""
    assert viewer.stream is not None
    most = 0
    for number in range(1, frames + 1):
        house.hub.deliver(viewer.stream, FRAME)
        most = max(most, viewer.unsent)
        await asyncio.sleep(0)
        await reached(lambda: all(reader.diffs == number for reader in readers))  # noqa: B023 - awaited here
    return most


async def test_of_twenty_viewers_one_never_reads_and_the_others_get_every_frame() -> None:
    async with served(FakeClock()) as house, AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(house.enter()) for _ in range(19)]
        for visitor in visitors:
            await visitor.until("keyframe")
        _, viewer = await stack.enter_async_context(deaf(house))
        readers = [Counter(visitor) for visitor in visitors]
        most = await fill(house, viewer, 120, readers)
        assert [reader.diffs for reader in readers] == [120] * 19
        assert 0 < most <= 64 * 1024 + wire_overhead
        assert viewer.unsent > 0
        for reader in readers:
            reader.reading.cancel()


wire_overhead = 10
"""The head of a WebSocket frame."""


async def test_who_lags_for_thirty_seconds_is_told_so_if_it_reads_after_all() -> None:
    clock = FakeClock()
    async with served(clock) as house, deaf(house) as (peer, viewer):
        await fill(house, viewer, 120, [])
        assert viewer.unsent > 0
        await clock.advance(lag_ms_max)
        assert viewer.end == End(close=Close.TOO_SLOW)
        assert await peer.code() == Close.TOO_SLOW
        await reached(lambda: not house.hub._sockets)


async def test_who_lags_and_never_reads_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "hang_up_s", 0.01)
    clock = FakeClock()
    async with served(clock) as house, deaf(house) as (peer, viewer):
        await fill(house, viewer, 120, [])
        cut = len(house.connections)
        await clock.advance(lag_ms_max)
        await reached(lambda: len(house.connections) == cut - 1 and not house.hub._sockets)
        assert await peer.code() is None


async def test_who_reads_again_gets_the_keyframe_of_that_moment_and_goes_on() -> None:
    async with served(FakeClock()) as house, deaf(house) as (peer, viewer):
        await fill(house, viewer, 120, [])
        assert viewer.unsent > 0
        messages = await peer.listen(lambda kinds: kinds.count("keyframe") == 2)
        assert messages.count("diff") < 120
        assert messages[-1] == "keyframe"
        assert viewer.unsent == 0
        await fill(house, viewer, 1, [])
        assert await peer.listen(bool) == ["diff"]


async def test_without_the_wire_a_lagging_viewer_is_let_go_of_all_the_same() -> None:
    clock = FakeClock()
    async with served(clock, options={"ws": "websockets-sansio"}) as house, deaf(house) as (_, viewer):
        await fill(house, viewer, 120, [])
        await clock.advance(lag_ms_max)
        await reached(lambda: not house.hub._sockets)
        assert viewer.end == End(close=Close.TOO_SLOW)


async def test_who_answers_no_ping_is_cut_off_with_all_that_was_kept_for_it() -> None:
    async with served(FakeClock()) as house, deaf(house) as (peer, viewer):
        await fill(house, viewer, 120, [])
        (connection,) = house.connections
        connection.keepalive_timeout()
        await reached(lambda: not house.connections and not house.hub._sockets)
        assert await peer.code() is None
