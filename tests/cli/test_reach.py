from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from websockets.asyncio.server import ServerConnection, serve

from server.cli.live import SUBPROTOCOL
from server.cli.reach import apart, chat, proxies, public, queue, server, upgrades, without_user
from server.settings import Settings
from tests.cli.office import NOW_MS, FakeOffice, Served, quick_clock, state

Asked = Callable[[str | None], Awaitable[dict[str, tuple[str, str]]]]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    async def ask(url: str | None) -> dict[str, tuple[str, str]]:
        found = await server(url, Settings(data=tmp_path))
        return {finding.what: (finding.verdict, finding.detail) for finding in found}

    return ask


async def test_a_server_that_answers_and_knows_us(online: Served, asked: Asked) -> None:
    found = await asked(None)
    assert found["Server"] == ("ok", online.url)
    assert found["Readiness"] == ("ok", "takes work")
    assert found["Token"] == ("ok", "accepted, plan pro")
    assert found["Queue"] == ("ok", "1 running, 3 waiting")
    assert found["Commands"] == ("note", "not allowed on this server; TENDESKS_ALLOW_COMMANDS=1 allows them")


async def test_a_server_that_takes_no_work_says_why(online: Served, office: FakeOffice, asked: Asked) -> None:
    office.checks = {"store": False, "owner": True}
    assert (await asked(None))["Readiness"] == ("wrong", "takes no work now: store")


async def test_a_wrong_token_is_found(online: Served, monkeypatch: pytest.MonkeyPatch, asked: Asked) -> None:
    monkeypatch.setenv("TENDESKS_TOKEN", "other")
    assert (await asked(None))["Token"] == ("wrong", "Not signed in")


async def test_no_server_is_no_fault_unless_one_was_named(asked: Asked) -> None:
    assert (await asked(None))["Server"][0] == "note"
    assert (await asked("http://127.0.0.1:9"))["Server"][0] == "wrong"
    assert (await asked("nonsense"))["Server"][0] == "wrong"


@pytest.mark.parametrize(
    ("blocked", "verdict", "said"),
    [
        ({"blocked": "disk"}, "wrong", "the disk is full"),
        ({"blocked": "quota", "until": NOW_MS}, "note", "waiting for quota"),
    ],
)
def test_what_holds_the_queue_up_is_told(blocked: dict[str, Any], verdict: str, said: str) -> None:
    found = queue(state(queue={"waiting": 3, **blocked}), NOW_MS)
    assert (found.verdict, said in found.detail) == (verdict, True)


def test_clocks_that_are_apart_are_found() -> None:
    assert apart(NOW_MS + 4_000, quick_clock()).verdict == "ok"
    assert "60 s apart" in apart(NOW_MS - 60_000, quick_clock()).detail


async def test_a_public_url_that_leads_here(online: Served, office: FakeOffice, tmp_path: Path) -> None:
    office.messages = [[]]
    found = await public(Settings(data=tmp_path, public_url=f"{online.url}/"))
    assert [(finding.what, finding.verdict) for finding in found] == [
        ("Public URL", "ok"),
        ("Live socket", "ok"),
    ]
    [missing] = await public(Settings(data=tmp_path, public_url="http://127.0.0.1:9"))
    assert (missing.verdict, "nobody answers" in missing.detail) == ("wrong", True)
    assert (await public(Settings(data=tmp_path)))[0].verdict == "note"


@asynccontextmanager
async def no_upgrades() -> AsyncIterator[str]:
    """What a proxy that knows no WebSockets makes of the live socket."""

    async def never(_: ServerConnection) -> None:
        raise AssertionError

    async with serve(
        never, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL], process_request=lambda c, _: c.respond(426, "no")
    ) as listening:
        yield f"http://127.0.0.1:{next(iter(listening.sockets)).getsockname()[1]}"


async def test_a_proxy_that_passes_no_upgrades_is_found() -> None:
    proxy: AbstractAsyncContextManager[str] = no_upgrades()
    async with proxy as base:
        found = await upgrades(base)
    assert (found.verdict, "got 426 in place of 101" in found.detail) == ("wrong", True)


async def test_the_provider_of_chats(office: FakeOffice, server: Served, tmp_path: Path) -> None:
    assert (await chat(Settings(data=tmp_path))).verdict == "note"
    base = f"{server.url}/api/v1"  # answers, and takes one token alone
    without = await chat(Settings(data=tmp_path, chat_base_url=base))
    assert (without.verdict, "wants a key" in without.detail) == ("wrong", True)
    refused = await chat(Settings(data=tmp_path, chat_base_url=base, chat_api_key=SecretStr("s3cret")))
    assert (refused.verdict, "refuses the key" in refused.detail, "s3cret" in refused.detail) == (
        "wrong", True, False,
    )  # fmt: skip
    right = await chat(Settings(data=tmp_path, chat_base_url=base, chat_api_key=SecretStr("t0ken")))
    assert (right.verdict, right.detail) == ("ok", f"{base} answers, with a key")
    nobody = await chat(Settings(data=tmp_path, chat_base_url="http://127.0.0.1:9/v1"))
    assert nobody.verdict == "wrong"


def test_names_alone_are_told_of_proxies_and_no_user_of_a_url() -> None:
    assert proxies({}) == []
    [found] = proxies({"HTTPS_PROXY": "http://me:s3cret@proxy"})
    assert (found.verdict, "s3cret" in found.detail) == ("note", False)
    assert without_user("https://me:s3cret@a.example/v1?key=s3cret") == "https://a.example/v1"
