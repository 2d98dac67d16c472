"""The page behind a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
import uvicorn

from server.metrics.page import metrics_app, metrics_options, scrapes_max
from tests.metrics.figures import sources


@asynccontextmanager
async def page() -> AsyncIterator[httpx2.AsyncClient]:
    server = uvicorn.Server(uvicorn.Config(metrics_app(sources()), **metrics_options()))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        await server.startup(sockets=[listener])
        try:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
                yield client
        finally:
            await server.shutdown()


@pytest.mark.parametrize(
    ("accept", "kind", "end"),
    [
        ("*/*", "text/plain; version=0.0.4", ""),
        (
            "application/openmetrics-text; version=1.0.0",
            "application/openmetrics-text; version=1.0.0",
            "# EOF\n",
        ),
    ],
)
async def test_both_text_formats_are_told_and_never_kept(accept: str, kind: str, end: str) -> None:
    async with page() as client:
        answer = await client.get("/metrics", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["cache-control"] == "no-store"
    assert "tendesks_sockets 101" in answer.text
    assert answer.text.endswith(end)


async def test_there_is_nothing_else_on_this_port() -> None:
    async with page() as client:
        assert (await client.get("/")).status_code == 404
        assert (await client.get("/api/v1/office")).status_code == 404
        assert (await client.post("/metrics")).status_code == 405


async def test_more_connections_than_there_is_room_for_are_told_503() -> None:
    async with page() as client:
        url = client.base_url
        idle = [await asyncio.open_connection(url.host, url.port) for _ in range(scrapes_max)]
        assert (await client.get("/metrics")).status_code == 503
        for _, writer in idle:
            writer.close()
            await writer.wait_closed()
        async with asyncio.timeout(60):
            while (await client.get("/metrics")).status_code != 200:
                pass
