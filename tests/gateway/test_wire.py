"""A peer that does not read: nobody waits for it, it costs bounded memory, and it is ended all the same."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import orjson
import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from server.gateway import wire
from server.gateway.acks import unacked_max
from server.gateway.close import Close, End
from server.gateway.viewer import Viewer, lag_ms_max
from tests.fakes.clock import FakeClock
from tests.fakes.house import Served, Visitor, reached, served
from tests.fakes.offices import started

FRAME = b'{"type":"diff","seq":0,"tick":0,"patch":{"' + b"x" * 60_000 + b'":1}}'


class Deaf:
    """A client that shakes hands, says hello, and then reads only when it is told to."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.setblocking(False)
        self.port = port
        self.pongs: list[bytes] = []
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
        for data in filter(None, self.protocol.data_to_send()):
            await asyncio.get_running_loop().sock_sendall(self.socket, data)

    async def listen(self, enough: Callable[[list[str]], bool]) -> list[str]:
        """Read until that is enough; the types of the messages."""
        kinds: list[str] = []
        while not enough(kinds):
            self.protocol.receive_data(await asyncio.get_running_loop().sock_recv(self.socket, 1 << 20))
            for event in self.protocol.events_received():
                if not isinstance(event, Frame):
                    continue
                if event.opcode is Opcode.TEXT:
                    kinds.append(orjson.loads(event.data)["type"])
                elif event.opcode is Opcode.PONG:
                    self.pongs.append(bytes(event.data))
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

    async def rest(self) -> bytes:
        """Every byte up to the end of the connection; a close among them is answered."""
        raw = b""
        with suppress(ConnectionResetError):  # its answer came too late
            while data := await asyncio.get_running_loop().sock_recv(self.socket, 1 << 20):
                raw += data
                self.protocol.receive_data(data)
                await self.flush()
        return raw


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


async def test_the_kernel_keeps_little_for_a_peer_that_does_not_read() -> None:
    async with served(FakeClock()) as house, deaf(house):
        (connection,) = house.connections
        accepted = connection.transport.get_extra_info("socket")
        kept = accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        assert kept == wire.send_buffer_bytes * (2 if sys.platform == "linux" else 1)
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == wire.unsent_bytes_least


async def test_what_uvicorn_sends_falls_into_no_message_of_ours() -> None:
    """Half a frame is unsent, pings are answered behind it, then the peer reads: every byte has its place."""
    async with served(FakeClock()) as house, deaf(house) as (peer, viewer):
        for number in range(40):
            await fill(house, viewer, 3, [])
            peer.protocol.send_ping(b"%d" % number)
            await peer.flush()
        (connection,) = house.connections
        await reached(lambda: not connection.conn.reader.buffer)
        connection.send_keepalive_ping()
        kinds = await peer.listen(lambda kinds: kinds.count("keyframe") == 2)
        assert set(kinds) == {"hello", "keyframe", "viewers", "diff"}
        assert peer.pongs == [b"%d" % number for number in range(40)]
        assert peer.protocol.parser_exc is None


@pytest.mark.parametrize("end", ["ours", "theirs", "uvicorn's"])
async def test_nothing_is_written_after_a_close_whoever_sent_it(end: str) -> None:
    async with served(FakeClock()) as house, deaf(house) as (peer, viewer):
        await peer.listen(lambda kinds: "viewers" in kinds)
        assert viewer.stream is not None
        (connection,) = house.connections
        if end == "ours":
            viewer.close(End(close=Close.FORBIDDEN))
        elif end == "theirs":
            peer.protocol.send_close(1000)
            await peer.flush()
            await reached(lambda: connection.conn.close_sent is not None)
        else:
            connection.shutdown()
        for _ in range(3):
            house.hub.deliver(viewer.stream, FRAME)
            house.hub.tell(viewer.stream, b"too late")
        raw = await peer.rest()
        assert (raw[0], len(raw)) == (0x88, 2 + raw[1])
        await reached(lambda: not house.hub._sockets)


async def test_no_keyframe_follows_a_close_that_waited_behind_what_was_unsent() -> None:
    async with served(FakeClock()) as house, deaf(house) as (peer, viewer):
        await fill(house, viewer, 120, [])
        assert house.hub.figures().lagging == 1
        peer.protocol.send_close(1000)
        await peer.flush()
        (connection,) = house.connections
        await reached(lambda: connection.conn.close_sent is not None)
        connection.ready = viewer._go_on  # as if it were drained before the endpoint has noticed the end
        raw = await peer.rest()
        assert raw.endswith(b"\x88\x02\x03\xe8")


async def test_who_does_not_acknowledge_what_its_browser_takes_gets_a_keyframe_once_it_does() -> None:
    clock = FakeClock()
    async with served(clock) as house, house.enter() as visitor:
        clock.settle = house.ticker.settled
        await visitor.until("keyframe")
        await visitor.say(type="ack", seq=0)
        await reached(lambda: all(viewer._acks.seq_max == unacked_max for viewer in house.hub._sockets))
        for number in range(unacked_max + 9):
            house.offices.happen("office1", started(number, clock.now_ms()))
            await clock.advance(100)
        for number in range(unacked_max):
            assert (await visitor.until("diff"))["seq"] == number + 1
        assert house.hub.figures().lagging == 1
        await visitor.say(type="ack", seq=unacked_max)
        frame = await visitor.hear()
        while frame["type"] not in {"keyframe", "diff"}:
            frame = await visitor.hear()
        assert (frame["type"], frame["seq"]) == ("keyframe", unacked_max + 9)
        figures = house.hub.figures()
        assert (figures.lagging, figures.lagged_total, figures.resyncs_total) == (0, 1, 1)
        assert figures.deliveries_total == unacked_max


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
