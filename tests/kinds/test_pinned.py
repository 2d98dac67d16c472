import asyncio
import ssl
from collections.abc import Sequence

import httpcore2
import httpx2
import pytest

from server.kinds.pinned import (
    ADDRESSES_MAX,
    NotPublicError,
    PinnedBackend,
    PinnedTransport,
    Resolve,
    resolve,
)
from tests.fakes.endpoint import answering, reply
from tests.fakes.listening import refusing

LIMITS = httpx2.Limits(max_connections=4)


def resolving(*addresses: str) -> Resolve:
    async def found(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return found


def client(backend: PinnedBackend) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=PinnedTransport(backend, ssl.create_default_context(), LIMITS))


async def test_names_of_this_machine_resolve_inward_and_are_refused() -> None:
    assert set(await resolve("localhost", 80)) <= {"127.0.0.1", "::1"}
    with pytest.raises(NotPublicError, match="got localhost, which is not"):
        await PinnedBackend().connect_tcp("localhost", 80, 5)


async def test_one_address_of_several_is_enough_to_refuse() -> None:
    backend = PinnedBackend(resolving("127.0.0.1", "10.0.0.1"), lambda address: address == "127.0.0.1")
    with pytest.raises(NotPublicError):
        await backend.connect_tcp("api.example.com", 80, 5)


async def test_a_name_without_address_is_not_reached() -> None:
    async def fails(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    async def hangs(_host: str, _port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    for found in (fails, resolving()):
        with pytest.raises(httpcore2.ConnectError):
            await PinnedBackend(found).connect_tcp("api.example.com", 80, 5)
    with pytest.raises(httpcore2.ConnectTimeout):
        await PinnedBackend(hangs).connect_tcp("api.example.com", 80, 0)


async def test_the_next_address_is_tried_but_not_all_of_many() -> None:
    async with answering() as endpoint:
        backend = PinnedBackend(resolving("127.0.0.99", "127.0.0.1"), lambda _: True)
        async with client(backend) as asking:
            answer = await asking.post(f"http://api.example.com:{endpoint.port}/", json={})
        assert answer.json() == {"ok": True}
        many = [f"127.0.0.{number}" for number in range(90, 90 + ADDRESSES_MAX)]
        backend = PinnedBackend(resolving(*many, "127.0.0.1"), lambda _: True)
        async with client(backend) as asking:
            with pytest.raises(httpx2.ConnectError):
                await asking.post(f"http://api.example.com:{endpoint.port}/", json={})


async def test_tls_is_asked_for_the_name_and_not_for_the_address() -> None:
    hello: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello.set_result(await reader.read(4096))
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, client(PinnedBackend(resolving("127.0.0.1"), lambda _: True)) as asking:
        with pytest.raises(httpx2.ConnectError):
            await asking.post(f"https://api.example.com:{port}/")
        assert b"api.example.com" in await hello


async def test_errors_are_those_of_httpx2() -> None:
    async with refusing() as port, client(PinnedBackend(resolving("127.0.0.1"), lambda _: True)) as asking:
        with pytest.raises(httpx2.ConnectError):
            await asking.get(f"http://api.example.com:{port}/")


async def test_redirects_lead_nowhere_and_a_refusal_comes_through() -> None:
    async with answering(reply(b"", 302, location="http://127.0.0.2/")) as endpoint:
        backend = PinnedBackend(allowed=lambda address: address == "127.0.0.1")
        transport = PinnedTransport(backend, ssl.create_default_context(), LIMITS)
        async with httpx2.AsyncClient(transport=transport, follow_redirects=True) as asking:
            with pytest.raises(NotPublicError):
                await asking.post(endpoint.url)
        assert len(endpoint.posted) == 1
