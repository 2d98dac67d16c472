"""A hosted server as a process, a provider of OpenID Connect beside it: people come in, are taken home, and are gone."""

import io
import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from zipfile import ZipFile

import httpx2
import pytest

from server.store.tables import metadata
from tests.fakes.openid import Provider, openid_provider, settings_of
from tests.flow.test_people import closed, hello
from tests.privacy.busy import found_in
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

WORD = "Kanarienvogel-4Hd8sNfU"
EMAIL = "kanarienvogel@example.org"
DEMO = {"kind": "demo", "params": {"seconds": 0}}


def environ(provider: Provider, **more: str) -> dict[str, str]:
    given = {f"TENDESKS_{name.upper()}": value for name, value in settings_of(provider).items()}
    return {"TENDESKS_MODE": "hosted", "TENDESKS_PUBLIC_URL": "http://127.0.0.1:1", **given, **more}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with openid_provider() as found:
        yield found


@pytest.fixture(autouse=True)
def closing() -> Iterator[None]:
    yield
    while Browser.open:
        Browser.open.pop().close()


class Browser:
    """Somebody's browser, which goes where it is sent; the public URL is this server's, as behind a proxy."""

    open: ClassVar[list[httpx2.Client]] = []

    def __init__(self, server: ServerProcess) -> None:
        origin = {"origin": "http://127.0.0.1:1"}
        self.client = httpx2.Client(base_url=server.url, headers=origin, timeout=60)
        self.open.append(self.client)

    def enter(self) -> str:
        away = self.client.get("/api/v1/signin/openid")
        back = urlsplit(httpx2.get(away.headers["location"]).headers["location"])
        return str(self.client.get(f"{back.path}?{back.query}").headers["location"])

    def ask(self, method: str, path: str, **options: Any) -> Any:
        response = self.client.request(method, f"/api/v1{path}", **options)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def done(self, batch: str) -> bool:
        return bool(self.ask("GET", f"/batches/{batch}")["state"] == "done")


def person(server: ServerProcess, provider: Provider, word: str, email: str, count: int) -> Browser:
    """Somebody with work that is done, in whose every corner a word is."""
    provider.person = {"sub": word, "email": email, "email_verified": True}
    found = Browser(server)
    assert found.enter() == "/"
    (account,) = server.api("GET", f"/accounts?email={email}")["items"]
    server.api("PATCH", f"/accounts/{account['id']}", json={"tier": "enterprise"})
    found.ask("PATCH", "/account", json={"name": f"Office {word}"})
    tasks = [{"title": f"{word} {n}", "input": {"name": f"{word} {n}"}} for n in range(count)]
    batch = found.ask("POST", "/batches", json={**DEMO, "name": f"List {word}", "tasks": tasks})["id"]
    until(lambda: found.done(batch), what="the work")
    return found


def rows_with(server: ServerProcess, word: str) -> list[str]:
    connection = sqlite3.connect(server.data / "tendesks.sqlite3")
    try:
        return [
            table.name
            for table in metadata.sorted_tables
            if any(word in repr(row) for row in connection.execute(f"SELECT * FROM {table.name}"))
        ]
    finally:
        connection.close()


def test_a_company_signs_in_by_its_provider(tmp_path: Path, provider: Provider) -> None:
    with serving(tmp_path / "data", environ=environ(provider)) as server:
        ada = person(server, provider, "ada", "ada@example.org", 3)
        assert ada.ask("GET", "/session")["email"] == "ada@example.org"
        provider.person = None
        assert Browser(server).enter() == "/#signin-failed=refused"
        provider.person, provider.forge = {"sub": "ada"}, "none"
        assert Browser(server).enter() == "/#signin-failed=invalid"
        provider.forge = None
        provider.rotate()
        ada.ask("DELETE", "/sessions")
        assert ada.client.get("/api/v1/account").status_code == 401
    output = (tmp_path / "data" / "server.out").read_text()
    for secret in (provider.last_token, settings_of(provider)["oidc_client_secret"], "tdo_", "code="):
        assert secret not in output


