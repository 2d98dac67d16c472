"""An ASGI application behind a real socket on loopback, in the test's own loop."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from tests.fakes.house import reached


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[int]:
    """Serve it at 127.0.0.1 and yield the port. At the end every connection is cut."""
    config = uvicorn.Config(app, lifespan="off", access_log=False, log_config=None, ws="none")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the shipped server's
        await server.startup(sockets=[listener])
        try:
            yield listener.getsockname()[1]
        finally:
            for opened in server.servers:
                opened.close()
            for connection in [*server.server_state.connections]:
                connection.transport.abort()
            for task in [*server.server_state.tasks]:
                task.cancel()
            await reached(lambda: not server.server_state.connections and not server.server_state.tasks)


@asynccontextmanager
async def refusing() -> AsyncIterator[int]:
    """Yield a port at which nobody listens, and which nobody else is given meanwhile."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]
