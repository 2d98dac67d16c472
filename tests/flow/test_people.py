"""A hosted server as a process, with a real SMTP server beside it: strangers come in, sockets follow what they may."""

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, ClassVar

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.fakes.smtp import Mailbox, mailbox, secret_in
from tests.processes import ServerProcess, serving
from tests.routes.rights import ROWS, WHO

pytestmark = pytest.mark.flow


class Person:
    """A browser: it keeps its cookie, and says where its page is from."""

    open: ClassVar[list[httpx2.Client]] = []

    def __init__(self, server: ServerProcess, box: Mailbox) -> None:
        self.server, self.box = server, box
        self.client = httpx2.Client(base_url=server.url, headers={"origin": server.url}, timeout=30)
        self.open.append(self.client)

    def ask(self, method: str, path: str, **options: Any) -> Any:
        response = self.client.request(method, f"/api/v1{path}", **options)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def enter(self, email: str | None = None) -> "Person":
        """By a link that is asked for now, or by the invitation that is on its way."""
        if email is not None:
            self.ask("POST", "/signin", json={"email": email})
        self.ask("POST", "/session", json={"letter": secret_in(self.box.next())})
        return self

    def live(self, origin: str | None = None) -> AbstractContextManager[ClientConnection]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        return hello(self.server, headers={"cookie": cookie}, origin=origin or self.server.url)


@contextmanager
def hello(
    server: ServerProcess, token: str | None = None, *, headers: dict[str, str] | None = None,
    origin: str | None = None,
) -> Iterator[ClientConnection]:  # fmt: skip
    url = f"{server.url.replace('http', 'ws')}/live"
    options = {"additional_headers": headers, "origin": origin, "proxy": None}
    with connect(url, subprotocols=["tendesks.v1"], **options) as socket:
        socket.send(json.dumps({"type": "hello", **({"token": token} if token else {})}))
        yield socket


def told(came: AbstractContextManager[ClientConnection]) -> str:
    """In the table's words: what a hello got."""
    with came as socket:
        try:
            first = json.loads(socket.recv(timeout=30))
        except ConnectionClosed:
            return str(socket.close_code)
        assert first["type"] == "hello", first
        return "yes"


def closed(socket: ClientConnection) -> tuple[int | None, float]:
    """With which code it is closed, and after how many seconds."""
    began = time.monotonic()
    try:
        while True:
            socket.recv(timeout=30)
    except ConnectionClosed:
        return socket.close_code, time.monotonic() - began


@pytest.fixture(autouse=True)
def closing() -> Iterator[None]:
    yield
    while Person.open:
        Person.open.pop().close()


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, box: Mailbox) -> Iterator[ServerProcess]:
    data: Path = tmp_path_factory.mktemp("people") / "data"
    environ = {
        "TENDESKS_MODE": "hosted", "TENDESKS_SMTP_URL": box.url, "TENDESKS_PUBLIC_URL": "http://127.0.0.1:1",
        "TENDESKS_SIGNINS_PER_EMAIL_MAX": "50",
    }  # fmt: skip
    with serving(data, environ=environ) as found:
        yield found


def test_a_stranger_signs_in_works_and_is_gone(server: ServerProcess, box: Mailbox) -> None:
    ada = Person(server, box).enter("ada@example.org")
    body = {"kind": "demo", "params": {"seconds": 600}, "tasks": [{"input": {}}] * 30}
    ada.ask("POST", "/batches", json=body)
    assert ada.ask("GET", "/account")["slots"] == 1
    (account,) = server.api("GET", "/accounts?email=ada@example.org")["items"]
    server.api("PATCH", f"/accounts/{account['id']}", json={"tier": "pro"})
    limit = time.monotonic() + 10
    while (running := ada.ask("GET", "/account")["running"]) < 10 and time.monotonic() < limit:
        time.sleep(0.02)
    assert running == 10
    with ada.live() as socket:
        assert json.loads(socket.recv(timeout=30))["role"] == "owner"
        ada.ask("DELETE", "/sessions")
        code, took_s = closed(socket)
        assert code == 4401
        assert took_s < 1
    assert ada.client.get("/api/v1/account").status_code == 401


