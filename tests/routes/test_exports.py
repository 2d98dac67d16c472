"""Moving pictures over HTTP: who may have which view, what is refused, and that they are nobody else's."""

from typing import Any

import orjson
import pytest

from server.model import Role, Scope, View
from server.preview import film
from server.routes.exports import KNOWN, wanted_of
from server.routes.times import rfc3339
from tests.preview.sample import start_ms
from tests.preview.stored import keep
from tests.routes.conftest import Front
from tests.routes.test_recordings import as_seen_by

GIF = {"format": "gif", "size": "160x90"}


async def kept(front: Front) -> str:
    return await keep(front.db, front.owner.office, "recording001")


async def ordered(front: Front, **members: Any) -> dict[str, Any]:
    response = await front.ask("POST", f"/recordings/{await kept(front)}/exports", json={**GIF, **members})
    assert response.status_code == 202, response.text
    return dict(response.json())


async def test_a_gif_is_ordered_made_fetched_and_deleted(front: Front) -> None:
    export = await ordered(front, to=rfc3339(start_ms() + 3_000))
    assert export == {
        "id": export["id"], "recording": "recording001", "format": "gif", "view": "batches", "state": "running",
        "permille": 0,
    }  # fmt: skip
    early = await front.ask("GET", f"/exports/{export['id']}/file")
    assert early.json()["code"] == "conflict"
    await front.exports.settled()
    done = await front.get(f"/exports/{export['id']}")
    assert (done["state"], done["permille"], done["size"]) == ("done", 1000, "160x90")
    response = await front.ask("GET", f"/exports/{export['id']}/file")
    assert response.headers["content-type"] == "image/gif"
    assert response.headers["cache-control"] == "no-store"
    assert ".gif" in response.headers["content-disposition"]
    assert len(response.content) == done["bytes"]
    assert response.content.startswith(b"GIF89a")
    part = await front.ask("GET", f"/exports/{export['id']}/file", headers={"range": "bytes=0-5"})
    assert (part.status_code, part.content) == (206, b"GIF89a")
    assert (await front.ask("DELETE", f"/exports/{export['id']}")).status_code == 204
    assert (await front.ask("GET", f"/exports/{export['id']}")).status_code == 404
    assert (await front.ask("DELETE", f"/exports/{export['id']}")).status_code == 404


async def test_the_same_order_twice_under_one_key_is_one(front: Front) -> None:
    recording = await kept(front)
    options = {"json": {**GIF, "to": rfc3339(start_ms() + 1_000)}, "headers": {"idempotency-key": "k"}}
    first, second = [await front.ask("POST", f"/recordings/{recording}/exports", **options) for _ in range(2)]
    assert first.json() == second.json()
    assert sum(front.exports.figures().values()) == 1


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"format": "avi"}, "format: expected one of gif, mp4"),
        ({"format": None}, "format: expected one of gif, mp4, got nothing"),
        ({"speed": 0}, "speed: expected a number from 0.5"),
        ({"speed": "fast"}, "speed: expected a number"),
        ({"size": "1x1"}, "size: expected"),
        ({"size": 640}, "size: expected a text"),
        ({"fps": 2.5}, "fps: expected a whole number"),
        ({"fps": 60}, "fps: expected 1 to fps_max = 20 for a gif"),
        ({"night": 1}, "night: expected true or false"),
        ({"from": "yesterday"}, "from: expected a moment such as"),
        ({"from": "2026-11-18T11:06:40"}, "from: expected a moment such as"),
        ({"from": "0001-01-01T00:00:00+14:00"}, "from: expected a moment such as"),
        ({"from": 5}, "from: expected a moment such as"),
        ({"from": "2031-01-01T00:00:00Z"}, "of which something is recorded"),
        ({"view": "all"}, "view: expected one of"),
        ({"loop": True}, "unknown member 'loop'"),
    ],
)
async def test_what_cannot_be_made_is_refused_at_once(
    front: Front, members: dict[str, Any], said: str
) -> None:
    recording = await kept(front)
    response = await front.ask("POST", f"/recordings/{recording}/exports", json={**GIF, **members})
    assert response.status_code == 400
    assert said in response.json()["detail"]
    assert front.exports.figures() == {"queued": 0, "running": 0, "done": 0, "failed": 0}


async def test_one_that_would_be_too_long_names_its_limit(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film, "frames_max", 100)
    response = await front.ask("POST", f"/recordings/{await kept(front)}/exports", json=GIF)
    assert (response.status_code, response.json()["code"]) == (413, "limit_exceeded")
    assert "frames_max: expected up to 100 pictures" in response.json()["detail"]


async def test_a_row_of_another_office_is_no_right(front: Front) -> None:
    response = await front.ask("POST", "/recordings/recording404/exports", json=GIF)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    export = await ordered(front, to=rfc3339(start_ms() + 1_000))
    front.exports.found(front.owner.account, export["id"]).account = "somebody"
    for method, path in (("GET", ""), ("GET", "/file"), ("DELETE", "")):
        response = await front.ask(method, f"/exports/{export['id']}{path}")
        assert response.json()["code"] == "not_found", (method, path)


async def test_nobody_gets_more_than_they_see(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    as_seen_by(front, monkeypatch, View.FIGURES)
    recording = await kept(front)
    response = await front.ask("POST", f"/recordings/{recording}/exports", json={**GIF, "view": "batches"})
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    response = await front.ask(
        "POST", f"/recordings/{recording}/exports", json={**GIF, "to": rfc3339(start_ms() + 1_000)}
    )
    assert response.json()["view"] == "figures"


async def test_who_may_only_look_orders_nothing(front: Front) -> None:
    token = await front.issue(Role.VIEWER, Scope.READ)
    headers = {"authorization": f"Bearer {token}"}
    recording = await kept(front)
    response = await front.ask("POST", f"/recordings/{recording}/exports", json=GIF, headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    async with front.nobody() as nobody:
        response = await nobody.post(f"/api/v1/recordings/{recording}/exports", content=orjson.dumps(GIF))
        assert response.status_code == 401


def test_every_known_member_is_read() -> None:
    members = {
        "format": "mp4",
        "from": "2026-11-18T11:00:00Z",
        "to": "2026-11-18T12:00:00+00:00",
        "speed": 60,
        "size": "320x180",
    }
    members |= {"fps": 30, "night": True, "view": "titles", "skip_idle": False, "zone": -90}
    assert set(members) == set(KNOWN)
    order = wanted_of(members, View.FULL)
    assert (order.to_ms or 0) - (order.from_ms or 0) == 3_600_000
    assert (order.speed, order.size, order.fps, order.night) == (60, (320, 180), 30, True)
    assert (order.view, order.skip_idle, order.zone_min) == (View.TITLES, False, -90)
