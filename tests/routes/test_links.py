"""Links over HTTP: what is asked for, what comes back, and what does not."""

from typing import Any

import pytest

from server.errors import UnavailableError
from server.model import Role, Scope
from server.routes.links import wish_of
from server.routes.linkschemas import LINK_SCHEMAS
from tests.fakes.clock import START_MS
from tests.routes.conftest import API, Front, fronted

DAY_MS = 86_400_000
NOW = "2026-11-18T11:06:40.000Z"


async def created(front: Front, **members: Any) -> dict[str, Any]:
    response = await front.ask("POST", "/links", json=members)
    assert response.status_code == 201, response.text
    assert response.headers["cache-control"] == "no-store"
    return dict(response.json())


def parts(made: dict[str, Any]) -> dict[str, str]:
    return {"id": made["id"], "secret": made["url"].partition("#")[2]}


async def exchanged(front: Front, body: Any, status: int = 200) -> dict[str, Any]:
    async with front.nobody() as client:
        response = await client.post(f"{API}/links/exchange", json=body)
    assert response.status_code == status, response.text
    return dict(response.json())


async def test_a_link_is_made_with_what_was_said_and_its_url_shown_once(front: Front) -> None:
    made = await created(
        front, label="For the wall", view="figures", origins=["https://A.example:444"], card=True
    )
    assert made["url"].startswith(f"http://127.0.0.1:8000/s/{made['id']}#")
    assert len(parts(made)["secret"]) == 43
    assert made["reach"] == "machine"
    assert (made["label"], made["view"], made["origins"]) == (
        "For the wall",
        "figures",
        ["https://a.example:444"],
    )
    assert made["expires"] == "2026-11-25T11:06:40.000Z"
    listed = (await front.get("/links"))["items"]
    assert parts(made)["secret"] not in repr(listed)
    assert {name: value for name, value in made.items() if name not in {"url", "reach"}} == {
        name: value for name, value in listed[0].items() if name not in {"created", "state", "viewers"}
    }
    assert (listed[0]["state"], listed[0]["viewers"], listed[0]["created"]) == ("live", 0, NOW)


async def test_a_secret_is_exchanged_for_a_grant_that_opens_the_office_in_the_links_view(
    front: Front,
) -> None:
    made = await created(front, view="figures")
    got = await exchanged(front, parts(made))
    assert got["office"] == front.owner.office
    assert (got["view"], got["expires"], got["name"]) == (
        "figures",
        "2026-11-18T11:16:40.000Z",
        "Your office",
    )
    async with front.guest(got["grant"]) as guest:
        shown = (await guest.get(f"{API}/office")).json()
    assert shown["view"] == "figures"


async def test_a_link_to_a_batch_opens_its_results_and_nothing_else(front: Front) -> None:
    mine, other = await front.submit(), await front.submit()
    grant = await front.grant(batch=mine)
    async with front.guest(grant) as guest:
        assert (await guest.get(f"{API}/batches/{mine}")).json()["id"] == mine
        assert len((await guest.get(f"{API}/batches/{mine}/results")).json()) == 3
        for path in (f"/batches/{other}", f"/batches/{other}/results", "/batches", "/office"):
            assert (await guest.get(API + path)).status_code == 404, path


async def test_the_office_is_shared_unless_something_else_is_and_only_one_thing_is(front: Front) -> None:
    batch = await front.submit()
    made = await created(front, batch=batch)
    assert (made["view"], made["batch"]) == ("titles", batch)
    got = await exchanged(front, parts(made))
    assert (got["batch"], got["name"]) == (batch, "List")
    assert "office" not in got
    response = await front.ask("POST", "/links", json={"batch": batch, "recording": batch})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"view": "full"}, "view: expected one of figures, batches, titles, got 'full'"),
        ({"view": 5}, "view:"),
        ({"batch": "b1b1b1", "view": "batches"}, "view: expected titles with a batch"),
        ({"expires": NOW}, "expires: expected a moment within the next 90 days"),
        ({"expires": "2027-02-16T11:06:41Z"}, "expires:"),
        ({"expires": "2026-11-20"}, "expires: expected a moment such as"),
        ({"expires": 5}, "expires:"),
        ({"from": "2026-11-18T11:00:00Z"}, "from, to: expected them with a recording only"),
        (
            {"recording": "r1r1r1", "from": "2026-11-18T11:00:00Z", "to": "2026-11-18T11:00:00Z"},
            "from: expected a moment before to",
        ),
        ({"origins": "https://a"}, "origins: expected an array"),
        ({"origins": ["https://a"] * 21}, "origins: expected an array"),
        ({"origins": ["https://a/path"]}, "origins: expected `https://host`"),
        ({"origins": ["https://a; script-src *"]}, "origins:"),
        ({"origins": ["https://*.a"]}, "origins:"),
        ({"origins": ["*"]}, "origins:"),
        ({"origins": ["https://a\n"]}, "origins:"),
        ({"origins": [5]}, "origins:"),
        ({"label": ""}, "label:"),
        ({"label": "x" * 81}, "label:"),
        ({"card": "yes"}, "card:"),
        ({"secret": "mine"}, "unknown member"),
    ],
)
async def test_what_cannot_be_is_refused_and_named(front: Front, members: dict[str, Any], said: str) -> None:
    response = await front.ask("POST", "/links", json=members)
    assert response.status_code == 400, response.text
    assert said in response.json()["detail"]
    assert (await front.get("/links"))["items"] == []


async def test_what_is_not_there_cannot_be_shared(front: Front) -> None:
    for member in ("recording", "batch"):
        assert (await front.ask("POST", "/links", json={member: "nothing1"})).status_code == 404


