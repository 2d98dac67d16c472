from pathlib import Path
from typing import Any

import pytest

from server.billing.tiers import TIERS
from server.routes import keeping
from tests.routes.conftest import API, Front, fronted


async def test_the_account_says_what_it_may_and_has_used(front: Front) -> None:
    await front.submit(12)
    account = await front.get("/account")
    assert account == {
        "id": front.owner.account, "office": front.owner.office, "name": "Your office", "mode": "local",
        "tier": "pro", "slots": 10, "running": 10,
        "quota": {"used": 10, "limit": 5_000, "resets": "2026-12-01T00:00:00.000Z", "soft": False, "enforced": False},
        "support": {},
        "retention": {},
    }  # fmt: skip
    assert await front.get("/usage") == {"month": "2026-11", **account["quota"]}


async def test_local_mode_chooses_its_tier_while_work_runs(front: Front) -> None:
    await front.submit(60)
    for tier, running in (("enterprise", 50), ("free", 50)):
        response = await front.ask("PATCH", "/account", json={"tier": tier})
        assert (response.status_code, response.json()["tier"]) == (200, tier)
        assert response.json()["slots"] == TIERS[tier].slots
        await front.scheduler.settled()
        assert (await front.get("/account"))["running"] == running
    await front.clock.advance(60_000)
    assert (await front.get("/account"))["running"] == 1


async def test_the_office_is_renamed(front: Front) -> None:
    response = await front.ask("PATCH", "/account", json={"name": " Acme \n Research "})
    assert response.json()["name"] == "Acme Research"
    assert (await front.get("/office"))["state"]["office"]["name"] == "Acme Research"


@pytest.mark.parametrize("body", [{}, {"tier": "gold"}, {"tier": 1}, {"name": ""}, {"slots": 50}, []])
async def test_a_change_that_is_none_is_refused(front: Front, body: Any) -> None:
    response = await front.ask("PATCH", "/account", json=body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert (await front.get("/account"))["tier"] == "pro"


async def test_a_hosted_account_does_not_choose_its_tier(tmp_path: Path) -> None:
    async with fronted(tmp_path, mode="hosted") as front:
        response = await front.ask("PATCH", "/account", json={"tier": "free", "name": "New"})
        assert (response.status_code, response.json()["code"]) == (403, "forbidden")
        account = await front.get("/account")
        assert (account["tier"], account["name"], account["quota"]["enforced"]) == (
            "pro",
            "Your office",
            True,
        )


async def test_estimates_are_those_of_the_tiers(front: Front) -> None:
    found = {item["tier"]: item for item in (await front.get("/estimate", tasks=100))["items"]}
    assert list(found) == list(TIERS)
    assert [found[name]["minutes"] for name in ("free", "starter", "pro")] == [50, 34, 10]
    assert (found["free"]["now"], found["free"]["later"]) == (50, 50)
    assert found["free"]["resumes"] == "2026-12-01T00:00:00.000Z"
    assert "resumes" not in found["pro"]
    alone = await front.get("/estimate", tasks=50, tier="starter")
    assert (alone["tier"], alone["workers"], alone["minutes"], alone["each"], alone["basis"]) == (
        "starter", 3, 17, 60, "assumed",
    )  # fmt: skip


@pytest.mark.parametrize(
    "query", [{}, {"tasks": "0"}, {"tasks": "x"}, {"tasks": "100001"}, {"tasks": "5", "tier": "gold"}]
)
async def test_an_estimate_needs_a_number_and_a_tier_there_is(front: Front, query: dict[str, str]) -> None:
    assert (await front.ask("GET", "/estimate", params=query)).status_code == 400


async def test_tiers_are_listed_as_the_table_has_them(front: Front) -> None:
    tiers = {tier["name"]: tier for tier in (await front.get("/tiers"))["items"]}
    assert list(tiers) == list(TIERS)
    assert (tiers["pro"]["price"], tiers["pro"]["slots"], tiers["pro"]["quota"]) == (79, 10, 5_000)
    assert "price" not in tiers["enterprise"]
    assert tiers["enterprise"]["quota_soft"] is True
    assert {tier["buyable"] for tier in tiers.values()} == {False}
    async with front.nobody() as client:
        assert (await client.get(f"{API}/tiers")).json()["items"] == list(tiers.values())


async def test_support_is_promised_where_there_is_somebody_to_ask(tmp_path: Path) -> None:
    async with fronted(tmp_path, support_contact="help@example.org") as front:
        tiers = {tier["name"]: tier["support"] for tier in (await front.get("/tiers"))["items"]}
        assert tiers["free"] == {"contact": "help@example.org"}
        assert tiers["enterprise"] == {"contact": "help@example.org", "hours": 4}
        assert (await front.get("/account"))["support"] == {"contact": "help@example.org", "hours": 24}


async def test_kinds_are_listed(front: Front) -> None:
    items = (await front.get("/kinds"))["items"]
    assert [item["name"] for item in items] == list(dict.fromkeys(item["name"] for item in items))
    for name, attempts in (("command", 1), ("demo", 1), ("python", 1), ("chat", 3), ("http", 3)):
        assert {"name": name, "attempts": attempts, "allowed": True} in items


async def test_a_local_account_keeps_what_it_wishes(front: Front) -> None:
    assert keeping.DAYS_MAX == 36_500
    patched = await front.ask("PATCH", "/account", json={"retention": {"recordings": 400, "results": 1}})
    assert patched.json()["retention"] == {"recordings": 400, "results": 1}
    patched = await front.ask("PATCH", "/account", json={"retention": {"recordings": None}, "name": "Desks"})
    assert (patched.json()["retention"], patched.json()["name"]) == ({"results": 1}, "Desks")
