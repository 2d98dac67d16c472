"""The shipped server in its own process: Host, Origin and cookie at the socket; and all the cases that are plain bytes, seen from outside."""

import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import psutil
import pytest
import pytest_asyncio

from tests.hostile.cases import CASES, GONE, LIVE
from tests.hostile.raw import LIVE as ALIVE
from tests.hostile.raw import Raw, frame, head
from tests.processes import ServerProcess, serving, until

pytestmark = [pytest.mark.flow, pytest.mark.asyncio(loop_scope="module", loop_factories=["asyncio"])]

SEED = 20261124
PLAIN = [
    case
    for case in CASES
    if isinstance(case.data, bytes)
    and case.to != "live"
    and not {GONE, LIVE, "http408"} & case.ends
    and "4429" not in case.ends
    and case.name != "another's office"  # this one is the owner's own there
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("house")) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def raw(server: ServerProcess) -> AsyncIterator[Raw]:
    async with Raw(server.port) as one:
        yield one


def hello(server: ServerProcess) -> bytes:
    return frame(b'{"type":"hello","token":"%b"}' % server.token.encode())


def cookie(server: ServerProcess) -> bytes:
    answer = httpx2.post(
        f"{server.url}/api/v1/session", json={"token": server.token}, headers={"origin": server.url}
    )
    return answer.headers["set-cookie"].partition(";")[0].encode()


@pytest.mark.parametrize(
    "host", [b"evil.example", b"127.0.0.1.evil.example", b"127.0.0.1@evil.example", b"", b"evil.example:8000"]
)
async def test_a_poisoned_host_gets_no_socket(server: ServerProcess, raw: Raw, host: bytes) -> None:
    await raw.send(head(host=host))
    assert await raw.outcome() in {"http 403", "http 400"}


async def test_two_hosts_get_no_socket(server: ServerProcess, raw: Raw) -> None:
    await raw.send(head(host=b"127.0.0.1\r\nhost: evil.example"))
    assert await raw.outcome() in {"http 403", "http 400"}


@pytest.mark.parametrize(
    "origin", [b"http://evil.example", b"null", b"http://127.0.0.1:1", b"https://127.0.0.1", None]
)
async def test_a_cookie_from_another_page_is_forbidden(
    server: ServerProcess, raw: Raw, origin: bytes | None
) -> None:
    await raw.send(head(host=f"127.0.0.1:{server.port}".encode(), origin=origin, cookie=cookie(server)))
    await raw.send(b"")
    await raw.handshake()
    await raw.send(frame(b'{"type":"hello"}'))
    assert await raw.outcome() == "4403"


async def test_a_cookie_from_our_own_page_is_let_in(server: ServerProcess, raw: Raw) -> None:
    origin = server.url.encode()
    await raw.send(head(host=f"127.0.0.1:{server.port}".encode(), origin=origin, cookie=cookie(server)))
    await raw.handshake()
    await raw.send(frame(b'{"type":"hello"}'))
    assert await raw.goes_on(b"keyframe") == ALIVE


async def test_after_hundreds_of_cases_it_serves_and_holds_nothing(server: ServerProcess) -> None:
    chance, process = random.Random(SEED), psutil.Process(server.pid)
    await play_some(server, chance, 100)
    until(lambda: not connections(process), what="no connection")
    files, memory = process.num_fds(), process.memory_info().rss
    await play_some(server, chance, 300)
    until(lambda: not connections(process), what="no connection")
    assert process.num_fds() <= files
    assert process.memory_info().rss - memory < 8 * 1024 * 1024, f"seed {SEED}"
    async with Raw(server.port) as raw:
        await raw.shake()
        await raw.send(hello(server))
        assert await raw.goes_on(b"keyframe") == ALIVE
    assert said(server.output) == ""


async def play_some(server: ServerProcess, chance: random.Random, count: int) -> None:
    for case in chance.choices(PLAIN, k=count):
        async with Raw(server.port) as raw:
            if case.to == "shaken":
                await raw.shake()
            assert isinstance(case.data, bytes)
            await raw.send(case.data)
            ended = (await raw.outcome()).replace(" ", "")
        assert ended in case.ends, f"seed {SEED}: {case.name}: got {ended}"


def connections(process: psutil.Process) -> list[object]:
    return [one for one in process.net_connections("tcp") if one.status != psutil.CONN_LISTEN]


def said(output: Path) -> str:
    """What the server wrote beyond where it is to be found."""
    lines = output.read_text().splitlines()
    return "\n".join(line for line in lines if "warning" in line.lower() or "error" in line.lower())
