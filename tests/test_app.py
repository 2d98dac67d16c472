"""The house is put together once, answers as a whole, and is closed in the order in which nothing is lost."""

from pathlib import Path

import httpx2
import pytest

from server.app import open_house
from server.clock import SystemClock
from server.settings import load
from server.store.batches import has_batches


@pytest.mark.flow
async def test_a_house_answers_and_says_when_it_no_longer_takes_work(tmp_path: Path) -> None:
    settings = load(data=tmp_path, samples=False)
    async with open_house(settings, SystemClock(), port=8000) as house:
        transport = httpx2.ASGITransport(app=house.asgi)
        headers = {"Authorization": f"Bearer {house.token}"}
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", headers=headers
        ) as client:
            assert (await client.get("/readyz")).json() == {
                "ready": True,
                "checks": {"store": True, "disk": True, "admitting": True},
            }
            office = (await client.get("/api/v1/office")).json()
            assert office["state"]["office"]["id"] == house.owner.office
            await house.stop(0)
            assert (await client.get("/readyz")).status_code == 503


@pytest.mark.flow
async def test_samples_are_left_out_where_commands_may_not_be_run(tmp_path: Path) -> None:
    settings = load(data=tmp_path, allow_commands=False)
    async with open_house(settings, SystemClock(), port=8000) as house:
        await house.begin_samples()
        assert await house.scheduler.facts(house.owner.office)
        async with house.db.read() as conn:
            assert not await has_batches(conn, house.owner.office)
        await house.stop(0)


@pytest.mark.flow
async def test_a_tier_that_was_chosen_outlives_a_default_but_not_a_wish(tmp_path: Path) -> None:
    async def tier_after(**wish: str) -> str:
        async with open_house(load(data=tmp_path, samples=False, **wish), SystemClock(), port=8000) as house:
            tier = (await house.scheduler.account(house.owner.office)).tier
            await house.scheduler.change_tier(house.owner.account, "free")
            await house.stop(0)
            return tier

    assert [await tier_after(), await tier_after(), await tier_after(tier="starter")] == [
        "pro",
        "free",
        "starter",
    ]