def test_a_stretch_may_be_open_on_either_side() -> None:
    wish = wish_of({"recording": "r1r1r1", "to": "2026-11-18T12:06:40+01:00"}, START_MS)
    assert (wish.stretch.from_ms, wish.stretch.to_ms) == (None, START_MS)
    assert wish.expires_ms == START_MS + 7 * DAY_MS


async def test_links_come_in_pages(front: Front) -> None:
    made = []
    for _ in range(3):
        made.append((await created(front))["id"])
        await front.clock.advance(1)
    first = await front.get("/links", limit=2)
    second = await front.get("/links", limit=2, cursor=first["next"])
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert "next" not in second


async def test_a_revoked_link_stays_listed_for_a_day(front: Front) -> None:
    made = await created(front)
    grant = (await exchanged(front, parts(made)))["grant"]
    assert (await front.ask("DELETE", f"/links/{made['id']}")).status_code == 204
    assert (await front.ask("DELETE", f"/links/{made['id']}")).status_code == 204
    (item,) = (await front.get("/links"))["items"]
    assert (item["state"], item["revoked"]) == ("revoked", NOW)
    assert (await exchanged(front, parts(made), 404))["code"] == "link_ended"
    async with front.guest(grant) as guest:
        response = await guest.get(f"{API}/office")
    assert (response.status_code, response.json()["code"]) == (404, "link_ended")
    await front.clock.advance(DAY_MS)
    assert (await front.get("/links"))["items"] == []


async def test_a_rotation_gives_another_url_and_says_until_when_the_former_is_good(front: Front) -> None:
    made = await created(front)
    response = await front.ask("POST", f"/links/{made['id']}/rotate", json={"grace": 60})
    again = response.json()
    assert again["old_until"] == "2026-11-18T11:07:40.000Z"
    assert set(again) == {"id", "url", "view", "expires", "old_until", "reach"}
    assert parts(again)["secret"] != parts(made)["secret"]
    await exchanged(front, parts(made))
    response = await front.ask("POST", f"/links/{made['id']}/rotate")
    assert "old_until" not in response.json()
    await exchanged(front, parts(again), 404)
    await exchanged(front, parts(response.json()))
    assert (await front.ask("POST", f"/links/{made['id']}/rotate", json={"grace": -1})).status_code == 400
    assert (await front.ask("POST", "/links/nothing1/rotate")).status_code == 404


async def test_where_the_new_url_could_not_be_told_the_former_one_stays(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await created(front, lan=True)

    async def no_network() -> Any:
        raise UnavailableError("lan: expected this machine to be in a local network, got none")

    monkeypatch.setattr(front.lan, "where", no_network)
    assert (await front.ask("POST", f"/links/{made['id']}/rotate")).status_code == 503
    await exchanged(front, parts(made))


async def test_an_idempotency_key_keeps_no_secret(front: Front) -> None:
    bodies = [
        (await front.ask("POST", "/links", json={}, headers={"idempotency-key": "one"})).json()
        for _ in range(2)
    ]
    assert bodies[0]["url"] != bodies[1]["url"]
    link = bodies[0]["id"]
    for _ in range(2):
        response = await front.ask("POST", f"/links/{link}/rotate", headers={"idempotency-key": "two"})
        assert "idempotency-replayed" not in response.headers


async def test_a_link_for_the_local_network_has_its_address(front: Front) -> None:
    made = await created(front, lan=True)
    assert made["url"].startswith("http://192.168.1.7:41234/s/")
    assert (made["reach"], made["lan"], front.lan.opened) == ("lan", True, 1)
    assert (await created(front))["reach"] == "machine"
    assert front.lan.opened == 1


async def test_a_hosted_server_gates_links_and_knows_no_local_network(tmp_path: Any) -> None:
    async with fronted(tmp_path, mode="hosted", public_url="https://desks.example.com") as front:
        made = await created(front)
        assert made["url"].startswith("https://desks.example.com/s/")
        assert made["reach"] == "public"
        assert (await front.get("/links"))["items"][0]["viewers_max"] == 500
        response = await front.ask("POST", "/links", json={"lan": True})
        assert response.status_code == 400
        for _ in range(49):
            await created(front)
        response = await front.ask("POST", "/links", json={})
        assert (response.status_code, response.json()["code"]) == (403, "tier_required")
        assert response.json()["tier"] == "enterprise"


async def test_only_who_may_control_makes_and_ends_links(front: Front) -> None:
    made = await created(front)
    token = await front.issue(Role.VIEWER, Scope.READ)
    headers = {"authorization": f"Bearer {token}"}
    assert (await front.ask("GET", "/links", headers=headers)).status_code == 200
    for method, path in (
        ("POST", "/links"),
        ("DELETE", f"/links/{made['id']}"),
        ("POST", f"/links/{made['id']}/rotate"),
    ):
        assert (await front.ask(method, path, headers=headers, json={})).status_code == 403


async def test_an_address_has_so_many_wrong_exchanges_a_minute(tmp_path: Any) -> None:
    async with fronted(tmp_path, mode="hosted", failed_hellos_per_minute_max=2) as front:
        made = await created(front)
        for _ in range(5):
            await exchanged(front, parts(made))
        for _ in range(2):
            await exchanged(front, {**parts(made), "secret": "wrong"}, 404)
        refused = await exchanged(front, parts(made), 429)
        assert (refused["code"], refused["retry"]) == ("too_many", 30)
        await front.clock.advance(30_000)
        await exchanged(front, parts(made))


@pytest.mark.parametrize("body", [{}, {"id": "a"}, {"id": 1, "secret": "b"}, {"id": "a", "secret": None}])
async def test_an_exchange_wants_two_texts(front: Front, body: Any) -> None:
    await exchanged(front, body, 400)


async def test_the_schemas_of_links_point_to_one_another() -> None:
    assert LINK_SCHEMAS["Links"]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/Link"}
