"""Peers that take nothing: whatever they send besides, they are gone in time, with all that was kept for them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from server.gateway.framing import framed
from tests.fakes.house import reached
from tests.hostile.raw import CLOSE, PING, Raw, closing, frame
from tests.hostile.target import Target

pytestmark = [pytest.mark.flow, pytest.mark.asyncio(loop_scope="module")]

BIG = b'{"type":"viewers","count":0,"x":"' + b"x" * 60_000 + b'"}'


async def fill(raw: Raw, target: Target) -> None:
    """Give it more than it and its kernel and ours can hold."""
    before = set(target.house.hub._sockets)
    await raw.enter()
    (viewer,) = set(target.house.hub._sockets) - before
    for _ in range(400):
        if viewer.unsent:
            break
        viewer._line.write(framed(BIG))
        await asyncio.sleep(0)
    assert viewer.unsent


async def half_close(raw: Raw) -> None:
    raw.half_close()


def sending(data: bytes) -> Callable[[Raw], Awaitable[None]]:
    async def send(raw: Raw) -> None:
        await raw.send(data)

    return send


@pytest.mark.parametrize(
    "then",
    [
        half_close,
        sending(closing(1000)),
        sending(frame(opcode=CLOSE)),
        sending(frame(b"a", rsv=1)),
        sending(frame(b"\xff")),
        sending(frame(b"{}")),
        sending(frame(b"a" * 125, PING) * 300),
        sending(frame(b"a" * 125, PING) * 20_000),
    ],
    ids=["half closed", "close", "bare close", "no frame", "no UTF-8", "no hello", "pings", "many pings"],
)
async def test_it_is_gone_although_it_reads_nothing(
    target: Target, silent: None, then: Callable[[Raw], Awaitable[None]]
) -> None:
    before = target.census()
    async with Raw(target.port, receive_bytes=4_096) as raw:
        await fill(raw, target)
        assert target.census() != before
        await then(raw)
        await reached(lambda: len(target.house.connections) == before["connections"])
    await target.is_as(before)
    await target.serves_truly()


async def test_pings_within_the_limit_of_one_that_reads_nothing_cost_a_few_kilobytes(target: Target) -> None:
    async with Raw(target.port, receive_bytes=4_096) as raw:
        before = set(target.house.hub._sockets)
        await raw.enter()
        (viewer,) = set(target.house.hub._sockets) - before
        await raw.send(frame(b"a" * 125, PING) * 150)
        await target.house.clock.advance(0)
        assert viewer.unsent <= 150 * 127
