from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import orjson
import pytest

from server.cli.address import Address
from server.cli.api import Api, refusal
from server.cli.exits import NoServerError, RefusedError
from tests.cli.office import QuickClock, quick_clock

Answer = Callable[[httpx2.Request], httpx2.Response]
HERE = Address(url="http://127.0.0.1:8000", token="t", local=True)


class Line:
    """A connection on which things happen in order: an answer, or an error for the connection's sake."""

    def __init__(self, *happenings: httpx2.Response | Exception | Answer) -> None:
        self.happenings = list(happenings)
        self.requests: list[httpx2.Request] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        self.requests.append(request)
        happening = self.happenings.pop(0) if len(self.happenings) > 1 else self.happenings[0]
        if isinstance(happening, Exception):
            raise happening
        return happening if isinstance(happening, httpx2.Response) else happening(request)

    def api(self, address: Address = HERE, **options: Any) -> Api:
        return Api(address, quick_clock(), transport=httpx2.MockTransport(self), **options)


def answer(value: object, status: int = 200) -> Answer:
    return lambda _: httpx2.Response(status, content=orjson.dumps(value))


REFUSED = httpx2.ConnectError("refused")
LOST = httpx2.ReadError("lost")


async def test_a_request_carries_token_and_query() -> None:
    line = Line(answer({"items": []}))
    async with line.api() as api:
        assert await api.get("/tasks", state="failed", cursor=None) == {"items": []}
    [request] = line.requests
    assert str(request.url) == "http://127.0.0.1:8000/api/v1/tasks?state=failed"
    assert request.headers["authorization"] == "Bearer t"


async def test_without_a_server_the_first_request_fails_at_once() -> None:
    line = Line(REFUSED)
    async with line.api(patience_ms=60_000) as api:
        with pytest.raises(NoServerError, match=r"no server answers at http://127\.0\.0\.1:8000"):
            await api.get("/office")
    assert len(line.requests) == 1


async def test_a_lost_connection_is_tried_again_with_the_same_key_and_body() -> None:
    line = Line(answer({}), LOST, REFUSED, answer({"id": "b"}, 201))

    async def body() -> AsyncIterator[bytes]:
        yield b"name\n"
        yield b"Acme\n"

    async with line.api() as api:
        await api.get("/office")
        assert await api.upload("/batches", body, "text/csv", {"kind": "demo"}) == {"id": "b"}
    tries = line.requests[1:]
    assert [request.content for request in tries] == [b"name\nAcme\n"] * 3
    assert len({request.headers["idempotency-key"] for request in tries}) == 1
    assert tries[0].headers["content-type"] == "text/csv"


async def test_two_requests_have_two_keys() -> None:
    line = Line(answer({}))
    async with line.api() as api:
        await api.post("/batches/b/pause")
        await api.post("/batches/b/pause", {"a": 1})
    assert len({request.headers["idempotency-key"] for request in line.requests}) == 2
    assert line.requests[1].content == b'{"a":1}'


async def test_patience_has_an_end() -> None:
    line = Line(answer({}), REFUSED)
    clock = QuickClock()
    async with Api(HERE, clock, patience_ms=5_000, transport=httpx2.MockTransport(line)) as api:
        await api.get("/office")
        began_ms = clock.monotonic_ms()
        with pytest.raises(NoServerError):
            await api.get("/office")
    assert 3_000 <= clock.monotonic_ms() - began_ms <= 5_000


async def test_a_server_that_started_anew_is_found_at_its_new_address() -> None:
    line = Line(answer({}), REFUSED, answer({"ok": 1}))
    moved = Address(url="http://127.0.0.1:9000", token="t2", local=True)
    async with line.api(relocate=lambda: moved) as api:
        await api.get("/office")
        assert await api.get("/office") == {"ok": 1}
    assert line.requests[-1].url.port == 9000
    assert line.requests[-1].headers["authorization"] == "Bearer t2"


