import asyncio

import httpx2
import pytest

from server.errors import UnavailableError
from server.kinds.outbound import Closing, Outbound, host_of, reaching, start_of
from tests.fakes.endpoint import answering, reply
from tests.fakes.listening import refusing


async def test_one_client_for_all_until_it_is_closed() -> None:
    outbound = Outbound(10)
    first, second = await asyncio.gather(outbound.client(), outbound.client())
    assert first is second
    assert isinstance(outbound, Closing)
    await outbound.aclose()
    assert first.is_closed
    await outbound.aclose()
    again = await outbound.client()
    assert again is not first
    await outbound.aclose()


async def test_it_keeps_no_cookies_and_follows_nobody() -> None:
    outbound = Outbound(10)
    async with answering(reply({}, set_cookie="a=1"), reply({}, 302, location="/elsewhere")) as endpoint:
        client = await outbound.client()
        await client.post(endpoint.url, json=1)
        assert (await client.post(endpoint.url, json=1)).status_code == 302
        assert [posted.headers.get("cookie") for posted in endpoint.posted] == [None, None]
        await outbound.aclose()


async def test_a_proxy_of_the_environment_is_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with refusing() as port, answering() as endpoint:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        outbound = Outbound(10)
        client = await outbound.client()
        assert (await client.post(endpoint.url, json=1)).json() == {"ok": True}
        with pytest.raises(httpx2.ConnectError):
            await client.post("http://api.example.com/", json=1)
        await outbound.aclose()


async def test_a_body_is_read_no_further_than_of_use() -> None:
    outbound = Outbound(10)
    async with answering(reply(b"x" * 5_000_000), reply(b"xy")) as endpoint:
        client = await outbound.client()
        for expected in (b"x" * 10, b"xy"):
            async with client.stream("POST", endpoint.url, json=1) as response:
                assert await start_of(response, 10) == expected
        await outbound.aclose()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx2.ConnectError("Connection refused"), "x.example could not be reached: Connection refused"),
        (httpx2.ConnectTimeout(""), "x.example could not be reached: it took too long"),
        (httpx2.ReadError("canary"), "the connection to x.example broke off (ReadError)"),
        (httpx2.LocalProtocolError("Illegal header value b'canary'"), "broke off (LocalProtocolError)"),
        (httpx2.DecodingError("canary"), "broke off (DecodingError)"),
    ],
)
def test_what_goes_wrong_is_told_without_the_request(error: Exception, words: str) -> None:
    with pytest.raises(UnavailableError) as caught, reaching("x.example"):
        raise error
    assert words in caught.value.detail
    assert "canary" not in caught.value.detail
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.openai.com/v1", "api.openai.com"),
        ("https://api.openai.com:443/v1", "api.openai.com"),
        ("http://API.example.com:8000", "api.example.com:8000"),
        ("http://[::1]:80/", "[::1]"),
        ("https://[::1]:80/", "[::1]:80"),
    ],
)
def test_a_host_as_people_read_it(url: str, host: str) -> None:
    assert host_of(url) == host
