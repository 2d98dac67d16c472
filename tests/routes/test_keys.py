"""Own keys over HTTP: they go in, their last four come out, and slots follow within a cycle."""

from pathlib import Path
from typing import Any

import pytest

from server.kinds.own_keys import OwnKey
from server.model import Role, Scope
from server.routes.keys import key_shape
from server.store.accounts import change_tier
from server.vault.checking import checks_per_minute_max
from tests.fakes.provider import KEY, Provider, providing
from tests.routes.conftest import Front, fronted


async def put(front: Front, provider: Provider, key: str = KEY, **members: Any) -> Any:
    return await front.ask("PUT", "/keys/mine", json={"key": key, "base": provider.base_url, **members})


async def test_a_key_goes_in_and_its_last_four_come_out(front: Front) -> None:
    async with providing() as provider:
        response = await put(front, provider)
    assert response.status_code == 200
    found = response.json()
    assert (found["provider"], found["state"], found["last"], found["base"]) == (
        "mine", "ok", KEY[-4:], provider.base_url,
    )  # fmt: skip
    assert found["checked"] == found["added"]
    listed = await front.ask("GET", "/keys")
    assert listed.json() == {"items": [found]}
    assert KEY not in listed.text + response.text
    assert listed.headers["cache-control"] == "no-store"


async def test_slots_rise_with_a_key_and_fall_without_within_a_cycle(front: Front) -> None:
    await front.submit(60)
    assert (await front.get("/account"))["running"] == 10
    async with providing() as provider:
        await put(front, provider)
    await front.scheduler.settled()
    account = await front.get("/account")
    assert (account["slots"], account["running"]) == (20, 20)
    assert (await front.get("/estimate", tasks=100, tier="pro"))["workers"] == 20
    assert (await front.ask("DELETE", "/keys/mine")).status_code == 204
    await front.scheduler.settled()
    account = await front.get("/account")
    assert (account["slots"], account["running"]) == (10, 20), "what runs goes on to its end"
    await front.clock.advance(60_000)
    assert (await front.get("/account"))["running"] == 10


async def test_an_unchecked_or_rejected_key_raises_nothing(front: Front) -> None:
    async with providing() as provider:
        provider.models_status = 500
        assert "checked" not in (await put(front, provider)).json()
        assert (await front.get("/account"))["slots"] == 10
        key = await front.vault.find(front.owner.account, None)
        assert isinstance(key, OwnKey)
        await front.vault.accepted(key)
        assert (await front.get("/account"))["slots"] == 20
        await front.vault.rejected(key)
        assert (await front.get("/account"))["slots"] == 10
        assert [item["state"] for item in (await front.get("/keys"))["items"]] == ["rejected"]


async def test_it_is_so_after_a_restart(front: Front) -> None:
    async with providing() as provider:
        await put(front, provider)
    front.scheduler._engine.index.remove(front.owner.office)
    assert (await front.get("/account"))["slots"] == 20


async def test_an_operators_number_wins(front: Front) -> None:
    async with front.db.write() as tx:
        await tx.conn.exec_driver_sql("UPDATE accounts SET slots = 5")
    front.scheduler._engine.index.remove(front.owner.office)
    async with providing() as provider:
        await put(front, provider)
    assert (await front.get("/account"))["slots"] == 5