async def test_an_old_token_is_replaced_when_there_is_a_newer_one() -> None:
    line = Line(answer({"detail": "no"}, 401), answer({"ok": 1}))
    moved = Address(url=HERE.url, token="t2", local=True)
    async with line.api(relocate=lambda: moved) as api:
        assert await api.get("/office") == {"ok": 1}


async def test_a_wrong_token_is_refused_at_once() -> None:
    line = Line(answer({"code": "not_authenticated", "detail": "Not signed in"}, 401))
    async with line.api() as api:
        with pytest.raises(RefusedError, match="Not signed in"):
            await api.get("/office")
    assert len(line.requests) == 1


async def test_a_server_that_is_just_starting_is_waited_for() -> None:
    line = Line(answer({"code": "unavailable", "detail": "starting"}, 503), answer({"ok": 1}))
    async with line.api() as api:
        assert await api.get("/office") == {"ok": 1}


async def test_a_request_that_is_under_way_is_asked_for_again() -> None:
    still = answer({"code": "still_running", "detail": "wait, then send it again"}, 409)
    line = Line(still, still, answer({"id": "b"}, 201))
    async with line.api() as api:
        assert await api.post("/batches", {}) == {"id": "b"}
    assert len({request.headers["idempotency-key"] for request in line.requests}) == 1


async def test_those_who_ask_again_anyway_are_not_kept_waiting() -> None:
    unavailable = answer({"code": "unavailable", "detail": "draining"}, 503)
    line = Line(answer({"ok": 1}), LOST, unavailable, answer({"detail": "gone"}, 404))
    moved = Address(url="http://127.0.0.1:9000", token="t", local=True)
    async with line.api(relocate=lambda: moved) as api:
        assert await api.once("/batches/b") == {"ok": 1}
        with pytest.raises(NoServerError):
            await api.once("/batches/b")
        assert api.address == moved
        with pytest.raises(NoServerError, match="draining"):
            await api.once("/batches/b")
        with pytest.raises(RefusedError, match="gone"):
            await api.once("/batches/b")
    assert len(line.requests) == 4


async def test_a_problem_is_told_in_the_servers_words() -> None:
    detail = "unknown field {nme} in '{nme}'; the tasks have: name"
    line = Line(answer({"code": "invalid", "detail": detail, "title": "The input is not valid"}, 400))
    async with line.api() as api:
        with pytest.raises(RefusedError) as caught:
            await api.post("/batches", {})
    assert (caught.value.detail, caught.value.reason, caught.value.answered) == (detail, "invalid", 400)


@pytest.mark.parametrize("content", [b"<html>Bad gateway</html>", b"[]", b"{}", b""])
def test_an_answer_of_something_else_is_told_as_such(content: bytes) -> None:
    response = httpx2.Response(502, content=content, request=httpx2.Request("GET", "http://a.example/"))
    assert refusal(response).detail == "expected an answer of Ten Desks, got 502 from a.example"


async def test_lists_are_read_to_their_end() -> None:
    line = Line(answer({"items": [{"id": 1}], "next": "c"}), answer({"items": [{"id": 2}]}))
    async with line.api() as api:
        assert [item["id"] async for item in api.pages("/batches")] == [1, 2]
    assert line.requests[1].url.params["cursor"] == "c"


async def test_a_download_comes_in_pieces() -> None:
    line = Line(httpx2.Response(200, content=b"title\nAcme\n"))
    async with line.api() as api, api.download("/batches/b/results", format="csv") as chunks:
        assert b"".join([chunk async for chunk in chunks]) == b"title\nAcme\n"


async def test_a_download_that_breaks_off_says_so() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"title\n"
        raise httpx2.ReadError("gone")

    line = Line(httpx2.Response(200, content=broken()))
    async with line.api() as api, api.download("/batches/b/results") as chunks:
        with pytest.raises(NoServerError, match="broke off"):
            [chunk async for chunk in chunks]
