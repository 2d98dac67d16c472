"""For how long what is kept, as an account wishes and an operator says."""

from pathlib import Path

from server.store.clearing import DAY_MS
from tests.privacy.busy import CANARY, EMAIL, busy, swept, tasks_in
from tests.routes.hosted import hosted


async def test_results_are_kept_as_long_as_their_account_wishes(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        it.front.privacy.sweeps.begin()
        owner = await busy(it, EMAIL, CANARY)
        (batch,) = (await owner.get("/batches"))["items"]
        patched = await owner.ask("PATCH", "/account", json={"retention": {"results": 2}})
        assert patched.json()["retention"] == {"results": 2, "recordings_max": 365}
        await it.front.clock.advance(DAY_MS)
        assert "cleared" not in await owner.get(f"/batches/{batch['id']}")
        await it.front.clock.advance(DAY_MS)
        await swept(it)
        shown = await owner.get(f"/batches/{batch['id']}")
        assert shown["cleared"]
        assert (shown["total"], shown["done"], shown["name"]) == (5, 5, f"List {CANARY}")
        tasks = await tasks_in(owner, batch["id"])
        assert [(task["title"], task["input"], task.get("result")) for task in tasks] == [
            (f"Task {n + 1}", {}, None) for n in range(5)
        ]
        assert all(task["executions"][0]["state"] == "done" for task in tasks)
        assert not list((tmp_path / "logs").rglob("*.log"))
        assert not (tmp_path / "dirs" / batch["id"]).exists()
        for path in (f"/batches/{batch['id']}/retry", f"/tasks/{tasks[0]['id']}/retry"):
            refused = await owner.ask("POST", path)
            assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
            assert "deleted" in refused.json()["detail"]
        patched = await owner.ask("PATCH", "/account", json={"retention": {"results": None}})
        assert patched.json()["retention"] == {"recordings_max": 365}


async def test_recordings_are_kept_for_less_than_they_may_and_never_for_more(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        it.front.record()
        it.front.retention.begin()
        owner = await busy(it, EMAIL, "Word")
        for days in (366, 0, 1.5, "two", True):
            refused = await owner.ask("PATCH", "/account", json={"retention": {"recordings": days}})
            assert (refused.status_code, refused.json()["code"]) == (400, "invalid"), days
        for wrong in ({}, {"logs": 1}, 5, None):
            assert (await owner.ask("PATCH", "/account", json={"retention": wrong})).status_code == 400
        patched = await owner.ask("PATCH", "/account", json={"retention": {"recordings": 3}})
        assert patched.json()["retention"] == {"recordings": 3, "recordings_max": 365}
        await it.front.clock.advance(2 * DAY_MS)
        assert len((await owner.get("/recordings"))["items"]) == 1
        await it.front.clock.advance(DAY_MS + 2 * 3_600_000)
        await it.front.retention.settled()
        it.front.retention.hurry()
        await it.front.retention.settled()
        assert (await owner.get("/recordings"))["items"] == []


async def test_the_audit_log_is_kept_for_a_while(tmp_path: Path) -> None:
    async with hosted(tmp_path, audit_days=30) as it:
        it.front.privacy.sweeps.begin()
        owner = await it.person(EMAIL)
        await it.front.clock.advance(20 * DAY_MS)
        await owner.ask("POST", "/tokens", json={"label": "later"})
        await it.front.clock.advance(11 * DAY_MS)
        await swept(it)
        assert [deed["what"] for deed in (await owner.get("/audit"))["items"]] == ["token.made"]


async def test_an_operators_numbers_for_one_account_hold(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        owner = await it.person(EMAIL)
        changed = await it.change(EMAIL, quota=7, links=2, viewers=3, recording_days=9)
        assert {name: changed[name] for name in ("quota", "links", "viewers", "recording_days")} == {
            "quota": 7, "links": 2, "viewers": 3, "recording_days": 9,
        }  # fmt: skip
        account = await owner.get("/account")
        assert (account["quota"]["limit"], account["retention"]["recordings_max"]) == (7, 9)
        for _ in range(2):
            assert (await owner.ask("POST", "/links", json={})).status_code == 201
        refused = await owner.ask("POST", "/links", json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "tier_required")
        assert [link["viewers_max"] for link in (await owner.get("/links"))["items"]] == [3, 3]
        estimate = (await owner.ask("GET", "/estimate?tasks=20&tier=free")).json()
        assert (estimate["now"], estimate["later"]) == (7, 13)
        changed = await it.change(EMAIL, quota=0, links=0, viewers=0, recording_days=0)
        assert not {"quota", "links", "viewers", "recording_days"} & set(changed)
        assert (await owner.get("/account"))["quota"]["limit"] == 50
