import asyncio
from typing import Any

import pytest

from server.errors import ConflictError
from server.routes.idempotency import KEY_CHARS_MAX, digest_of
from server.store.requests import claim
from server.store.statements import fetch
from tests.routes.conftest import API, Front

KEY = {"idempotency-key": "k1"}


async def post(front: Front, text: bytes = b"one\ntwo", headers: dict[str, str] = KEY, **query: str) -> Any:
    response = await front.ask(
        "POST", "/batches", content=text, headers={"content-type": "text/plain", **headers},
        params={"kind": "demo", "params": '{"seconds": 60}', **query},
    )  # fmt: skip
    await front.scheduler.settled()
    return response


async def count(front: Front) -> int:
    return len((await front.get("/batches"))["items"])


async def test_the_same_request_is_done_once_and_answered_alike(front: Front) -> None:
    first, second = await post(front), await post(front)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert second.status_code == 201
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["content-type"] == "application/json"
    assert await count(front) == 1


async def test_without_a_key_it_is_done_each_time(front: Front) -> None:
    await post(front, headers={})
    await post(front, headers={})
    assert await count(front) == 2


async def test_another_request_under_the_key_is_refused(front: Front) -> None:
    await post(front)
    for other in (await post(front, b"one\nthree"), await post(front, name="x"),
                  await post(front, headers={**KEY, "content-type": "text/csv"}), ):  # fmt: skip
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert await count(front) == 1


async def test_a_request_under_way_is_not_done_beside_itself(front: Front) -> None:
    entered, go_on = asyncio.Event(), asyncio.Event()
    submit = front.scheduler.submit

    async def slow(*arguments: Any) -> Any:
        entered.set()
        await go_on.wait()
        return await submit(*arguments)

    front.scheduler.submit = slow  # type: ignore[method-assign]
    first = asyncio.ensure_future(post(front))
    await entered.wait()
    second = await post(front)
    assert (second.status_code, second.json()["code"]) == (409, "still_running")
    go_on.set()
    assert (await first).status_code == 201
    assert (await post(front)).status_code == 201
    assert await count(front) == 1


async def cut_short(front: Front) -> None:
    """As if the process had ended before it could keep its answer, and another one were here now."""
    async with front.db.write() as tx:
        await fetch(
            tx.conn, "UPDATE requests SET status = NULL, body = :body", body=b"deceased" + await made(front)
        )


async def made(front: Front) -> bytes:
    async with front.db.read() as conn:
        return str((await fetch(conn, "SELECT id FROM batches"))[0][0]).encode()


async def test_a_submission_that_was_done_by_a_process_that_ended_is_answered_as_it_would_have_been(
    front: Front,
) -> None:
    first = await post(front)
    await cut_short(front)
    second, third = await post(front), await post(front)
    assert second.status_code == third.status_code == 201
    assert second.json()["id"] == third.json()["id"] == first.json()["id"]
    assert second.headers["idempotency-replayed"] == third.headers["idempotency-replayed"] == "true"
    assert await count(front) == 1


async def test_a_submission_that_was_cut_short_before_it_was_done_is_done_now(front: Front) -> None:
    await post(front)
    await cut_short(front)
    async with front.db.write() as tx:
        await fetch(tx.conn, "UPDATE batches SET state = 'arriving'")
    second, third = await post(front), await post(front)
    assert second.status_code == 201
    assert "idempotency-replayed" not in second.headers
    assert (third.json(), third.headers["idempotency-replayed"]) == (second.json(), "true")
    assert second.json()["id"].encode() != await made(front)
    assert await count(front) == 1


async def test_any_other_request_that_a_dead_process_left_open_is_not_done_again(front: Front) -> None:
    batch = (await post(front, headers={})).json()["id"]
    assert (await front.ask("POST", f"/batches/{batch}/pause", headers=KEY)).status_code == 200
    async with front.db.write() as tx:
        await fetch(tx.conn, "UPDATE requests SET status = NULL, body = :dead", dead=b"deceased")
    second = await front.ask("POST", f"/batches/{batch}/pause", headers=KEY)
    assert (second.status_code, second.json()["code"]) == (409, "outcome_unknown")


async def test_an_error_frees_the_key(front: Front) -> None:
    submit = front.scheduler.submit

    async def refuse(*_arguments: Any) -> Any:
        raise ConflictError("not now")

    front.scheduler.submit = refuse  # type: ignore[method-assign]
    assert (await post(front)).status_code == 409
    front.scheduler.submit = submit  # type: ignore[method-assign]
    assert (await post(front)).status_code == 201
    assert (await post(front, b"\n", headers={"idempotency-key": "k2"})).status_code == 400
    assert (await post(front, b"mended", headers={"idempotency-key": "k2"})).status_code == 201


async def test_what_failed_in_a_way_nobody_foresaw_is_not_tried_again(front: Front) -> None:
    submit = front.scheduler.submit

    async def broken(*_arguments: Any) -> Any:
        raise RuntimeError("broken")

    front.scheduler.submit = broken  # type: ignore[method-assign]
    first = await post(front)
    front.scheduler.submit = submit  # type: ignore[method-assign]
    second = await post(front)
    assert (first.status_code, second.status_code) == (500, 500)
    assert second.json()["request"] == first.json()["request"]
    assert second.headers["content-type"] == "application/problem+json"


async def test_controls_are_done_once_too(front: Front) -> None:
    batch = await front.submit()
    path = f"/batches/{batch}/pause"
    first = await front.ask("POST", path, headers=KEY)
    await front.ask("POST", f"/batches/{batch}/resume")
    second = await front.ask("POST", path, headers=KEY)
    assert first.json() == second.json()
    assert (await front.get(f"/batches/{batch}"))["state"] != "paused"
    other = await front.ask("POST", f"/batches/{batch}/cancel", headers=KEY)
    assert other.status_code == 422


async def test_a_key_is_forgotten_after_a_day(front: Front) -> None:
    await post(front)
    front.clock.set_wall(front.clock.now_ms() + 24 * 3600 * 1000)
    assert (await post(front, b"another")).status_code == 201


async def test_accounts_have_keys_of_their_own(front: Front) -> None:
    async with front.db.write() as tx:
        now_ms = front.clock.now_ms()
        await claim(tx.conn, account="another", key="k1", digest=b"d", holder=b"h", now_ms=now_ms)
    assert (await post(front)).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * (KEY_CHARS_MAX + 1)])
async def test_a_key_has_bounds(front: Front, key: str) -> None:
    response = await post(front, headers={"idempotency-key": key})
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_requests_differ_by_method_path_query_type_and_body() -> None:
    from starlette.requests import Request

    from server.routes.call import Call

    def digest(
        method: str = "POST", path: str = "/a", query: str = "", media: str = "x", body: bytes = b""
    ) -> bytes:
        headers = [(b"content-type", media.encode())]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
        }
        call = Call(request=Request(scope), parts=None, identity=None)  # type: ignore[arg-type]
        return digest_of(call, body)

    others = [digest("PUT"), digest(path="/b"), digest(query="a=1"), digest(media="y"), digest(body=b"z")]
    assert len({digest(), *others}) == 6
    assert digest(query="a=1&b=2") == digest(query="b=2&a=1")
    assert API.startswith("/api")