async def test_a_key_that_its_provider_refuses_is_told_so(front: Front) -> None:
    async with providing() as provider:
        response = await put(front, provider, key="sk-wrong-0123456789")
    assert (response.status_code, response.json()["code"]) == (422, "key_refused")
    assert "does not accept this key (401)" in response.json()["detail"]
    assert "sk-wrong" not in response.text
    assert await front.get("/keys") == {"items": []}


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/keys/Mine", {"key": KEY}, "provider: expected a name"),
        ("/keys/mine", {"key": KEY}, "base: expected the address of mine"),
        ("/keys/openai", {}, "key: expected the provider's key"),
        ("/keys/openai", {"key": 3}, "key: expected the provider's key"),
        ("/keys/openai", {"key": "a b"}, "key: expected visible ASCII"),
        ("/keys/mine", {"key": KEY, "base": "https://u:hunter2@x/v1"}, "base: expected a URL"),
        ("/keys/mine", {"key": KEY, "base": "x", "more": 1}, "unknown member 'more'"),
    ],
)
async def test_what_is_wrong_is_said_without_the_key(front: Front, path: str, body: Any, said: str) -> None:
    response = await front.ask("PUT", path, json=body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert said in response.json()["detail"]
    assert KEY not in response.text
    assert "hunter2" not in response.text


async def test_no_key_is_not_found_and_too_many_checks_are_too_many(front: Front) -> None:
    assert (await front.ask("DELETE", "/keys/mine")).status_code == 404
    async with providing() as provider:
        answers = [(await put(front, provider)).status_code for _ in range(checks_per_minute_max + 1)]
    assert answers == [200] * checks_per_minute_max + [429]


@pytest.mark.parametrize(
    ("role", "scopes"), [(Role.VIEWER, [*Scope]), (Role.OWNER, [Scope.READ, Scope.CONTROL])]
)
async def test_keys_are_their_owners(front: Front, role: Role, scopes: list[Scope]) -> None:
    headers = {"authorization": f"Bearer {await front.issue(role, *scopes)}"}
    for method, path in (
        ("GET", "/keys"), ("PUT", "/keys/openai"), ("DELETE", "/keys/openai"), ("GET", "/keys/rotation"), ("POST", "/keys/rotation"),
    ):  # fmt: skip
        response = await front.ask(method, path, headers=headers)
        assert (method, path, response.status_code) == (method, path, 403)


async def test_a_plan_without_own_keys_says_which_has_them(tmp_path: Path) -> None:
    async with fronted(tmp_path, mode="hosted") as front:
        async with front.db.write() as tx:
            await change_tier(tx.conn, front.owner.account, "starter")
        response = await front.ask("PUT", "/keys/openai", json={"key": KEY})
        document = response.json()
        assert (response.status_code, document["code"], document["tier"]) == (403, "tier_required", "pro")
        assert document["detail"] == "Starter has no own keys; Pro has them"
        assert await front.get("/keys") == {"items": []}, "one may look"


async def test_in_hosted_mode_a_key_is_not_sent_inside(tmp_path: Path) -> None:
    async with fronted(tmp_path, mode="hosted") as front, providing() as provider:
        for base in (provider.base_url, provider.base_url.replace("http:", "https:")):
            response = await put(front, provider, base=base)
            assert (response.status_code, response.json()["code"]) == (400, "invalid")
        assert provider.asked == []


async def test_master_keys_are_turned_over_by_whoever_runs_the_server(front: Front) -> None:
    async with providing() as provider:
        await put(front, provider)
    before = (await front.get("/keys/rotation"))["master"]
    response = await front.ask("POST", "/keys/rotation")
    assert (response.status_code, response.json()["state"]) == (202, "running")
    await front.rotation.settled()
    after = await front.get("/keys/rotation")
    assert (after["left"], after["done"], after["state"]) == (0, 1, "idle")
    assert after["master"] != before
    assert after["needed"] == [after["master"]]
    front.rotation.operator = "somebody"
    for method in ("GET", "POST"):
        response = await front.ask(method, "/keys/rotation")
        assert (response.status_code, response.json()["code"]) == (403, "forbidden")


async def test_the_deeds_are_in_the_audit_log(front: Front) -> None:
    async with providing() as provider:
        await put(front, provider)
    await front.ask("DELETE", "/keys/mine")
    async with front.db.read() as conn:
        found = await conn.exec_driver_sql("SELECT actor, what, about, detail FROM audit ORDER BY id")
        rows = [tuple(row) for row in found]
    assert [row[:3] for row in rows] == [("owner", "key.put", "mine"), ("owner", "key.deleted", "mine")]
    assert KEY not in str(rows)


async def test_the_shape_has_nothing_else(front: Front) -> None:
    async with providing() as provider:
        await put(front, provider)
    (row,) = await front.vault.list(front.owner.account)
    assert set(key_shape(row)) == {"provider", "base", "state", "last", "added", "checked"}
