"""A proxy that cuts the connection through it after so many bytes, and a client that knows two documents: RFC 7396 and the list of messages."""

import asyncio
import json
import socket
import struct
from collections import Counter
from typing import Any

import json_merge_patch
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

UP, DOWN = "to the server", "to the client"
WAIT_S_MAX = 20
ack_every = 5
"""Frames. More often would be too many messages for a socket that is opened anew all the time."""


class Proxy:
    """One connection to the server, once a client comes. `arm` cuts it after so many bytes more in one direction.

    A cut ends both sides at once, with FIN or RST; the bytes before it have gone out, and none after it does.
    """

    def __init__(self, server_port: int) -> None:
        self.port = 0
        self.cut = asyncio.Event()
        self.connected = False
        self.reset = False
        self._server_port = server_port
        self._left: dict[str, int | None] = {UP: None, DOWN: None}
        self._writers: list[asyncio.StreamWriter] = []
        self._pumps: list[asyncio.Task[None]] = []
        self._listener: asyncio.Server | None = None

    async def open(self) -> None:
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]

    def arm(self, direction: str, after: int, *, reset: bool) -> None:
        self.reset = reset
        self._left[direction] = after
        if after == 0 and self.connected:
            self.end()

    def end(self) -> None:
        """Cut now."""
        if self.cut.is_set():
            return
        self.cut.set()
        for writer in self._writers:
            if self.reset:
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            else:
                writer.close()

    async def close(self) -> None:
        self.end()
        assert self._listener is not None
        self._listener.close()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.connected or self.cut.is_set():
            writer.transport.abort()
            return
        self.connected = True
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        self._writers = [writer, server_writer]
        if 0 in self._left.values():
            self.end()
        self._pumps = [
            asyncio.create_task(self._pump(reader, server_writer, UP)),
            asyncio.create_task(self._pump(server_reader, writer, DOWN)),
        ]

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: str) -> None:
        try:
            while not self.cut.is_set() and (data := await reader.read(1 << 16)):
                self._pass(data, writer, direction)
        except ConnectionError:
            pass
        finally:
            self.end()

    def _pass(self, data: bytes, writer: asyncio.StreamWriter, direction: str) -> None:
        left = self._left[direction]
        if self.cut.is_set():
            return
        if left is None or len(data) < left:
            writer.write(data)
            self._left[direction] = None if left is None else left - len(data)
        else:
            writer.write(data[:left])
            self.end()


class Client:
    """Holds an office over any number of connections; `broken` says what the server did that it may not."""

    def __init__(self, token: str, view: str, tally: Counter[str]) -> None:
        self.token = token
        self.view = view
        self.tally = tally
        self.state: Any = None
        self.held: tuple[int, int] | None = None
        self.phase = "handshake"
        self.moved = asyncio.Event()
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None

    def open(self, port: int) -> None:
        self.phase = "handshake"
        self._reading = asyncio.create_task(self._live(port))

    async def gone(self) -> None:
        """Until its connection has ended; what the server did wrong is raised here."""
        assert self._reading is not None
        await asyncio.wait_for(self._reading, WAIT_S_MAX)

    async def holds(self, epoch: int, seq: int) -> None:
        """Until it has got there."""
        assert self._reading is not None
        while self.held != (epoch, seq):
            self.moved.clear()
            waiting = asyncio.create_task(self.moved.wait())
            await asyncio.wait(
                {waiting, self._reading}, return_when=asyncio.FIRST_COMPLETED, timeout=WAIT_S_MAX
            )
            if not waiting.done():
                waiting.cancel()
                if self._reading.done():
                    self._reading.result()
                raise AssertionError(f"expected to get to {(epoch, seq)}, got no further than {self.held}")

    async def _live(self, port: int) -> None:
        try:
            async with connect(
                f"ws://127.0.0.1:{port}/live", subprotocols=["tendesks.v1"], proxy=None, compression=None,
                ping_interval=None, close_timeout=1, max_queue=None,
            ) as one:  # fmt: skip
                await self._follow(one)
        except (OSError, EOFError, InvalidHandshake, InvalidMessage, ConnectionClosed):
            return

    async def _follow(self, one: ClientConnection) -> None:
        hello: dict[str, Any] = {"type": "hello", "token": self.token, "view": self.view}
        if self.held is not None:
            hello |= {"epoch": self.held[0], "seq": self.held[1]}
        self.phase = "hello"
        await one.send(json.dumps(hello))
        epoch, missed, frames = 0, 0, 0
        async for data in one:
            message = json.loads(data)
            kind = message["type"]
            if kind == "hello":
                assert message["view"] == self.view
                epoch, self.phase = message["epoch"], "the way to it"
            elif kind == "keyframe":
                assert epoch, "a keyframe before hello"
                self.state, self.held = message["state"], (epoch, message["seq"])
                self.tally["keyframes"] += 1
                missed, self.phase = 0, "live"
            elif kind == "resumed":
                assert self.held == (epoch, message["from"]), f"resumed {message}, while it holds {self.held}"
                missed = message["to"] - message["from"]
                self.tally["resumed"] += 1
                self.phase = "the way to it" if missed else "live"
            elif kind == "diff":
                assert self.held is not None
                assert self.held == (epoch, message["seq"] - 1), (
                    f"diff {message['seq']}, it holds {self.held}"
                )
                self.state = json_merge_patch.merge(self.state, message["patch"])
                self.held = (epoch, message["seq"])
                self.tally["diffs"] += 1
                missed -= missed > 0
                self.phase = "the way to it" if missed else "live"
            elif kind == "clock":
                assert self.held == (epoch, message["seq"])
            if kind in {"keyframe", "diff"}:
                frames += 1
                if frames % ack_every == 0:
                    await one.send(json.dumps({"type": "ack", "seq": self.held[1] if self.held else 0}))
            self.moved.set()
