"""The head of a request, over a real socket; tests/hostile has what is sent by those who mean no good."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.gateway import door
from server.gateway.door import head_bytes_max
from tests.fakes.house import served
from tests.hostile.raw import Raw

ASK = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
SOON_MS = 50


class Slow:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.let = asyncio.Event()

    async def __call__(self, request: Request) -> Response:
        body = await request.body()
        self.asked.set()
        await self.let.wait()
        return Response(status_code=204, headers={"x-read": str(len(body))})


@pytest.fixture
async def slow(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Raw, Slow]]:
    monkeypatch.setattr(door, "handshake_ms_max", SOON_MS)
    one = Slow()
    app = Starlette(routes=[Route("/", one.__call__, methods=["GET", "POST"])])
    monkeypatch.setattr("tests.fakes.house.House.app", lambda _house: app)
    async with served() as house, Raw(house.port) as raw:
        yield raw, one


async def later() -> None:
    """Let a head be overdue: uvicorn's timers are the loop's own."""
    passed = asyncio.Event()
    asyncio.get_running_loop().call_later(3 * SOON_MS / 1000, passed.set)
    await passed.wait()


async def test_a_line_feed_too_many_does_not_end_an_answer_that_takes_its_time(
    slow: tuple[Raw, Slow],
) -> None:
    raw, app = slow
    await raw.send(ASK + b"\r\n")
    await app.asked.wait()
    await later()
    app.let.set()
    assert await raw.handshake() == "http 204"


async def test_a_second_request_over_the_same_connection_has_a_head_of_its_own(
    slow: tuple[Raw, Slow],
) -> None:
    raw, app = slow
    app.let.set()
    body = b"x" * (4 * head_bytes_max)
    large = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body)
    for request in (large + body, ASK, large + body):
        await raw.send(request)
        assert await raw.handshake() == "http 204"


async def test_requests_in_one_packet_are_all_answered(slow: tuple[Raw, Slow]) -> None:
    raw, app = slow
    app.let.set()
    await raw.send(ASK * 3)
    for _ in range(3):
        assert await raw.handshake() == "http 204"


async def test_a_head_as_long_as_it_may_be_is_read_and_a_byte_more_is_not(slow: tuple[Raw, Slow]) -> None:
    raw, app = slow
    app.let.set()
    filler = head_bytes_max - len(ASK) - len(b"x: \r\n")
    longest = ASK[:-2] + b"x: " + b"y" * filler + b"\r\n\r\n"
    assert len(longest) == head_bytes_max
    await raw.send(longest)
    assert await raw.handshake() == "http 204"
    await raw.send(longest[:-4] + b"y\r\n\r\n")
    assert await raw.handshake() == "http 431"


async def test_a_large_body_is_no_head_and_may_take_its_time(slow: tuple[Raw, Slow]) -> None:
    raw, app = slow
    app.let.set()
    await raw.send(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nab")
    await later()
    await raw.send(b"cde")
    assert await raw.handshake() == "http 204"
