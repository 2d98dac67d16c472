"""The viewers of the soak in a process of their own: raw sockets, no WebSocket library, little work for each message.

Reads what to do from its standard input, as one JSON line; writes what happened since the last one as a JSON line every
`every_s`, until its input ends.
"""

import asyncio
import json
import os
import random
import re
import socket
import struct
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

STEADY, STALLED, RESTLESS = "steady", "stalled", "restless"
FRAME = re.compile(rb'\{"type":"(keyframe|diff)","seq":(\d+),"tick":(\d+)(?:,"now":(\d+))?')
EPOCH = re.compile(rb'\{"type":"hello".*?"epoch":(\d+)')
RESUMED = re.compile(rb'\{"type":"resumed","from":(\d+)')
ACK_S = 5.0
STALL_S = 90.0
"""So long nothing is read: longer than a viewer may lag. What then comes first is 4408, or the end of the connection."""
RESTLESS_S = (0.5, 6.0)
BACK_S = (0.05, 1.0)
TICKS_KEPT = 100_000
MASK = b"\0\0\0\0"
HEAD = (
    b"GET /live HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tendesks.v1\r\n\r\n"
)


def message(payload: bytes, opcode: int = 1) -> bytes:
    """A frame of a client whose mask changes nothing."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack("!H", size)
    return bytes([0x80 | opcode]) + length + MASK + payload


@dataclass(kw_only=True)
class Seen:
    """What all viewers have seen since the last line."""

    counts: Counter[str] = field(default_factory=Counter)
    delays: list[float] = field(default_factory=list)
    firsts: dict[tuple[str, int, int], float] = field(default_factory=dict)
    """Of each tick of an office and epoch: how long after its moment the first of all viewers had it, in ms."""

    def frame(self, at: tuple[str, int, int], delay_ms: float) -> None:
        self.delays.append(delay_ms)
        first = self.firsts.get(at)
        if first is None or delay_ms < first:
            self.firsts[at] = delay_ms

    def told(self) -> dict[str, Any]:
        told = {**self.counts, "late": spread([*self.firsts.values()]), "delay": spread(self.delays)}
        told["ticks"] = len(self.firsts)
        self.counts.clear()
        self.delays.clear()
        self.firsts.clear()
        return told


def spread(values: list[float]) -> list[float]:
    """The 50th and 99th of a hundred, and the most."""
    if not values:
        return [0.0, 0.0, 0.0]
    values.sort()
    last = len(values) - 1
    return [round(values[index], 2) for index in (last // 2, round(last * 0.99), last)]


class Viewer(asyncio.Protocol):
    """One viewer over all its connections; it remembers what it holds."""

    def __init__(self, kind: str, token: str, address: tuple[str, int], seen: Seen) -> None:
        self.kind = kind
        self.token = token
        self.address = address
        self.seen = seen
        self.held: tuple[int, int] | None = None
        self._epoch = 0
        self._key = (0, 0)
        self._data = b""
        self._shaken = False
        self._transport: Any = None
        self._timers: list[asyncio.TimerHandle] = []

    async def open(self) -> None:
        one = socket.socket()
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.kind == STALLED:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        one.setblocking(False)
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_connect(one, self.address)
            await loop.create_connection(lambda: self, sock=one)
        except OSError:
            self.seen.counts["refused"] += 1
            one.close()
            self._come_back()

    def connection_made(self, transport: Any) -> None:
        self._transport, self._data, self._shaken = transport, b"", False
        self.seen.counts["opened"] += 1
        transport.write(HEAD % self.address[0].encode())

    def connection_lost(self, _error: Exception | None) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers = []
        self.seen.counts["lost"] += 1
        self._come_back()

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self._shaken:
            head, found, rest = self._data.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head:
                self.seen.counts["refused"] += 1
                self._transport.abort()
                return
            self._data, self._shaken = rest, True
            self._begin()
        self._read()

    def _begin(self) -> None:
        hello: dict[str, Any] = {"type": "hello", "token": self.token, "view": "full"}
        if self.held is not None:
            hello |= {"epoch": self.held[0], "seq": self.held[1]}
        self._transport.write(message(json.dumps(hello).encode()))
        loop = asyncio.get_running_loop()
        if self.kind == STALLED:
            self._timers = [loop.call_later(1.0, self._stall)]
        elif self.kind == RESTLESS:
            self._timers = [loop.call_later(random.uniform(*RESTLESS_S), self._go)]
        else:
            self._timers = [loop.call_later(ACK_S * random.random(), self._ack)]

    def _read(self) -> None:
        data, at = self._data, 0
        while len(data) - at >= 2:
            size, skip = data[at + 1], 2
            if size > 125:
                skip = 4 if size == 126 else 10
                if len(data) - at < skip:
                    break
                size = int.from_bytes(data[at + 2 : at + skip], "big")
            if len(data) - at < skip + size:
                break
            self._hear(data[at] & 15, data[at + skip : at + skip + size])
            at += skip + size
        self._data = data[at:]

    def _hear(self, opcode: int, payload: bytes) -> None:
        self.seen.counts["bytes"] += len(payload)
        if opcode == 1:
            self._text(payload)
        elif opcode == 9:
            self._transport.write(message(payload, 10))
        elif opcode == 8:
            code = int.from_bytes(payload[:2], "big")
            self.seen.counts[f"closed {code}"] += 1
            self._transport.write(message(payload[:2], 8))
            self._transport.close()

    def _text(self, payload: bytes) -> None:
        if (found := FRAME.match(payload)) is not None:
            self._frame(found)
        elif (found := EPOCH.match(payload)) is not None:
            self._epoch = int(found[1])
        elif (found := RESUMED.match(payload)) is not None:
            self.seen.counts["resumed"] += 1
            if self.held != (self._epoch, int(found[1])):
                self.seen.counts["gaps"] += 1

    def _frame(self, found: re.Match[bytes]) -> None:
        seq, tick = int(found[2]), int(found[3])
        if found[1] == b"keyframe":
            self.seen.counts["keyframes"] += 1
            self._key = (tick, int(found[4]))
        else:
            self.seen.counts["diffs"] += 1
            if self.held != (self._epoch, seq - 1):
                self.seen.counts["gaps"] += 1
            if self.kind == STEADY:
                moment_ms = self._key[1] + (tick - self._key[0]) * 100
                self.seen.frame((self.token, self._epoch, tick), time.time() * 1000 - moment_ms)
        self.held = (self._epoch, seq)

    def _ack(self) -> None:
        if self.held is not None:
            self._transport.write(message(b'{"type":"ack","seq":%d}' % self.held[1]))
        self._timers = [asyncio.get_running_loop().call_later(ACK_S, self._ack)]

    def _stall(self) -> None:
        self._transport.pause_reading()
        self._timers = [asyncio.get_running_loop().call_later(STALL_S, self._transport.resume_reading)]

    def _go(self) -> None:
        """Politely, or not."""
        if random.random() < 0.5:
            self._transport.write(message(b"\x03\xe9", 8))
            self._transport.close()
        else:
            self._transport.abort()

    def _come_back(self) -> None:
        if self.kind == STALLED:
            self.held = None
        loop = asyncio.get_running_loop()
        loop.call_later(random.uniform(*BACK_S), lambda: _keep(loop.create_task(self.open())))


_opening: set[asyncio.Task[None]] = set()


def _keep(task: asyncio.Task[None]) -> None:
    _opening.add(task)
    task.add_done_callback(_opening.discard)


async def look(plan: dict[str, Any]) -> None:
    seen = Seen()
    for kind, token in plan["viewers"]:
        await Viewer(kind, token, (plan["host"], plan["port"]), seen).open()
        await asyncio.sleep(0.002)
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    seen.told()
    while True:
        done, _ = await asyncio.wait({ended}, timeout=plan["every_s"])
        print(json.dumps(seen.told()), flush=True)
        if done:
            os._exit(0)


if __name__ == "__main__":
    random.seed(7)
    wanted = json.loads(sys.stdin.readline())
    try:
        import uvloop
    except ImportError:
        asyncio.run(look(wanted))
    else:
        uvloop.run(look(wanted))
