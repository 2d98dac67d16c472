"""The light client counts right: against a server that says exactly what it sends."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from bench.clients import Client, client_of

pytestmark = [
    pytest.mark.flow,
    pytest.mark.skipif(shutil.which("gcc") is None and shutil.which("cc") is None, reason="no C compiler"),
]
KEYFRAME = '{"type":"keyframe","seq":5,"tick":50,"now":1795000000000,"state":{}}'
CLOCK = '{"type":"clock","now":1795000000000,"seq":9}'


def diff(seq: int, size: int = 0) -> str:
    return json.dumps(
        {"type": "diff", "seq": seq, "tick": seq * 10, "patch": {"note": "x" * size}}, separators=(",", ":")
    )


class Server:
    """Greets with a keyframe once it has heard a hello, and keeps what its clients say."""

    def __init__(self) -> None:
        self.clients: list[ServerConnection] = []
        self.heard: list[str | bytes] = []

    async def meet(self, client: ServerConnection) -> None:
        self.heard.append(await client.recv())
        await client.send('{"type":"hello","seq":5}')
        await client.send(KEYFRAME)
        self.clients.append(client)
        async for message in client:
            self.heard.append(message)

    async def tell(self, *messages: str) -> None:
        for client in self.clients:
            for message in messages:
                await client.send(message)


@asynccontextmanager
async def opened(sockets: int, *options: str) -> AsyncIterator[tuple[Server, Client]]:
    server = Server()
    async with serve(server.meet, "127.0.0.1", 0, compression=None) as listening:
        port = listening.sockets[0].getsockname()[1]
        with client_of(port, sockets, "--hello", '{"type":"hello"}', *options, wait=False) as client:
            await asyncio.to_thread(client.await_ready)
            await asyncio.to_thread(client.begin)
            yield server, client


async def seen(client: Client, server: Server) -> dict[str, int]:
    """What it counted once everything that was sent before has come: a pong is the answer to what came last."""
    for one in server.clients:
        await (await one.ping())
    counted = await asyncio.to_thread(client.end)
    return {
        name: getattr(counted, name)
        for name in ("deliveries", "frames", "keyframes", "clocks", "gaps", "due")
    }


async def test_every_message_of_every_socket_is_counted_whatever_its_size() -> None:
    async with opened(3) as (server, client):
        sizes = (0, 60, 200, 70_000)
        await server.tell(*(diff(6 + n, size) for n, size in enumerate(sizes)), CLOCK)
        assert await seen(client, server) == {
            "deliveries": 15, "frames": 12, "keyframes": 0, "clocks": 3, "gaps": 0, "due": 12,
        }  # fmt: skip
    assert server.heard[:3] == ['{"type":"hello"}'] * 3


async def test_a_frame_that_is_missing_is_a_gap_and_a_keyframe_makes_up_for_it() -> None:
    async with opened(1) as (server, client):
        later = KEYFRAME.replace('"seq":5', '"seq":12')
        await server.tell(diff(6), diff(8), later, diff(13))
        assert await seen(client, server) == {
            "deliveries": 4, "frames": 3, "keyframes": 1, "clocks": 0, "gaps": 1, "due": 8,
        }  # fmt: skip


async def test_what_a_stalled_socket_is_sent_stays_unread() -> None:
    async with opened(2, "--stall", "1") as (server, client):
        reading = [one for one in server.clients if await answers(one)]
        assert len(reading) == 1
        await server.tell(diff(6))
        server.clients = reading
        assert (await seen(client, server))["frames"] == 1


async def answers(client: ServerConnection) -> bool:
    try:
        await asyncio.wait_for(await client.ping(), 0.3)
    except TimeoutError:
        return False
    return True
