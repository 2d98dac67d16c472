"""What a lower plan leaves as it is: links in other people's hands, what was recorded; and what it no longer lets begin."""

from pathlib import Path

from server.billing.settling import SPARED_MS
from server.billing.terms import DAY_MS
from server.recording.retention import Retention
from tests.billing.selling import selling


async def test_links_beyond_the_number_go_on_and_no_new_one_is_made(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("pro")
        links = [(await shop.owner.ask("POST", "/links", json={})).json() for _ in range(3)]
        shop.stripe.books.end(bought)
        await shop.hear_all()
        assert await shop.tier() == "free"
        async with shop.it.front.nobody("https://desk.example") as guest:
            for link in links:
                sent = {"id": link["id"], "secret": link["url"].partition("#")[2]}
                assert (await guest.post("/api/v1/links/exchange", json=sent)).status_code == 200
        refused = await shop.owner.ask("POST", "/links", json={})
        assert refused.json()["code"] == "tier_required"
        for link in links:
            await shop.owner.ask("DELETE", f"/links/{link['id']}")
        assert (await shop.owner.ask("POST", "/links", json={})).status_code == 201


async def test_recordings_are_spared_for_thirty_days(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        front = shop.it.front
        bought = await shop.buy("pro")
        front.record()
        recording_settle = front.clock.settle

        async def settle() -> None:
            assert recording_settle is not None
            await recording_settle()
            await shop.settled()

        front.clock.settle = settle
        await shop.owner.ask(
            "POST", "/batches", json={"kind": "demo", "params": {"seconds": 1}, "tasks": [{"input": {}}]}
        )
        await front.clock.advance(3 * 3_600_000)
        assert len((await shop.owner.get("/recordings"))["items"]) == 1
        shop.stripe.books.end(bought)
        await shop.hear_all()
        assert await shop.tier() == "free"
        sweeping = Retention(
            db=front.db, clock=front.clock, days={"free": 1, "pro": 365}, made=front.recorder.made
        )

        async def kept(days: float) -> int:
            await front.clock.advance(int(days * DAY_MS))
            sweeping.hurry()
            await sweeping.settled()
            return len((await shop.owner.get("/recordings"))["items"])

        assert await kept(2) == 1
        assert await kept(SPARED_MS / DAY_MS - 3) == 1
        assert await kept(2) == 0