def test_an_account_is_gone_though_the_server_is_killed_again_and_again(
    tmp_path: Path, provider: Provider
) -> None:
    data = tmp_path / "data"
    settings = environ(provider, TENDESKS_DELETION_DAYS="0", TENDESKS_TIERS_FILE=str(tmp_path / "tiers.toml"))
    (tmp_path / "tiers.toml").write_text(
        '[enterprise]\ntitle = "All"\nslots = 50\nslots_with_key = 50\nquota = 100000\nquota_soft = true\n'
        'viewers = 50\nweight = 1\nfeatures = ["keys"]\n'
    )
    server = ServerProcess(data, environ=settings, tier="enterprise")
    try:
        server.start()
        gone = person(server, provider, WORD, EMAIL, 4_000)
        other = person(server, provider, "Otherwise", "other@example.org", 50)
        before = [other.ask("GET", path) for path in ("/tasks", "/batches", "/usage")]
        assert {"tasks", "offices", "batches"} <= {*rows_with(server, WORD)}
        with ZipFile(io.BytesIO(gone.client.get("/api/v1/account/export").content)) as home:
            assert len(home.read("tasks.ndjson").splitlines()) == 4_000
        gone.ask("DELETE", "/account", json={"confirm": f"Office {WORD}"})
        middles = 0

        def left() -> int:
            connection = sqlite3.connect(data / "tendesks.sqlite3")
            try:
                return int(connection.execute("SELECT count(*) FROM tasks").fetchone()[0]) - 50
            finally:
                connection.close()

        for _ in range(3):
            seen = left()
            until(lambda: left() < seen or not seen, what="some more are gone")  # noqa: B023
            server.kill()
            middles += 0 < left() < 4_000
            server.start()
        until(lambda: not server.api("GET", f"/accounts?email={EMAIL}")["items"], what="the end of it")
        assert middles, "it was never killed in the middle"
        until(lambda: not found_in(data, WORD, EMAIL), what="nothing of it is found anywhere")
        assert [other.ask("GET", path) for path in ("/tasks", "/batches", "/usage")] == before
        assert gone.client.get("/api/v1/account").status_code == 401
        provider.person = {"sub": WORD, "email": EMAIL, "email_verified": True}
        again = Browser(server)
        assert again.enter() == "/"
        assert again.ask("GET", "/batches")["items"] == [], "a new person, a new office"
    finally:
        server.stop(at_once=True)
    assert "Otherwise" in (data / "tendesks.sqlite3").read_bytes().decode("latin-1")


def test_a_suspended_accounts_links_show_nothing_until_it_goes_on(tmp_path: Path, provider: Provider) -> None:
    with serving(tmp_path / "data", environ=environ(provider)) as server:
        ada = person(server, provider, "ada", "ada@example.org", 3)
        (account,) = server.api("GET", "/accounts?email=ada@example.org")["items"]
        recording = until(lambda: ada.ask("GET", "/recordings")["items"], what="a recording")[0]["id"]

        def exchange(made: dict[str, Any]) -> httpx2.Response:
            sent = {"id": made["id"], "secret": made["url"].partition("#")[2]}
            return httpx2.post(f"{server.url}/api/v1/links/exchange", json=sent)

        links = [ada.ask("POST", "/links", json=wish) for wish in ({}, {"recording": recording})]
        live, replay = (str(exchange(made).json()["grant"]) for made in links)

        def watching() -> list[int]:
            return [link["viewers"] for link in ada.ask("GET", "/links")["items"]]

        with hello(server, live) as socket, httpx2.Client(timeout=60) as client:
            assert json.loads(socket.recv(timeout=30))["type"] == "hello"
            headers = {"authorization": f"Bearer {replay}"}
            assert (
                client.get(f"{server.url}/api/v1/recordings/{recording}", headers=headers).status_code == 200
            )
            with ThreadPoolExecutor(1) as pool:
                asked = pool.submit(client.get, f"{server.url}/api/v1/links/here", headers=headers)
                until(lambda: watching() == [1, 1], what="both are counted")
                began = time.monotonic()
                server.api("PATCH", f"/accounts/{account['id']}", json={"suspended": True})
                code, took_s = closed(socket)
                assert (code, took_s < 1) == (4403, True)
                told = asked.result(timeout=30)
                assert (told.status_code, told.json()["code"]) == (404, "link_ended")
                assert time.monotonic() - began < 2
            path = f"{server.url}/api/v1/recordings/{recording}"
            assert client.get(path, headers=headers).json()["code"] == "link_ended"
        assert {exchange(made).json()["code"] for made in links} == {"link_ended"}
        assert [link["state"] for link in ada.ask("GET", "/links")["items"]] == ["live", "live"]
        server.api("PATCH", f"/accounts/{account['id']}", json={"suspended": False})
        assert {exchange(made).status_code for made in links} == {200}
        with hello(server, str(exchange(links[0]).json()["grant"])) as socket:
            assert json.loads(socket.recv(timeout=30))["type"] == "hello"
