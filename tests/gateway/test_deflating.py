"""Over real sockets: what is agreed on in the handshake, and what comes of it."""

import asyncio
import random
import zlib
from contextlib import AsyncExitStack
from typing import Any

import pytest
from json_merge_patch import merge

from server.gateway.deflate import TAIL, context_ms_least, window_bits
from server.gateway.deflating import Inflow
from server.gateway.protocol import Level
from server.model import View
from tests.fakes.clock import FakeClock
from tests.fakes.house import Served, Visitor, reached, served
from tests.fakes.offices import noted, started
from tests.hostile.raw import HELLO, frame, head

AGREED = b"permessage-deflate; client_no_context_takeover; server_max_window_bits=12"
CHOSEN = AGREED + b"; client_max_window_bits=10"


@pytest.mark.parametrize(
    ("offered", "answer"),
    [
        (b"permessage-deflate; client_max_window_bits", CHOSEN),
        (b"permessage-deflate", AGREED),
        (b"permessage-deflate; client_max_window_bits=9", CHOSEN.replace(b"=10", b"=9")),
        (b"permessage-deflate; server_max_window_bits=12", AGREED),
        (b"permessage-deflate; server_max_window_bits=15; client_no_context_takeover", AGREED),
        (b"permessage-deflate; server_max_window_bits=11", None),
        (b"permessage-deflate; server_no_context_takeover", None),
        (b"permessage-deflate; server_no_context_takeover, permessage-deflate", AGREED),
        (b"permessage-deflate, permessage-deflate; client_max_window_bits", AGREED),
        (b"permessage-deflate; window=12", None),
        (b"permessage-deflate; server_max_window_bits", None),
        (b"permessage-deflate; client_max_window_bits=16", None),
        (b"permessage-deflate; client_max_window_bits; client_max_window_bits", None),
        (b"permessage-bzip2", None),
        (None, None),
    ],
)
async def test_what_is_answered_to_what_is_offered(offered: bytes | None, answer: bytes | None) -> None:
    async with served(FakeClock()) as house:
        said = await shaken(house, offered)
    assert said.startswith(b"HTTP/1.1 101 ")
    lines = said.lower().split(b"\r\n")
    answers = [line.partition(b": ")[2] for line in lines if line.startswith(b"sec-websocket-extensions")]
    assert [set(one.split(b"; ")) for one in answers] == (
        [] if answer is None else [set(answer.split(b"; "))]
    )


async def test_nothing_is_agreed_on_where_compression_is_off() -> None:
    async with served(FakeClock(), compress=False) as house:
        assert b"extensions" not in (await shaken(house, b"permessage-deflate")).lower()


async def shaken(house: Served, offered: bytes | None) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(head(sec_websocket_extensions=offered))
    said = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    return said


async def test_a_connection_that_says_nothing_keeps_no_window() -> None:
    async with served(FakeClock(), options={"compression": "deflate"}) as house, house.enter() as visitor:
        await visitor.until("keyframe")
        (connection,) = house.connections
        (inflow,) = connection.conn.extensions
        assert isinstance(inflow, Inflow)
        assert connection.deflates
        kept = [value for value in vars(inflow).values() if not isinstance(value, int | dict)]
        assert kept == []


class Looker:
    """A visitor that holds the state, as its own library inflates it."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.state: Any = None
        self.at: tuple[int, int] = (0, -1)

    async def reach(self, epoch: int, seq: int) -> None:
        while self.at != (epoch, seq):
            self._apply(await asyncio.wait_for(self.visitor.hear(), 10))

    def _apply(self, message: dict[str, Any]) -> None:
        epoch, seq = self.at
        if message["type"] == "hello":
            self.at = (message["epoch"], seq)
        elif message["type"] == "keyframe":
            self.state, self.at = message["state"], (epoch, message["seq"])
        elif message["type"] == "diff":
            assert message["seq"] == seq + 1
            self.state, self.at = merge(self.state, message["patch"]), (epoch, message["seq"])


@pytest.mark.parametrize("seed", [7, 8, 9, 10])
async def test_clients_of_websockets_that_come_hide_and_go_hold_the_state(seed: int) -> None:
    chance, clock = random.Random(seed), FakeClock()
    async with served(clock, options={"compression": "deflate"}) as house, AsyncExitStack() as stack:
        clock.settle = house.ticker.settled
        lookers: list[Looker] = []
        house.offices.happen("office1", *(started(number, clock.now_ms()) for number in range(3)))

        async def come() -> None:
            visitor = await stack.enter_async_context(
                house.visit(compression=chance.choice([None, "deflate", "deflate"]))
            )
            await visitor.say(type="hello", token="owner")
            lookers.append(Looker(visitor))
            truth = await house.ticker.keyframe("office1", View.FULL)
            await lookers[-1].reach(truth.epoch, truth.seq)

        await come()
        for number in range(120):
            what = chance.random()
            if what < 0.08:
                await come()
            elif what < 0.13 and len(lookers) > 1:
                await lookers.pop(chance.randrange(len(lookers))).visitor.connection.close()
            elif what < 0.2:
                await hide_and_show(house, chance.choice(lookers), number)
            elif what < 0.25:
                await clock.advance(context_ms_least // 2)
            note = "".join(chance.choices("abcdefg ", k=chance.choice([3, 100, 3_000])))[:200]
            house.offices.happen("office1", noted(number % 3, clock.now_ms(), note))
            await clock.advance(100)
            truth = await house.ticker.keyframe("office1", View.FULL)
            for looker in lookers:
                await looker.reach(truth.epoch, truth.seq)
                assert looker.state == truth.state, f"seed {seed}"
        assert any(audience.in_step for audience in house.hub._viewers["office1"].values())


async def hide_and_show(house: Served, looker: Looker, number: int) -> None:
    """Something happens while it is hidden, so that it gets a keyframe, and is no longer in step."""
    hidden = [viewer for viewer in house.hub._sockets if viewer._level is Level.HIDDEN]
    await looker.visitor.say(type="level", value="hidden")
    await reached(lambda: any(viewer._level is Level.HIDDEN for viewer in house.hub._sockets))
    assert hidden == []
    house.offices.happen("office1", noted(number % 3, house.clock.now_ms(), f"unseen {number}"))
    await house.clock.advance(100)
    await looker.visitor.say(type="level", value="full")
    await reached(lambda: all(viewer._level is Level.FULL for viewer in house.hub._sockets))


async def test_the_bytes_on_the_socket_are_what_a_browser_would_inflate() -> None:
    """With the window agreed on, and one context over all messages that have the bit."""
    clock = FakeClock()
    async with served(clock) as house:
        clock.settle = house.ticker.settled
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(head(sec_websocket_extensions=b"permessage-deflate"))
        await reader.readuntil(b"\r\n\r\n")
        writer.write(frame(HELLO))
        inflate, heads, texts = zlib.decompressobj(-window_bits), [], []
        for number in range(13):
            if number > 2:
                house.offices.happen("office1", started(number, clock.now_ms()))
                await clock.advance(100)
            first, length = await reader.readexactly(2)
            size = length if length < 126 else int.from_bytes(await reader.readexactly(2), "big")
            payload = await reader.readexactly(size)
            heads.append(first)
            texts.append(payload if first == 0x81 else inflate.decompress(payload + TAIL))
        writer.close()
    assert heads == [0x81] * 3 + [0xC1] * 10
    assert all(text.startswith(b'{"type":"diff"') and text.endswith(b"}") for text in texts[3:])
    assert len(texts) == 13
