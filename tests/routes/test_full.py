"""A store that has no page left, in words of HTTP: 507, nothing changed, and the same request succeeds once there is room."""

from typing import Any

import pytest

from server.store.statements import fetch
from tests.routes.conftest import Front

KEY = {"idempotency-key": "k1"}
UNLIMITED = 1_073_741_823
LIST = [{"input": {"text": "x" * 5_000, "n": number}} for number in range(20)]
BODY = {"kind": "demo", "params": {"seconds": 60}, "tasks": LIST}


async def limit(front: Front, pages: int = UNLIMITED) -> None:
    """Let SQLite's file grow to `pages`, and at least stay as large as it is."""
    async with front.db.write() as tx:
        await fetch(tx.conn, f"PRAGMA max_page_count = {pages}")


def told(response: Any) -> tuple[int, str, str]:
    return response.status_code, response.json()["code"], response.headers["content-type"]


FULL = (507, "disk_full", "application/problem+json")


async def test_a_batch_that_does_not_fit_is_refused_whole_and_fits_later(front: Front) -> None:
    await limit(front, 1)
    refused = await front.ask("POST", "/batches", json=BODY, headers=KEY)
    assert told(refused) == FULL
    assert refused.headers["retry-after"]
    assert (await front.get("/batches"))["items"] == []
    await limit(front)
    assert (await front.ask("POST", "/batches", json=BODY, headers=KEY)).status_code == 201


async def test_a_key_that_could_not_be_freed_is_free_when_it_comes_again(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = "server.routes.idempotency.release"
    await limit(front, 1)
    with monkeypatch.context() as patched:

        async def failing(conn: Any, **_: Any) -> None:
            await fetch(conn, "INSERT INTO results VALUES ('t', 'e', zeroblob(500000))")

        patched.setattr(release, failing)
        assert told(await front.ask("POST", "/batches", json=BODY, headers=KEY)) == FULL
    await limit(front)
    assert (await front.ask("POST", "/batches", json=BODY, headers=KEY)).status_code == 201


async def test_a_write_beside_the_queue_is_refused_in_the_same_words(front: Front) -> None:
    async def filled() -> bool:
        async with front.nobody() as client:
            answer = await client.post("/api/v1/session", json={"token": front.token})
        return answer.status_code == 507 and told(answer) == FULL

    await limit(front, 1)
    assert [True for _ in range(200) if await filled()], (
        "sessions went on being stored in a file without room"
    )
