"""A fake of the server's HTTP interface and live socket, on a real loopback socket: what it is told to be, it answers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.cli.address import Address
from server.clock import Clock
from tests.fakes.clock import FakeClock

TOKEN = "t0ken"
NOW_MS = 1_795_000_000_000


def batch(**changed: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": "b1aaaaaaaaaa", "name": "companies.csv", "kind": "command", "state": "running", "total": 4,
        "done": 0, "failed": 0, "cancelled": 0, "running": 1, "created": "2026-11-18T11:06:40Z",
    } | changed  # fmt: skip
    ended = made["done"] + made["failed"] + made["cancelled"] + made["running"]
    return {"waiting": made["total"] - ended} | made


def desk(activity: str = "idle", **changed: Any) -> dict[str, Any]:
    return {"worker": "Ada", "activity": activity, "since": NOW_MS - 42_000} | changed


def state(**changed: Any) -> dict[str, Any]:
    return {
        "office": {"id": "office1", "tier": "pro", "slots": 10, "running": 1},
        "desks": {str(number): desk() for number in range(10)},
        "overflow": {"count": 0, "shown": {}},
        "queue": {"waiting": 3},
        "batches": {},
    } | changed


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class FakeOffice:
    """`course` is what GET of the one batch answers, one after another, the last one for ever."""

    course: list[dict[str, Any]] = field(default_factory=lambda: [batch(state="done", done=4, running=0)])
    listed: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    results: bytes = b"title,text\nAcme,ok\n"
    state: dict[str, Any] = field(default_factory=state)
    problems: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    messages: list[list[dict[str, Any]]] = field(default_factory=list)
    on_cancel: Callable[["FakeOffice"], None] = lambda office: office.end_cancelled()
    recordings: list[dict[str, Any]] = field(default_factory=list)
    exports: list[dict[str, Any]] = field(default_factory=list)
    file: bytes = b"GIF89a and so on"
    checks: dict[str, bool] = field(default_factory=lambda: {"store": True})
    asked: list[Asked] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)

    def end_cancelled(self) -> None:
        last = self.course[-1]
        ended = {"state": "cancelled", "running": 0, "waiting": 0}
        self.course = [batch(**(last | ended | {"cancelled": last["total"] - last["done"] - last["failed"]}))]

    def requests(self, method: str, path: str) -> list[Asked]:
        return [asked for asked in self.asked if (asked.method, asked.path) == (method, path)]

    def next_batch(self) -> dict[str, Any]:
        return self.course.pop(0) if len(self.course) > 1 else self.course[0]

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/readyz", self._ready),
                Route("/healthz", lambda _: reply({"status": "ok", "now": NOW_MS})),
                Route("/api/v1/{path:path}", self._answer, methods=["GET", "POST", "DELETE"]),
                WebSocketRoute("/live", self._live),
            ]
        )

    def _ready(self, _: Request) -> Response:
        good = all(self.checks.values())
        return reply({"ready": good, "checks": self.checks}, 200 if good else 503)

    async def _answer(self, request: Request) -> Response:
        path = f"/{request.path_params['path']}"
        body = await request.body()
        self.asked.append(
            Asked(request.method, path, dict(request.query_params), dict(request.headers), body)
        )
        if problems := self.problems.get((request.method, path)):
            status, problem = problems.pop(0)
            return reply(problem, status, "application/problem+json")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return reply({"code": "not_authenticated", "detail": "Not signed in"}, 401)
        return self._route(request.method, path)

    def _route(self, method: str, path: str) -> Response:  # noqa: C901, PLR0911, PLR0912 - a table of routes
        first = self.course[0]
        match method, path.split("/")[1:]:
            case "POST", ["batches"]:
                return reply({**first, "estimate": {"p50": 34 * 60, "p90": 41 * 60}}, 201)
            case "GET", ["batches"]:
                return reply({"items": self.listed})
            case "GET", ["batches", _]:
                return reply(self.next_batch())
            case "POST", ["batches", _, "cancel"]:
                self.on_cancel(self)
                return reply(self.course[0])
            case "POST", ["batches", _, _]:
                return reply(first)
            case "GET", ["batches", _, "tasks"]:
                return reply({"items": self.tasks})
            case "GET", ["batches", _, "results"]:
                return Response(self.results)
            case "GET", ["recordings"]:
                return reply({"items": self.recordings})
            case "POST", ["recordings"]:
                return reply(
                    {**self.recordings[0], "name": "Northwind", "whole": len(self.asked[-1].body) > 10}, 201
                )
            case "POST", ["recordings", _, "exports"]:
                return reply(self.exports[0], 202)
            case "GET", ["exports", _]:
                return reply(self.exports.pop(0) if len(self.exports) > 1 else self.exports[0])
            case "GET", [_, _, "file"]:
                return Response(self.file)
            case "DELETE", ["exports", _]:
                return Response(status_code=204)
            case "GET", ["office"]:
                return reply(
                    {"epoch": 1, "view": "full", "seq": 1, "tick": 1, "now": NOW_MS, "state": self.state}
                )
            case "GET", ["kinds"]:
                return reply({"items": [{"name": "command", "attempts": 1, "allowed": False}]})
            case "GET", ["links"]:
                return reply({"items": []})
            case "GET", ["account"]:
                return reply({"tier": "pro", "slots": 10})
        return reply({"code": "not_found", "detail": f"no route {method} {path}"}, 404)

    async def _live(self, socket: WebSocket) -> None:
        """Each connection gets the next list of messages and is then left open; without one it is refused."""
        if not self.messages:
            await socket.close(4401)
            return
        await socket.accept("tendesks.v1")
        try:
            self.heard.append(orjson.loads(await socket.receive_text()))
            for message in self.messages.pop(0):
                await socket.send_text(orjson.dumps(message).decode())
            while True:
                self.heard.append(orjson.loads(await socket.receive_text()))
        except WebSocketDisconnect:
            return


def reply(value: Any, status: int = 200, media: str = "application/json") -> Response:
    return Response(orjson.dumps(value), status, media_type=media)


class Served:
    """A fake office on a port of its own, in a thread of its own."""

    def __init__(self, office: FakeOffice) -> None:
        config = uvicorn.Config(
            office.app(),
            port=0,
            log_config=None,
            lifespan="off",
            ws="websockets-sansio",
            timeout_graceful_shutdown=0,
        )
        self._server = uvicorn.Server(config)
        self._socket = config.bind_socket()
        self._socket.listen()  # whoever asks before the thread has begun waits, and is not turned away
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=lambda: self._server.run([self._socket]))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()

    @property
    def address(self) -> Address:
        return Address(url=self.url, token=TOKEN)

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0


@contextmanager
def served(office: FakeOffice) -> Iterator[Served]:
    server = Served(office)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class QuickClock(FakeClock):
    """A clock on which waiting takes no time: whoever sleeps moves it on."""

    async def sleep(self, delay_ms: int) -> None:
        await self.advance(delay_ms)


def quick_clock() -> Clock:
    return QuickClock(NOW_MS)
