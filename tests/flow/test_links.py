"""A real server and its guests: on the page's listener and on the local network's, over a restart."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.guests import base_of, end_of, exchange, heard, watch
from tests.processes import TLS, ServerProcess, serving, until

pytestmark = pytest.mark.flow

HERE = {"TENDESKS_LAN_HOST": "127.0.0.1"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with serving(tmp_path / "data", environ=HERE) as found:
        yield found


def viewers(server: ServerProcess) -> list[int]:
    return [item["viewers"] for item in server.api("GET", "/links")["items"]]


def test_a_guest_watches_is_counted_and_is_cut_off_within_a_second(server: ServerProcess) -> None:
    made = server.api("POST", "/links", json={"view": "figures"})
    grant = exchange(made)["grant"]
    with watch(server.url, grant) as socket, watch(server.url, server.token) as owner:
        assert heard(socket, "hello")["role"] == "guest"
        heard(owner, "keyframe")
        assert viewers(server) == [1]
        began = time.monotonic()
        server.api("DELETE", f"/links/{made['id']}")
        assert end_of(socket) == (4403, "ended")
        took = time.monotonic() - began
        assert took < 1, f"expected the end within a second of asking for it, got {took * 1000:.0f} ms"
        assert owner.ping().wait(5)
    assert exchange(made, 404)["code"] == "link_ended"
    assert viewers(server) == [0]
    with watch(server.url, grant) as socket:
        assert end_of(socket) == (4403, "ended")


def test_an_expired_link_is_cut_off_at_its_moment(server: ServerProcess) -> None:
    now = json.loads(httpx2.get(f"{server.url}/healthz", trust_env=False, verify=TLS).text)["now"]
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now / 1000 + 3)) + "Z"
    made = server.api("POST", "/links", json={"expires": moment})
    with watch(server.url, exchange(made)["grant"]) as socket:
        heard(socket, "keyframe")
        assert end_of(socket) == (4403, "ended")
    ended = json.loads(httpx2.get(f"{server.url}/healthz", trust_env=False, verify=TLS).text)["now"]
    assert 0 <= ended - (now // 1000 + 3) * 1000 < 1_500


def test_the_local_network_finds_what_guests_may_use_and_nothing_else(server: ServerProcess) -> None:
    assert not (server.data / "lan-port").exists()
    made = server.api("POST", "/links", json={"lan": True})
    base = base_of(made)
    assert base != server.url
    grant = exchange(made)["grant"]
    guest, owner = ({"authorization": f"Bearer {token}"} for token in (grant, server.token))
    with httpx2.Client(base_url=base, trust_env=False) as client:
        assert client.get("/api/v1/office", headers=guest).json()["view"] == "batches"
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/v1/office", headers=owner).status_code == 401
        assert client.get("/api/v1/office").status_code == 401
        for path in (
            "/api/v1/batches",
            "/api/v1/account",
            "/api/v1/links",
            "/readyz",
            "/docs",
            "/openapi.json",
            "/",
        ):
            for headers in (guest, owner, {}):
                assert client.get(path, headers=headers).status_code == 404, path
        answer = client.post("/api/v1/session", json={"token": server.token})
        assert (answer.status_code, "set-cookie" in answer.headers) == (404, False)
        assert client.delete(f"/api/v1/links/{made['id']}", headers=owner).status_code == 404
        assert client.get("/healthz", headers={"host": "evil.test"}).status_code == 403
        assert client.get("/healthz", headers={"host": "192.168.7.7:99"}).status_code == 200
    with watch(base, grant) as socket:
        assert heard(socket, "hello")["role"] == "guest"
    for token in (server.token, None):
        cookie = {"Cookie": f"tendesks_{server.port}={session(server)}"}
        with watch(base, token, additional_headers=cookie, origin=base) as socket:
            assert end_of(socket)[0] == 4401


def session(server: ServerProcess) -> str:
    answer = httpx2.post(f"{server.url}/api/v1/session", json={"token": server.token}, trust_env=False)
    return answer.headers["set-cookie"].partition("=")[2].partition(";")[0]


def test_links_and_grants_are_good_after_a_restart_and_at_the_same_address(server: ServerProcess) -> None:
    made = server.api("POST", "/links", json={"lan": True})
    grant = exchange(made)["grant"]
    assert server.stop() == 0
    server.start()
    until(lambda: httpx2.get(f"{base_of(made)}/healthz", trust_env=False, verify=TLS).status_code == 200)
    assert exchange(made)["office"]
    with watch(base_of(made), grant) as socket:
        assert heard(socket, "hello")["role"] == "guest"
    server.api("DELETE", f"/links/{made['id']}")
    server.stop()
    server.start()
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{base_of(made)}/healthz", trust_env=False, verify=TLS)
