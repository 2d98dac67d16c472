"""A receiver of webhooks behind a real socket: it keeps what it is sent, and answers as the test plays, also as no one should."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import orjson

Writer = asyncio.StreamWriter
Play = Callable[[Writer], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Message:
    """A request as it came."""

    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def kind(self) -> str:
        return str(orjson.loads(self.body)["type"])

    @property
    def data(self) -> dict[str, Any]:
        return dict(orjson.loads(self.body)["data"])


def status(code: int, **headers: str) -> Play:
    """Answer so; names of headers have _ for -."""

    async def play(writer: Writer) -> None:
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {code} x\r\ncontent-length: 0\r\n{lines}\r\n".encode())
        await writer.drain()

    return play


async def hangs_up(writer: Writer) -> None:
    """Close at once, without a word."""
    writer.transport.abort()


async def says_nothing(_writer: Writer) -> None:
    """Hold the line."""
    await asyncio.Event().wait()


async def drips(writer: Writer) -> None:
    """One byte of a header line at a time, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nx-long: ")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.01)


async def never_ends(writer: Writer) -> None:
    """A body that goes on and on, as fast as it is taken."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        await writer.drain()


async def drips_its_body(writer: Writer) -> None:
    """A status, and then a body of a byte now and then."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.01)


async def babbles(writer: Writer) -> None:
    """Something that is no HTTP."""
    writer.write(b"220 mail.example.org ESMTP\r\n\r\n")
    await writer.drain()


OK = status(200)


class Receiver:
    """Each request takes the next of `plays`; when there are none left, `usual`."""

    def __init__(self, *plays: Play) -> None:
        self.plays = list(plays)
        self.usual: Play = OK
        self.messages: list[Message] = []
        self.port = 0
        self.scheme = "http"
        self.open = 0
        self.most = 0
        self._came = asyncio.Condition()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hooks?of=ada"

    async def has(self, count: int) -> None:
        """Return when so many have come."""
        async with asyncio.timeout(60), self._came:
            await self._came.wait_for(lambda: len(self.messages) >= count)

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                await self._one(reader, writer)
        writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.messages.append(Message(target=head[0].split(" ")[1], headers=headers, body=body))
        play = self.plays.pop(0) if self.plays else self.usual
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            async with self._came:
                self._came.notify_all()
            await play(writer)
        finally:
            self.open -= 1


@asynccontextmanager
async def receiving(*plays: Play, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver that listens at a port of loopback; at the end every connection is cut."""
    receiver = Receiver(*plays)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: Writer) -> None:
        task = asyncio.ensure_future(receiver.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    receiver.scheme = "https" if tls else "http"
    try:
        yield receiver
    finally:
        server.close()
        for task in [*tasks]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