def test_each_of_them_gets_of_the_socket_what_the_table_says(server: ServerProcess, box: Mailbox) -> None:
    owner = Person(server, box).enter("olga@example.org")
    (account,) = server.api("GET", "/accounts?email=olga@example.org")["items"]
    server.api("PATCH", f"/accounts/{account['id']}", json={"tier": "pro"})
    body = {"kind": "demo", "params": {"seconds": 0}, "tasks": [{"input": {}}]}
    batch = owner.ask("POST", "/batches", json=body)["id"]
    limit = time.monotonic() + 30
    while not (recordings := owner.ask("GET", "/recordings")["items"]) and time.monotonic() < limit:
        time.sleep(0.05)
    people = {"owner": owner}
    for role in ("viewer", "operator"):
        owner.ask("POST", "/members", json={"email": f"{role}@example.org", "role": role})
        people[role] = Person(server, box).enter()
    eve = people["suspended owner"] = Person(server, box).enter("eve@example.org")
    (theirs,) = server.api("GET", "/accounts?email=eve@example.org")["items"]
    server.api("PATCH", f"/accounts/{theirs['id']}", json={"suspended": True})

    def grant(**members: str) -> str:
        made = owner.ask("POST", "/links", json=members)
        sent = {"id": made["id"], "secret": made["url"].partition("#")[2]}
        return str(owner.ask("POST", "/links/exchange", json=sent)["grant"])

    found = {
        "nobody": told(hello(server)),
        "guest of an office": told(hello(server, grant())),
        "guest of a recording": told(hello(server, grant(recording=recordings[0]["id"]))),
        "guest of a batch": told(hello(server, grant(batch=batch))),
        **{who: told(person.live()) for who, person in people.items()},
        "house": told(hello(server, server.token)),
    }
    assert found == dict(zip(WHO, ROWS["SOCKET /live"], strict=True))
    assert told(eve.live(origin="https://evil.test")) == "4403"


def test_a_member_who_is_removed_is_out_within_a_second(server: ServerProcess, box: Mailbox) -> None:
    owner = Person(server, box).enter("ann@example.org")
    (account,) = server.api("GET", "/accounts?email=ann@example.org")["items"]
    server.api("PATCH", f"/accounts/{account['id']}", json={"tier": "pro"})
    owner.ask("POST", "/members", json={"email": "ben@example.org", "role": "operator"})
    ben = Person(server, box).enter()
    token = ben.ask("POST", "/tokens", json={"label": "ci"})["token"]
    member = next(each for each in owner.ask("GET", "/members")["items"] if not each["you"])
    with ben.live() as page, hello(server, token) as program:
        for socket in (page, program):
            assert json.loads(socket.recv(timeout=30))["role"] == "operator"
        owner.ask("PATCH", f"/members/{member['id']}", json={"role": "viewer"})
        assert [closed(socket)[0] for socket in (page, program)] == [1012, 1012]
    with ben.live() as page, hello(server, token) as program:
        for socket in (page, program):
            assert json.loads(socket.recv(timeout=30))["role"] == "viewer"
        owner.ask("DELETE", f"/members/{member['id']}")
        for code, took_s in (closed(page), closed(program)):
            assert code == 4401
            assert took_s < 1
    assert ben.client.get("/api/v1/account").status_code == 401


def test_no_secret_of_anybody_is_in_what_the_server_writes(server: ServerProcess, box: Mailbox) -> None:
    """The store, its log, and what it says: searched for every secret that came to somebody in this test."""
    person = Person(server, box)
    person.ask("POST", "/signin", json={"email": "zoe@example.org"})
    letter = secret_in(box.next())
    person.ask("POST", "/session", json={"letter": letter})
    token = person.ask("POST", "/tokens", json={"label": "canary"})["token"]
    session = next(iter(person.client.cookies.values()))
    person.client.get("/api/v1/account", headers={"authorization": f"Bearer {token}"})
    secrets = {"letter": letter, "token": token, "session": session}
    written = [path for path in server.data.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite3" for path in written)
    for path in written:
        content = path.read_bytes()
        for name, secret in secrets.items():
            assert secret.encode() not in content, (name, path.name)
            assert secret[4:].encode() not in content, (name, path.name)
