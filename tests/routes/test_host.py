from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.routes.host import HostCheck, host_allowed, names_of
from server.settings import Settings
from tests.routes.conftest import Front

OURS = ["localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8000", "127.8.9.1:80", "[::1]",
        "[::1]:8000", "office.localhost:8000", "localhost.:8000", "desk.example:8000"]  # fmt: skip
FOREIGN = ["", "evil.test", "evil.test:8000", "127.0.0.1.evil.test", "localhost.evil.test", "0.0.0.0:8000", "[::]:80",
           "192.168.1.5:8000", "user@evil.test", "127.0.0.1@evil.test", "[::1", "evil.test#localhost", "2130706433"]  # fmt: skip


@pytest.mark.parametrize("host", OURS)
def test_our_own_names_are_served(host: str) -> None:
    assert host_allowed(host, frozenset({"desk.example"}))


@pytest.mark.parametrize("host", FOREIGN)
def test_other_names_are_not(host: str) -> None:
    assert not host_allowed(host, frozenset({"desk.example"}))


def test_names_are_those_that_were_configured() -> None:
    assert names_of(Settings(host="0.0.0.0")) == frozenset()
    assert names_of(Settings(host="::")) == frozenset()
    found = names_of(Settings(host="192.168.1.5", public_url="https://Desk.example:8443/x"))
    assert found == {"192.168.1.5", "desk.example"}


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/office", "/docs", "/assets/x.js"])
async def test_a_foreign_host_gets_nothing_at_all(front: Front, path: str) -> None:
    async with front.nobody("http://evil.test:8000") as client:
        response = await client.get(path, headers={"authorization": f"Bearer {front.token}"})
    assert response.status_code == 403
    assert response.json()["code"] == "host_refused"
    assert "TENDESKS_PUBLIC_URL" in response.json()["detail"]


async def test_hosted_mode_leaves_names_to_the_proxy(tmp_path: Path) -> None:
    from tests.routes.conftest import fronted

    async with fronted(tmp_path, mode="hosted") as front, front.nobody("http://desk.example") as client:
        assert (await client.get("/healthz")).status_code == 200


def test_a_socket_is_refused_alike() -> None:
    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    app = HostCheck(Starlette(routes=[WebSocketRoute("/live", endpoint)]), names=frozenset())
    with TestClient(app).websocket_connect("ws://localhost:8000/live") as socket:
        assert socket.receive()["type"] == "websocket.close"
    with (
        pytest.raises(WebSocketDisconnect) as caught,
        TestClient(app).websocket_connect("ws://evil.test/live"),
    ):
        pass
    assert caught.value.code == 4403


async def test_a_request_without_one_host_is_refused(front: Front) -> None:
    transport = httpx2.ASGITransport(front.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        request = client.build_request("GET", "/healthz")
        request.headers = httpx2.Headers([("host", "localhost"), ("host", "evil.test")])
        assert (await client.send(request)).status_code == 403
