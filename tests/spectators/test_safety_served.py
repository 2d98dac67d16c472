"""What guests must never get, each test named after what it guards: over real sockets, processes and files."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.sync.client import ClientConnection

from server.model import Shared
from server.recording.file import RecordingFile
from server.recording.segment import unpack
from server.routes.create import ENTRIES
from server.spectators.grant import Grant, sign
from tests.guests import at_once, end_of, exchange, heard, watch
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

TITLE, NOTE, BATCH, INPUT = "titlezeppelin", "notezeppelin", "batchzeppelin", "inputzeppelin"
FAR_MS = 2**45


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with serving(tmp_path / "data") as found:
        yield found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def work(server: ServerProcess, count: int = 3) -> None:
    """Programs whose titles, notes, inputs and batch could be told from anything else; they have ended."""
    program = [
        "sh",
        "-c",
        f"echo '::progress 0.4 {NOTE}'; sleep 0.4; echo {INPUT}",
    ]
    tasks = [
        {"title": f"{TITLE} {n}", "input": {"secret": f"{INPUT}{n}"}, "key": INPUT} for n in range(count)
    ]
    body = {"name": BATCH, "kind": "command", "params": {"argv": program}, "tasks": tasks}
    batch = server.api("POST", "/batches", json=body)["id"]
    until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the programs end")


def received(socket_: ClientConnection) -> str:
    """All that comes until nothing has come for a while."""
    told = ""
    while True:
        try:
            told += str(socket_.recv(timeout=1.5))
        except TimeoutError:
            return told


def everything(server: ServerProcess, grant: str, resource: str, shared: Shared) -> bytes:
    """All that a guest can be told over HTTP, headers, segments and the file's included."""
    told = b""
    headers = {"authorization": f"Bearer {grant}"}
    with httpx2.Client(base_url=server.url, headers=headers, trust_env=False) as client:
        for entry in ENTRIES:
            if shared not in entry.guests or entry.method != "GET":
                continue
            for n in range(4 if "{n}" in entry.path else 1):
                path = entry.path.replace("{id}", resource).replace("{n}", str(n))
                answer = client.get(at_once(entry, path))
                told += repr(answer.headers.raw).encode() + answer.content
                if entry.path.endswith("/file") and answer.status_code == 200:
                    read = RecordingFile(answer.content)
                    told += b"".join(line for n in range(len(read.segments)) for line in read.lines(n))
    return told


def test_titles_notes_and_names_are_in_no_byte_that_a_view_without_them_gets(server: ServerProcess) -> None:
    views = ("figures", "batches", "titles")
    live = {view: exchange(server.api("POST", "/links", json={"view": view})) for view in views}
    told: dict[str, bytes] = {}
    with (
        watch(server.url, live["figures"]["grant"]) as figures,
        watch(server.url, live["batches"]["grant"]) as batches,
        watch(server.url, live["titles"]["grant"]) as titles,
    ):
        work(server)
        for view, socket_ in zip(views, (figures, batches, titles), strict=True):
            told[view] = received(socket_).encode()
    recording = server.api("GET", "/recordings")["items"][0]["id"]
    open_ = {
        view: server.api("POST", "/links", json={"view": view, "recording": recording}) for view in views
    }
    for view in views:
        told[view] += everything(server, live[view]["grant"], live[view]["office"], Shared.OFFICE)
        told[view] += everything(server, exchange(open_[view])["grant"], recording, Shared.RECORDING)
    server.stop(at_once=True)  # closes the open segment
    server.start()
    for view in views:
        made = {**open_[view], "url": f"{server.url}/s/#{open_[view]['url'].partition('#')[2]}"}
        closed = everything(server, exchange(made)["grant"], recording, Shared.RECORDING)
        assert b'"segments"' in closed
        assert closed.count(b'"type":"keyframe"') >= 2, "expected the segment and the file's"
        told[view] += closed
    sees = {
        view: [word for word in (TITLE, NOTE, BATCH, INPUT) if word.encode() in told[view]] for view in views
    }
    assert sees == {"figures": [], "batches": [BATCH], "titles": [TITLE, NOTE, BATCH]}


