"""The card of a link over HTTP: who sees what, who is told alike, and that nobody counts as a viewer."""

import asyncio

from server.preview.cards import neutral
from server.routes.cards import CACHED
from tests.routes.conftest import Front

MINUTE_MS = 60_000


async def made(front: Front, **members: object) -> str:
    response = await front.ask("POST", "/links", json={"view": "batches", **members})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


async def test_unknown_revoked_expired_and_neutral_links_are_answered_alike(front: Front):
    front.studio.warm = True  # nothing is begun before somebody asks
    plain, revoked, over = await made(front), await made(front, card=True), await made(front, card=True)
    await front.ask("DELETE", f"/links/{revoked}")
    async with front.nobody() as client:
        answers = [
            await client.get(f"/s/{link}/card.png") for link in (plain, revoked, "unknown1", ":key", "%00")
        ]
        await front.clock.advance(8 * 86_400_000)
        answers.append(await client.get(f"/s/{over}/card.png"))
    first = answers[0]
    assert first.status_code == 200
    assert first.content == neutral().body
    for answer in answers:
        assert answer.content == first.content
        own = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        assert own == {name: value for name, value in first.headers.items() if name != "x-request-id"}
    assert front.studio.orders == []


async def test_a_live_card_is_begun_when_its_link_is_made_where_it_would_take_long(front: Front):
    await made(front)
    link = await made(front, card=True)
    async with asyncio.timeout(10):
        await front.studio.asked.wait()
    async with front.nobody() as client:
        await client.get(f"/s/{link}/card.png")
    assert len(front.studio.orders) == 1, "whoever asks gets that one"
    front.studio.warm = True
    await made(front, card=True)
    assert not front.cards.expecting, "a picture of a process that is there is quick"


async def test_it_may_be_kept_for_a_minute_and_has_a_tag(front: Front):
    async with front.nobody() as client:
        answer = await client.get("/s/unknown1/card.png")
        assert answer.headers["cache-control"] == CACHED == "public, max-age=60"
        assert answer.headers["content-type"] == "image/png"
        again = await client.get("/s/unknown1/card.png", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]
        head = await client.head("/s/unknown1/card.png")
        assert head.status_code == 200
        assert head.headers["content-length"] == answer.headers["content-length"]


async def test_a_live_card_is_painted_once_a_minute(front: Front):
    link = await made(front, card=True)
    async with front.nobody() as client:
        for _ in range(3):
            assert (await client.get(f"/s/{link}/card.png")).status_code == 200
        assert len(front.studio.orders) == 1
        await front.clock.advance(MINUTE_MS)
        await client.get(f"/s/{link}/card.png")
    assert len(front.studio.orders) == 2


async def test_what_the_view_hides_never_reaches_the_painter(front: Front):
    await front.submit(2, name="Canary batch")
    for view, names in (("figures", False), ("batches", True), ("titles", True)):
        link = await made(front, card=True, view=view)
        async with front.nobody() as client:
            picture = (await client.get(f"/s/{link}/card.png")).content
        assert (b"Canary batch" in picture) is names
        assert (b"row 0" in picture) is (view == "titles")


async def test_who_asks_for_a_card_counts_as_no_viewer(front: Front):
    link = await made(front, card=True)
    async with front.nobody() as client:
        await client.get(f"/s/{link}/card.png", headers={"user-agent": "Slackbot-LinkExpanding 1.0"})
    (listed,) = (await front.get("/links"))["items"]
    assert (listed["viewers"], listed["state"]) == (0, "live")


async def test_nothing_but_looking_is_possible(front: Front):
    async with front.nobody() as client:
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert (await client.request(method, "/s/unknown1/card.png")).status_code == 405
