"""Over real sockets: what a client that is still sending comes to know, and what one that stops or leaves leaves behind."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import pytest
import structlog
import uvicorn

from server.routes.envelope import CLIENT_LEFT
from server.routes.upload import UPLOAD_IDLE_MS_MAX
from tests.routes.conftest import API, Front

pytestmark = pytest.mark.flow


@asynccontextmanager
async def served(front: Front) -> AsyncIterator[int]:
    """uvicorn in this process, without its main loop and its signals."""
    server = uvicorn.Server(uvicorn.Config(front.app, lifespan="off", access_log=False, log_config=None))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        await server.startup(sockets=[listener])
        try:
            yield listener.getsockname()[1]
        finally:
            await server.shutdown(sockets=[listener])


def head(front: Front, port: int, length: int) -> bytes:
    lines = [
        f"POST {API}/batches?kind=demo HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {front.token}",
        "Content-Type: text/csv", f"Content-Length: {length}", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, object]]:
    top = (await reader.readuntil(b"\r\n\r\n")).decode()
    lengths = [line for line in top.lower().splitlines() if line.startswith("content-length:")]
    body = await reader.readexactly(int(lengths[0].split(":")[1]))
    return int(top.split()[1]), orjson.loads(body)


async def heard(logs: list[dict[str, object]]) -> dict[str, object]:
    """The line of the one request, once it is over."""
    async with asyncio.timeout(60):
        while not (lines := [entry for entry in logs if entry["event"] == "request"]):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.001)
    return lines[0]


async def test_who_sends_a_large_list_still_reads_what_is_wrong_with_it(front: Front) -> None:
    body = b"a,b\n1\n" + b"1,2\n" * 2_000_000
    async with served(front) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head(front, port, len(body)) + body)
        await writer.drain()
        status, problem = await answer(reader)
        assert (status, problem["detail"]) == (400, "Row 1 has 1 cell, 2 expected (line 2, column 2)")
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        assert (await answer(reader))[0] == 200, "the connection is as good as before"
        writer.close()


async def test_who_stops_sending_is_told_so(front: Front) -> None:
    with structlog.testing.capture_logs() as logs:
        async with served(front) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head(front, port, 1_000) + b"a,b\n1,2\n")
            reading = asyncio.ensure_future(answer(reader))
            async with asyncio.timeout(60):
                while not reading.done():
                    await front.clock.advance(UPLOAD_IDLE_MS_MAX)
                    await asyncio.sleep(0.001)
            status, problem = await reading
            writer.close()
    assert (status, problem["code"]) == (408, "too_slow")
    assert "upload_idle_ms_max" in str(problem["detail"])
    assert (await heard(logs))["status"] == 408


async def test_who_leaves_in_the_middle_leaves_nothing_behind(front: Front) -> None:
    with structlog.testing.capture_logs() as logs:
        async with served(front) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head(front, port, 1_000) + b"a,b\n1,2\n")
            await writer.drain()
            writer.close()
            assert (await heard(logs))["status"] == CLIENT_LEFT
    assert (await front.get("/batches"))["items"] == []
    assert [path.name for path in front.settings.data.iterdir() if "spool" in path.name] == []
