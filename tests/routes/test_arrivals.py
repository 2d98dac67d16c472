from collections.abc import AsyncIterator

import pytest

from server.model import Role, Scope
from server.routes import arrivals
from server.routes.recordings import FILE
from tests.preview.sample import data
from tests.routes.conftest import Front

HEADERS = {"content-type": FILE}


async def pieces(file: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(file), 10_000):
        yield file[at : at + 10_000]


async def test_a_file_comes_in_and_can_be_played_and_taken_home_again(front: Front) -> None:
    file = data(count=4)
    response = await front.ask("POST", "/recordings", content=pieces(file), headers=HEADERS)
    assert response.status_code == 201, response.text
    made = response.json()
    assert (made["name"], made["whole"], made["seconds"]) == ("Northwind", True, 117.5)
    assert made["imported"] == "2026-11-18T11:06:40.000Z"
    (item,) = (await front.get("/recordings"))["items"]
    assert item == {name: value for name, value in made.items() if name != "whole"}
    shown = await front.get(f"/recordings/{made['id']}")
    assert len(shown["segments"]) == 4
    again = await front.ask("GET", f"/recordings/{made['id']}/file")
    assert again.content.startswith(file[:100]), "its header is the same, the office's name included"
    second = await front.ask("POST", "/recordings", content=again.content, headers=HEADERS)
    assert second.json()["frames"] == made["frames"]
    assert (await front.ask("DELETE", f"/recordings/{made['id']}")).status_code == 204


async def test_sent_twice_under_one_key_it_comes_in_once(front: Front) -> None:
    headers = {**HEADERS, "idempotency-key": "k"}
    first, second = [
        await front.ask("POST", "/recordings", content=data(count=4), headers=headers) for _ in range(2)
    ]
    assert first.json() == second.json()
    assert len((await front.get("/recordings"))["items"]) == 1


async def test_what_is_no_recording_is_said_and_leaves_nothing(front: Front) -> None:
    response = await front.ask("POST", "/recordings", content=b"no recording at all", headers=HEADERS)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    file = bytearray(data(count=4))
    file[3_000] ^= 1
    response = await front.ask("POST", "/recordings", content=bytes(file), headers=HEADERS)
    assert response.status_code == 400
    assert response.json()["detail"].startswith("segment 1: expected a whole record")
    await front.retention.settled()
    assert (await front.get("/recordings")) == {"items": []}
    async with front.db.read() as conn:
        from server.store.statements import fetch

        assert await fetch(conn, "SELECT id FROM recordings") == []


@pytest.mark.parametrize(
    "headers", [{}, {"content-type": "text/csv"}, {**HEADERS, "content-encoding": "gzip"}], ids=str
)
async def test_another_type_is_refused(front: Front, headers: dict[str, str]) -> None:
    response = await front.ask("POST", "/recordings", content=b"a,b\n", headers=headers)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


async def test_too_large_a_file_names_its_limit(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "recording_file_bytes_max", 1_000)
    response = await front.ask("POST", "/recordings", content=pieces(data(count=4)), headers=HEADERS)
    assert (response.status_code, response.json()["limit"]) == (413, "recording_file_bytes_max")


async def test_who_may_only_look_sends_nothing(front: Front) -> None:
    token = await front.issue(Role.VIEWER, *Scope)
    headers = {**HEADERS, "authorization": f"Bearer {token}"}
    response = await front.ask("POST", "/recordings", content=data(count=4), headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
