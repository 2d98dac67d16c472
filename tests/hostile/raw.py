"""A client that may send anything: bytes over a socket, and what came of it in a word."""

import asyncio
import socket
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

LIVE, END, RESET = "live", "end", "reset"
"""It goes on; the server closed without a word; the server reset the connection."""
READ_S_MAX = 10

TEXT, BINARY, CONT, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
HELLO = b'{"type":"hello","token":"owner"}'
RSV1 = 4
"""The bit of a deflated message."""
DEFLATE = b"permessage-deflate; client_max_window_bits"
"""What a browser offers."""
TAIL = b"\x00\x00\xff\xff"
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="


def frame(
    payload: bytes = b"",
    opcode: int = TEXT,
    *,
    fin: bool = True,
    rsv: int = 0,
    masked: bool = True,
    form: int | None = None,
    length: int | None = None,
) -> bytes:
    """A WebSocket frame as told: `form` 7, 16 or 64 bits of length, `length` what is said of it."""
    size = len(payload) if length is None else length
    form = form or (7 if size < 126 else 16 if size < 65_536 else 64)
    mask_bit = 0x80 if masked else 0
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if form == 7:
        head += bytes([mask_bit | size])
    elif form == 16:
        head += bytes([mask_bit | 126]) + struct.pack("!H", size)
    else:
        head += bytes([mask_bit | 127]) + struct.pack("!Q", size & 0xFFFF_FFFF_FFFF_FFFF)
    if not masked:
        return head + payload
    key = b"\x11\x22\x33\x44"
    mask = (key * (len(payload) // 4 + 1))[: len(payload)]
    return (
        head
        + key
        + (int.from_bytes(payload, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(payload), "big")
    )


def deflate(data: bytes) -> bytes:
    """What a peer that is as it should be makes of a message: a raw stream without the tail of its flush."""
    made = zlib.compressobj(wbits=-10)
    return (made.compress(data) + made.flush(zlib.Z_SYNC_FLUSH)).removesuffix(TAIL)


def closing(code: int, reason: bytes = b"") -> bytes:
    return frame(struct.pack("!H", code) + reason, CLOSE)


def head(line: bytes = b"GET /live HTTP/1.1", **changes: bytes | None) -> bytes:
    """A handshake; a change of None takes a header away, names have _ for -."""
    headers: dict[str, bytes | None] = {
        "host": b"127.0.0.1",
        "upgrade": b"websocket",
        "connection": b"Upgrade",
        "sec-websocket-key": KEY,
        "sec-websocket-version": b"13",
        "sec-websocket-protocol": b"tendesks.v1",
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [name.encode() + b": " + value + b"\r\n" for name, value in headers.items() if value is not None]
    return line + b"\r\n" + b"".join(lines) + b"\r\n"


class Raw:
    """One connection. `outcome` reads to its end, and never answers anything."""

    def __init__(self, port: int, *, receive_bytes: int | None = None, deflates: bool = False) -> None:
        self.port = port
        self.inflate = zlib.decompressobj(-12) if deflates else None
        self.socket = socket.socket()
        if receive_bytes is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.setblocking(False)
        self.texts: list[bytes] = []
        self.pongs = 0
        self.reason = ""
        self.shaken = False
        self.agreed = False
        self._read = b""
        self._loop = asyncio.get_running_loop()

    async def __aenter__(self) -> Self:
        await self._loop.sock_connect(self.socket, ("127.0.0.1", self.port))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    async def send(self, data: bytes) -> bool:
        """Whether it got through; that the server has closed is its good right."""
        try:
            await asyncio.wait_for(self._loop.sock_sendall(self.socket, data), READ_S_MAX)
        except ConnectionError:
            return False
        return True

    async def shake(self) -> None:
        await self.send(head(sec_websocket_extensions=None if self.inflate is None else DEFLATE))
        status = await self.handshake()
        assert status == "http 101", f"expected a handshake, got {status}"

    async def enter(self) -> None:
        await self.shake()
        await self.send(frame(HELLO))
        while len(self.texts) < 2:
            assert await self._message() == LIVE

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def half_close(self) -> None:
        with suppress(OSError):  # it may have been closed already
            self.socket.shutdown(socket.SHUT_WR)

    async def outcome(self) -> str:
        """`http N`, the code of the close frame, END or RESET; a server that says nothing for long has failed."""
        if not self.shaken:
            status = await self.handshake()
            if status != "http 101":
                return status
        while (message := await self._message()) == LIVE:
            pass
        return message

    async def goes_on(self, *kinds: bytes) -> str:
        """LIVE once a message of one of these types has come; else how it ended."""
        begins = tuple(b'{"type":"' + kind for kind in kinds)
        while not any(text.startswith(begins) for text in self.texts):
            if (message := await self._message()) != LIVE:
                return message
        return LIVE

    async def handshake(self) -> str:
        while b"\r\n\r\n" not in self._read:
            if (end := await self._more()) is not None:
                return end
        line, _, _ = self._read.partition(b"\r\n")
        self.agreed = b"permessage-deflate" in self._read.partition(b"\r\n\r\n")[0]
        self._read = self._read.partition(b"\r\n\r\n")[2]
        self.shaken = line.split()[1] == b"101"
        return f"http {line.split()[1].decode()}"

    async def _message(self) -> str:
        """One frame of the server, checked to be one that a server may send."""
        while (size := _whole(self._read)) is None:
            if (end := await self._more()) is not None:
                return end
        skip, length = size
        opcode, payload = self._read[0] & 15, self._read[skip : skip + length]
        deflated = self._read[0] & 0x70
        assert deflated == 0 or (deflated == RSV1 << 4 and opcode == TEXT and self.inflate is not None)
        assert self._read[0] & 0x80
        if deflated and self.inflate is not None:
            payload = self.inflate.decompress(payload + TAIL)
        self._read = self._read[skip + length :]
        if opcode == CLOSE:
            self.reason = payload[2:].decode()
            return str(int.from_bytes(payload[:2], "big")) if payload else "1005"
        if opcode == TEXT:
            self.texts.append(payload)
        elif opcode == PONG:
            self.pongs += 1
        else:
            assert opcode == PING
        return LIVE

    async def _more(self) -> str | None:
        try:
            data = await asyncio.wait_for(self._loop.sock_recv(self.socket, 1 << 16), READ_S_MAX)
        except ConnectionResetError:
            return RESET
        self._read += data
        return None if data else END


def _whole(data: bytes) -> tuple[int, int] | None:
    """Where the payload of the first frame begins and how long it is; None if it is not all there."""
    if len(data) < 2:
        return None
    assert data[1] & 0x80 == 0, "expected a frame that is not masked"
    skip, length = 2, data[1] & 0x7F
    if length > 125:
        skip = 4 if length == 126 else 10
        length = int.from_bytes(data[2:skip], "big")
    return (skip, length) if len(data) >= max(skip, skip + length) else None


def open_files() -> int:
    return len([*Path("/proc/self/fd").iterdir()])