def test_an_expired_grant_is_nobodys(server: ServerProcess) -> None:
    made = server.api("POST", "/links", json={})
    key = bytes.fromhex(server.query("SELECT value FROM meta WHERE key = 'grant_key'")[0][0])
    old, good = (sign(Grant(link=made["id"], edition=0, expires_ms=moment), key) for moment in (1, FAR_MS))
    with watch(server.url, good) as socket_:
        heard(socket_, "keyframe")
    with watch(server.url, old) as socket_:
        assert end_of(socket_)[0] == 4401
    headers = {"authorization": f"Bearer {old}"}
    assert httpx2.get(f"{server.url}/api/v1/office", headers=headers, trust_env=False).status_code == 401


@pytest.mark.parametrize("token", [":key", "tdg_", "tdg_" + "A" * 86, "", "tds_", "tdg_:key"])
def test_cve_2021_39226_placeholders_and_short_tokens_open_no_socket(
    server: ServerProcess, token: str
) -> None:
    server.api("POST", "/links", json={})
    with watch(server.url, token or " ") as socket_:
        assert end_of(socket_)[0] == 4401


def test_a_page_of_another_origin_uses_neither_grant_nor_cookie(server: ServerProcess) -> None:
    made = server.api("POST", "/links", json={"origins": ["https://evil.test"]})
    grant = exchange(made)["grant"]
    answer = httpx2.post(f"{server.url}/api/v1/session", json={"token": server.token}, trust_env=False)
    cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    for origin in (
        "https://evil.test",
        f"{server.url}.evil.test",
        "null",
        server.url.replace("http", "https"),
    ):
        with watch(server.url, grant, origin=origin) as socket_:
            assert end_of(socket_)[0] == 4403, origin
        with watch(server.url, None, origin=origin, additional_headers=cookie) as socket_:
            assert end_of(socket_)[0] == 4403, origin
    with watch(server.url, grant, origin=server.url) as socket_:
        assert heard(socket_, "hello")["role"] == "guest"
    headers = {"origin": "https://evil.test"}
    preflight = {
        **headers,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    for method, sent in (("OPTIONS", preflight), ("POST", headers)):
        answer = httpx2.request(
            method,
            f"{server.url}/api/v1/links/exchange",
            headers=sent,
            json={"id": "a", "secret": "b"},
            trust_env=False,
        )
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_guest_can_say_nothing_on_the_socket_that_changes_anything(server: ServerProcess) -> None:
    made = server.api("POST", "/links", json={})
    grant = exchange(made)["grant"]
    for message in (
        {"type": "cancel"},
        {"type": "hello", "token": server.token},
        {"type": "pause", "batch": "b"},
    ):
        with watch(server.url, grant) as socket_:
            heard(socket_, "keyframe")
            socket_.send(json.dumps(message))
            assert end_of(socket_)[0] == 4400


def test_secrets_are_in_nothing_that_the_server_writes_or_tells(tmp_path: Path) -> None:
    """Every secret that was made or sent is looked for in logs, metrics, answers, recordings and the whole data folder."""
    port = free_port()
    environ = {
        "TENDESKS_MODE": "hosted",
        "TENDESKS_ALLOW_COMMANDS": "true",
        "TENDESKS_METRICS_PORT": str(port),
    }
    with serving(tmp_path / "data", environ=environ, tier="enterprise") as server:
        made = server.api("POST", "/links", json={"label": "Wall"})
        first = exchange(made)
        wrong = "canary" + "w" * 37
        secrets = {"secret": made["url"].partition("#")[2], "grant": first["grant"], "wrong secret": wrong}
        told = []
        with watch(server.url, first["grant"]) as socket_:
            work(server, 1)
            told.append(received(socket_))
        secrets |= provoked(server, made["id"], wrong, told)
        again = server.api("POST", f"/links/{made['id']}/rotate", json={"grace": 60})
        second = exchange(again)
        secrets |= {"second secret": again["url"].partition("#")[2], "second grant": second["grant"]}
        told += [
            httpx2.get(f"{server.url}{path}", trust_env=False).text
            for path in ("/healthz", "/readyz", "/docs")
        ]
        told += [json.dumps(server.api("GET", path)) for path in ("/links", "/recordings", "/account")]
        told.append(httpx2.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text)
        running = written(server.data)
        server.stop(at_once=True)
        stopped = written(server.data)
    assert b"status=404" in running["server.out"], "the log was looked through"
    assert b"tendesks_" in told[-1].encode()
    places = {
        **running,
        **{f"stopped {name}": body for name, body in stopped.items()},
        "told": "\n".join(told).encode(),
    }
    places["recording"] = b"\n".join(frames(server))
    assert TITLE.encode() in places["recording"]
    assert made["id"].encode() in places["stopped tendesks.sqlite3"]
    for what, secret in secrets.items():
        assert [name for name, body in places.items() if secret.encode() in body] == [], what
        assert [name for name, body in places.items() if secret[-20:].encode() in body] == [], what


def provoked(server: ServerProcess, link: str, wrong: str, told: list[str]) -> dict[str, str]:
    """Make errors of all sorts with something secret in them; what they say is kept."""
    token = "tdg_" + "c" * 86
    headers = {"authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=server.url, trust_env=False) as client:
        bodies = (
            {"id": link, "secret": wrong},
            {"id": wrong, "secret": wrong},
            {"id": [wrong], "secret": 1},
            {"more": wrong},
        )
        told += [client.post("/api/v1/links/exchange", json=body).text for body in bodies]
        told.append(client.post("/api/v1/links/exchange", content=f'{{"id": "{wrong}').text)
        told += [
            client.get(path, headers=headers).text
            for path in ("/api/v1/office", "/api/v1/batches", "/nothing")
        ]
        told.append(client.get(f"/api/v1/office?secret={wrong}").text)
        told.append(
            client.get(
                "/s/x", headers={"referer": f"http://x/#{wrong}", "cookie": f"tendesks_1={wrong}"}
            ).text
        )
    with watch(server.url, token) as socket_:
        told.append(end_of(socket_)[1])
    return {"forged grant": token}


def written(data: Path) -> dict[str, bytes]:
    """All files of the data folder."""
    return {str(path.relative_to(data)): path.read_bytes() for path in data.rglob("*") if path.is_file()}


def frames(server: ServerProcess) -> Iterator[bytes]:
    """What the recordings hold, unpacked."""
    for recording, n in server.query("SELECT recording, n FROM segments"):
        pieces = server.query(
            "SELECT p.body FROM segments AS s JOIN pieces AS p ON p.id BETWEEN s.piece AND s.piece + (s.bytes - 1) / 640 "
            "WHERE s.recording = ? AND s.n = ? ORDER BY p.id", recording, n,
        )  # fmt: skip
        yield from unpack(b"".join(body for (body,) in pieces))


def test_a_batch_links_guest_gets_results_and_no_other_batchs(server: ServerProcess) -> None:
    work(server, 2)
    mine = server.api("GET", "/batches")["items"][0]["id"]
    other: dict[str, Any] = server.api(
        "POST",
        "/batches",
        json={"name": "Other", "kind": "demo", "tasks": [{"title": "othercanary", "input": {}}]},
    )
    grant = exchange(server.api("POST", "/links", json={"batch": mine}))["grant"]
    told = everything(server, grant, mine, Shared.BATCH)
    assert INPUT.encode() in told
    answer = httpx2.get(
        f"{server.url}/api/v1/batches/{mine}/results",
        headers={"authorization": f"Bearer {grant}"},
        trust_env=False,
    )
    assert [row["title"] for row in answer.json()] == [f"{TITLE} 0", f"{TITLE} 1"]
    told += everything(server, grant, other["id"], Shared.BATCH)
    assert b"othercanary" not in told
    with watch(server.url, grant) as socket_:
        assert end_of(socket_)[0] == 4403
