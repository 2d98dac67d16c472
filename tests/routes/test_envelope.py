import httpx2
import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from server.routes.envelope import CLIENT_LEFT, POLICY, Envelope, request_id
from server.store.ids import Ids
from tests.fakes.clock import FakeClock
from tests.routes.conftest import API, Front


async def fine(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request_id(request.scope))


async def broken(_request: Request) -> PlainTextResponse:
    raise RuntimeError("the secret recipe")


async def left(_request: Request) -> PlainTextResponse:
    raise ClientDisconnect


async def half(_request: Request) -> StreamingResponse:
    async def parts():
        yield b"half"
        raise RuntimeError("the secret recipe")

    return StreamingResponse(parts())


def client(clock: FakeClock) -> httpx2.AsyncClient:
    routes = [Route("/fine", fine), Route("/broken", broken), Route("/left", left), Route("/half", half)]
    app = Starlette(routes=routes, middleware=[Middleware(Envelope, clock=clock, ids=Ids(clock))])
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x")


async def test_every_answer_has_an_id_and_keeps_browsers_strict() -> None:
    async with client(FakeClock()) as asking:
        one, two = await asking.get("/fine"), await asking.get("/fine")
    assert one.text == one.headers["x-request-id"] != two.headers["x-request-id"]
    assert one.headers["content-security-policy"] == POLICY
    assert one.headers["x-content-type-options"] == "nosniff"
    assert one.headers["referrer-policy"] == "no-referrer"


async def test_what_nobody_foresaw_is_logged_and_not_told() -> None:
    with structlog.testing.capture_logs() as logs:
        async with client(FakeClock()) as asking:
            response = await asking.get("/broken?token=hush")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert response.json()["request"] == response.headers["x-request-id"]
    assert "recipe" not in response.text
    failed, line = logs
    assert (failed["event"], failed["log_level"], failed["exc_info"]) == ("request failed", "error", True)
    assert (line["status"], line["request"]) == (500, response.headers["x-request-id"])


async def test_half_an_answer_is_broken_off() -> None:
    with structlog.testing.capture_logs() as logs:
        async with client(FakeClock()) as asking:
            with pytest.raises(RuntimeError):
                await asking.get("/half")
    assert [entry["event"] for entry in logs] == ["request failed", "request"]


async def test_who_leaves_is_no_failure_of_ours() -> None:
    from starlette.testclient import TestClient

    with structlog.testing.capture_logs() as logs:
        clock = FakeClock()
        app = Starlette(
            routes=[Route("/left", left)], middleware=[Middleware(Envelope, clock=clock, ids=Ids(clock))]
        )
        with pytest.raises((RuntimeError, AssertionError)):
            TestClient(app).get("/left")
    assert [entry["status"] for entry in logs] == [CLIENT_LEFT]


async def test_the_log_has_one_line_for_each_request_and_no_secret(front: Front) -> None:
    with structlog.testing.capture_logs() as logs:
        await front.ask("GET", "/batches", params={"q": "hush"})
        async with front.nobody() as asking:
            await asking.post(f"{API}/session", json={"token": front.token})
    lines = [entry for entry in logs if entry["event"] == "request"]
    assert [(line["method"], line["path"], line["status"], line["ms"]) for line in lines] == [
        ("GET", "/api/v1/batches", 200, 0),
        ("POST", "/api/v1/session", 204, 0),
    ]
    assert "hush" not in str(logs)
    assert front.token not in str(logs)
    assert "tdc_" not in str(logs)
