import asyncio
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from server.errors import LimitExceededError
from server.routes.refusals import TooSlowError
from server.routes.upload import UPLOAD_IDLE_MS_MAX, Upload
from tests.fakes.clock import FakeClock


def upload(
    *messages: dict[str, Any] | None, length: int | None = None, clock: FakeClock | None = None
) -> Upload:
    """A body that comes as these messages; None: and then nothing more."""
    queue = list(messages)

    async def receive() -> dict[str, Any]:
        message = queue.pop(0)
        if message is None:
            await asyncio.get_running_loop().create_future()
        assert message is not None
        return message

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    scope = {"type": "http", "method": "POST", "headers": headers}
    return Upload(Request(scope, receive), clock or FakeClock(), bytes_max=10, limit="body_bytes_max")


def piece(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_comes_whole_and_hashed() -> None:
    found = upload(piece(b"ab"), piece(b""), piece(b"cd", more=False))
    assert await found.whole() == b"abcd"
    assert found.digest == hashlib.sha256(b"abcd").digest()


@pytest.mark.parametrize("length", [None, 3])
async def test_a_body_that_is_too_large_names_the_limit(length: int | None) -> None:
    with pytest.raises(LimitExceededError, match="body_bytes_max: expected a body of up to 10 bytes"):
        await upload(piece(b"x" * 6), piece(b"x" * 6, more=False), length=length).whole()


async def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    with pytest.raises(LimitExceededError):
        await upload(length=11).whole()


async def expires(act: Callable[[], Any], clock: FakeClock) -> None:
    waiting = asyncio.ensure_future(act())
    await clock.advance(UPLOAD_IDLE_MS_MAX - 1)
    assert not waiting.done()
    await clock.advance(1)
    await waiting


async def test_a_body_that_stops_coming_is_given_up() -> None:
    clock = FakeClock()
    with pytest.raises(TooSlowError, match="upload_idle_ms_max: expected more of the body within 30 s"):
        await expires(upload(piece(b"ab"), None, clock=clock).whole, clock)


async def test_every_piece_has_its_own_time() -> None:
    clock = FakeClock()
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    request = Request({"type": "http", "method": "POST", "headers": []}, queue.get)
    found = Upload(request, clock, bytes_max=10, limit="body_bytes_max")
    reading = asyncio.ensure_future(found.whole())
    for more in (True, True, False):
        await clock.advance(UPLOAD_IDLE_MS_MAX - 1)
        queue.put_nowait(piece(b"x", more=more))
        await asyncio.sleep(0)
    assert await reading == b"xxx"


async def test_cancelling_is_no_slowness() -> None:
    reading = asyncio.ensure_future(upload(None).whole())
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_whoever_leaves_is_told_apart() -> None:
    with pytest.raises(ClientDisconnect):
        await upload(piece(b"ab"), {"type": "http.disconnect"}).whole()


async def test_the_rest_is_read_away_up_to_the_limit() -> None:
    read = upload(piece(b"ab"), piece(b"cd"), piece(b"ef", more=False))
    await anext(read.chunks())
    await read.drain()
    await read.drain()
    endless = upload(*[piece(b"x" * 6)] * 2, None)
    await endless.drain()
    gone = upload({"type": "http.disconnect"})
    await gone.drain()
    clock = FakeClock()
    await expires(upload(None, clock=clock).drain, clock)
