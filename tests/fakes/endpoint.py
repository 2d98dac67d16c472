"""An address of a user's own behind a real socket: keeps what it is sent, and answers as the test plays."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from tests.fakes.listening import listening


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A request as it came; `target` is its path and query, byte for byte."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: Any


Play = Callable[[Send], Awaitable[None]]


def reply(data: Any = None, status: int = 200, media: str = "application/json", **headers: str) -> Play:
    """Answer so, bytes as they are and all else as JSON; names of headers have _ for -."""

    async def play(send: Send) -> None:
        every = {"content-type": media, **{name.replace("_", "-"): value for name, value in headers.items()}}
        raw = [(name.encode(), value.encode()) for name, value in every.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        body = data if isinstance(data, bytes) else orjson.dumps(data)
        await send({"type": "http.response.body", "body": body})

    return play


class Endpoint:
    """Each request takes the next of `plays`; when there are none left, `usual`."""

    def __init__(self, *plays: Play) -> None:
        self.plays = list(plays)
        self.usual = reply({"ok": True})
        self.posted: list[Posted] = []
        self.hung_up = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        query = scope["query_string"].decode()
        self.posted.append(
            Posted(
                method=scope["method"],
                target=scope["raw_path"].decode() + (f"?{query}" if query else ""),
                headers={name.decode(): value.decode() for name, value in scope["headers"]},
                body=orjson.loads(body or b"null"),
            )
        )
        watching = asyncio.ensure_future(self._watch(receive))
        try:
            await (self.plays.pop(0) if self.plays else self.usual)(send)
        finally:
            watching.cancel()

    async def _watch(self, receive: Receive) -> None:
        """Notice that the other side hangs up."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self.hung_up.set()


@asynccontextmanager
async def answering(*plays: Play) -> AsyncIterator[Endpoint]:
    """An endpoint that listens at a port of loopback."""
    endpoint = Endpoint(*plays)
    async with listening(endpoint) as port:
        endpoint.port = port
        yield endpoint
