"""A provider of chats behind a real socket: OpenAI's protocol with streaming, its errors, its limits in headers."""

import asyncio
import math
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from server.clock import Clock, SystemClock
from tests.fakes.listening import listening

KEY = "sk-canary-5f1c0d9e"
MODEL = "small"
_MINUTE_MS = 60_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came."""

    path: str
    query: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(kw_only=True)
class Bucket:
    """So many a minute, filled evenly; what is there and when it is full again goes into the headers."""

    name: str
    limit: int
    clock: Clock
    level: float = field(init=False)
    at_ms: int = field(init=False)

    def __post_init__(self) -> None:
        self.level, self.at_ms = self.limit, self.clock.monotonic_ms()

    def take(self, count: int) -> int:
        """Take so many, or say in how many milliseconds there will be enough."""
        now_ms = self.clock.monotonic_ms()
        self.level = min(self.limit, self.level + (now_ms - self.at_ms) * self.limit / _MINUTE_MS)
        self.at_ms = now_ms
        if self.level < count:
            return math.ceil((count - self.level) * _MINUTE_MS / self.limit)
        self.level -= count
        return 0

    def headers(self) -> dict[str, str]:
        missing_ms = math.ceil((self.limit - self.level) * _MINUTE_MS / self.limit)
        reset = (
            f"{missing_ms}ms"
            if missing_ms < 1000
            else f"{missing_ms // 60_000}m{missing_ms % 60_000 / 1000:g}s"
        )
        return {
            f"x-ratelimit-limit-{self.name}": str(self.limit),
            f"x-ratelimit-remaining-{self.name}": str(int(self.level)),
            f"x-ratelimit-reset-{self.name}": reset,
        }


class Exchange:
    """One request under way, and the means to answer it well or badly."""

    def __init__(self, provider: "Provider", asked: Asked, send: Send, headers: Mapping[str, str]) -> None:
        self.provider = provider
        self.asked = asked
        self._send = send
        self._headers = headers

    async def start(self, status: int = 200, media: str = "text/event-stream", **headers: str) -> None:
        every = {
            "content-type": media,
            **self._headers,
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        raw = [(name.encode(), value.encode()) for name, value in every.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def data(self, data: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": more})

    async def event(self, value: Any) -> None:
        await self.data(b"data: " + (value if isinstance(value, bytes) else orjson.dumps(value)) + b"\n\n")

    async def chunk(self, text: str | None = None, *, finish: str | None = None, **delta: Any) -> None:
        if text is not None:
            delta["content"] = text
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        await self.event({"object": "chat.completion.chunk", "model": f"{MODEL}-2026", "choices": [choice]})

    async def end(self) -> None:
        await self.data(b"", more=False)

    async def error(
        self, status: int, message: str = "no", *, code: Any = None, kind: str = "", **headers: str
    ) -> None:
        await self.start(status, "application/json", **headers)
        error = {"message": message, "type": kind, "code": code}
        await self.data(orjson.dumps({"error": error}), more=False)


Play = Callable[[Exchange], Awaitable[None]]


def answer(
    pieces: Sequence[str] = ("Hello", ", ", "world", "."),
    *,
    finish: str | None = "stop",
    usage: Mapping[str, Any] | None = None,
    done: bool = True,
) -> Play:
    """Stream these pieces, the usage in the last chunk if there is any, and `[DONE]`."""

    async def play(exchange: Exchange) -> None:
        await exchange.start()
        await exchange.chunk("", role="assistant")
        for piece in pieces:
            await exchange.chunk(piece)
        await exchange.chunk(finish=finish)
        if usage is not None and exchange.asked.body["stream_options"]["include_usage"]:
            await exchange.event({"object": "chat.completion.chunk", "choices": [], "usage": usage})
        if done:
            await exchange.event(b"[DONE]")
        await exchange.end()

    return play


def error(status: int, message: str = "no", *, code: Any = None, kind: str = "", **headers: str) -> Play:
    """Answer with an error as OpenAI does; names of headers have _ for -."""
    return lambda exchange: exchange.error(status, message, code=code, kind=kind, **headers)


async def cut(exchange: Exchange) -> None:
    """Begin an answer and hang up."""
    await exchange.start()
    await exchange.chunk("Hel")


async def garbles(exchange: Exchange) -> None:
    """Send what is no JSON."""
    await exchange.start()
    await exchange.event(b"{garbage")
    await exchange.end()


USAGE = {"prompt_tokens": 12, "completion_tokens": 4, "total_tokens": 16}


class Provider:
    """Serves `/v1/chat/completions`. Each request takes the next of `plays`; when there are none left, `answer()`.

    `/v1/models` is answered 200, or `models_status`; both are for those who have `key` or one of `keys`.

    With `requests_a_minute` or `tokens_a_minute` it keeps these limits by its clock and says so in its headers.
    """

    def __init__(
        self,
        *plays: Play,
        key: str | None = KEY,
        keys: Sequence[str] = (),
        clock: Clock | None = None,
        requests_a_minute: int | None = None,
        tokens_a_minute: int | None = None,
    ) -> None:
        self.plays = list(plays)
        self.usual: Play = answer(usage=USAGE)
        self.key = key
        self.keys = set(keys)
        self.models_status = 200
        self.asked: list[Asked] = []
        self.refused = 0
        self.under_way = 0
        self.most = 0
        self.hung_up = asyncio.Event()
        self.port = 0
        named = {"requests": requests_a_minute, "tokens": tokens_a_minute}
        self._buckets = [
            Bucket(name=name, limit=limit, clock=clock or SystemClock())
            for name, limit in named.items()
            if limit
        ]

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        asked = Asked(
            path=scope["path"],
            query=scope["query_string"].decode(),
            headers={name.decode(): value.decode() for name, value in scope["headers"]},
            body=orjson.loads(body or b"{}"),
        )
        self.asked.append(asked)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        watching = asyncio.ensure_future(self._watch(receive))
        try:
            await self._play(asked, send)
        finally:
            watching.cancel()
            self.under_way -= 1

    async def _watch(self, receive: Receive) -> None:
        """Notice that the other side hangs up."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self.hung_up.set()

    async def _play(self, asked: Asked, send: Send) -> None:
        headers = {"set-cookie": "canary=1; Path=/", "x-request-id": "req_1"}
        plain = Exchange(self, asked, send, headers)
        given = asked.headers.get("authorization", "")
        if self.key is not None and given.removeprefix("Bearer ") not in {self.key, *self.keys}:
            await plain.error(401, f"Incorrect API key provided: {given}", code="invalid_api_key")
            return
        if asked.path.endswith("/models"):
            await plain.start(self.models_status, "application/json")
            await plain.data(b'{"object": "list", "data": []}', more=False)
            return
        wait_ms = max([bucket.take(self._count(bucket.name, asked)) for bucket in self._buckets], default=0)
        headers |= {name: value for bucket in self._buckets for name, value in bucket.headers().items()}
        exchange = Exchange(self, asked, send, headers)
        if wait_ms:
            self.refused += 1
            hint = {"retry_after_ms": str(wait_ms), "retry_after": str(math.ceil(wait_ms / 1000))}
            await exchange.error(
                429, "Rate limit reached", kind="requests", code="rate_limit_exceeded", **hint
            )
            return
        await (self.plays.pop(0) if self.plays else self.usual)(exchange)

    @staticmethod
    def _count(name: str, asked: Asked) -> int:
        if name == "requests":
            return 1
        return sum(len(message["content"]) for message in asked.body["messages"]) // 4


@asynccontextmanager
async def providing(*plays: Play, **options: Any) -> AsyncIterator[Provider]:
    """A provider that listens at a port of loopback."""
    provider = Provider(*plays, **options)
    async with listening(provider) as port:
        provider.port = port
        yield provider


@contextmanager
def provider_beside(*plays: Play, **options: Any) -> Iterator[Provider]:
    """A provider in a thread of its own, for tests that wait for processes and not on a loop."""
    ready = threading.Event()
    found: list[Any] = []

    async def serve() -> None:
        done = asyncio.Event()
        async with providing(*plays, **options) as provider:
            found.extend((provider, asyncio.get_running_loop(), done))
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    provider, loop, done = found
    try:
        yield provider
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
