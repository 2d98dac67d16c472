"""People over HTTP: how they come in, what they see of themselves, who may do what to whom."""

from pathlib import Path
from typing import Any

import pytest

from server.accounts.sessions import HOST_COOKIE
from server.routes.peopleschemas import PEOPLE_SCHEMAS
from server.routes.schemas import ref
from tests.routes.conftest import API, Front
from tests.routes.hosted import Person, hosted
from tests.routes.test_openapi import fits

ADA, BOB = "ada@example.org", "bob@example.org"


async def test_a_stranger_comes_in_by_mail_and_gets_free(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        me = await ada.get("/session")
        assert (me["mode"], me["role"], me["email"], me["signed"]) == ("hosted", "owner", ADA, True)
        assert me["scopes"] == ["admin", "control", "read", "submit"]
        assert [(place["id"], place["tier"]) for place in me["offices"]] == [(me["office"], "free")]
        assert (await ada.get("/account"))["tier"] == "free"


async def test_the_cookie_is_for_this_host_alone_over_https_alone(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = Person(it.front)
        await ada.ask("POST", "/signin", json={"email": ADA})
        entered = await ada.enter(await it.mail())
        made = entered.headers["set-cookie"]
        assert made.startswith(f"{HOST_COOKIE}=tdc_")
        assert set(made.split("; ")[1:]) == {
            "Path=/",
            "Max-Age=7776000",
            "HttpOnly",
            "SameSite=Strict",
            "Secure",
        }
        secret = made.partition("=")[2].partition(";")[0]
        async with it.front.nobody() as client:
            for name in ("tendesks_8000", "tendesks_443", "tendesks"):
                sent = {"cookie": f"{name}={secret}"}
                assert (await client.get(f"{API}/account", headers=sent)).status_code == 401
        left = await ada.ask("DELETE", "/session")
        assert left.headers["set-cookie"].startswith(f"{HOST_COOKIE}=; Path=/; Max-Age=0")
        assert (await ada.ask("GET", "/account")).status_code == 401


async def test_whoever_asks_for_a_link_gets_the_same_answer(tmp_path: Path) -> None:
    async with hosted(tmp_path, signup="closed") as it:
        await it.front.ask("POST", "/accounts", json={"email": ADA})
        nobody = Person(it.front)
        answers = [
            await nobody.ask("POST", "/signin", json={"email": email}) for email in (ADA, "eve@example.org")
        ]
        known, unknown = (
            (answer.status_code, answer.content, {**answer.headers, "x-request-id": ""}) for answer in answers
        )
        assert known == unknown
        await it.mail()
        assert it.box.empty


async def test_a_link_is_good_once_and_for_one_of_ours(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = Person(it.front)
        await ada.ask("POST", "/signin", json={"email": ADA})
        secret = await it.mail()
        assert (await ada.enter(secret)).status_code == 204
        for wrong in (secret, "tdl_" + "a" * 43, ""):
            refused = await Person(it.front).enter(wrong)
            assert (refused.status_code, refused.json()["code"]) == (401, "letter_ended")
            assert "set-cookie" not in refused.headers


async def test_a_foreign_page_cannot_sign_anybody_in(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        eve = Person(it.front)
        await eve.ask("POST", "/signin", json={"email": "eve@example.org"})
        sent = {"json": {"letter": await it.mail()}, "headers": {"origin": "https://evil.test"}}
        refused = await eve.ask("POST", "/session", **sent)
        assert (refused.status_code, refused.json()["code"]) == (403, "origin_refused")


async def test_too_many_links_are_refused_with_a_moment_to_come_back(tmp_path: Path) -> None:
    async with hosted(tmp_path, signins_per_email_max=1) as it:
        ada = Person(it.front)
        await ada.ask("POST", "/signin", json={"email": ADA})
        refused = await ada.ask("POST", "/signin", json={"email": ADA})
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
        assert refused.headers["retry-after"] == "3600"
        assert "signins_per_email_max" in refused.json()["detail"]


async def test_bad_tokens_are_counted_and_good_ones_are_not_refused_for_them(tmp_path: Path) -> None:
    async with hosted(tmp_path, failed_tokens_per_minute_max=3) as it:
        async with it.front.nobody() as client:
            for number, expected in enumerate([401, 401, 401, 429, 429]):
                sent = {"authorization": f"Bearer tds_{number:043d}"}
                response = await client.get(f"{API}/account", headers=sent)
                assert response.status_code == expected
            assert "failed_tokens_per_minute_max" in response.json()["detail"]
            refused = await client.post(f"{API}/session", json={"letter": "tdl_" + "a" * 43})
            assert refused.status_code == 429
        assert (await it.front.ask("GET", "/account")).status_code == 200


async def test_members_come_see_and_do_what_their_role_allows(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        await it.change(ADA, tier="pro")
        viewer = await it.member(ada, BOB, "viewer")
        body = {"kind": "demo", "params": {"seconds": 1}, "tasks": [{"input": {}}]}
        assert (await viewer.ask("POST", "/batches", json=body)).json()["code"] == "forbidden"
        members = await ada.get("/members")
        assert [(each["email"], each["role"], each["you"]) for each in members["items"]] == [
            (ADA, "owner", True), (BOB, "viewer", False),
        ]  # fmt: skip
        bob = members["items"][1]["id"]
        changed = await ada.ask("PATCH", f"/members/{bob}", json={"role": "operator"})
        assert changed.json()["role"] == "operator"
        assert (await viewer.ask("POST", "/batches", json=body)).status_code == 201
        assert (await viewer.ask("PATCH", "/account", json={"name": "Mine"})).json()["code"] == "forbidden"
        assert (await viewer.ask("GET", "/audit")).json()["code"] == "forbidden"
        assert (await ada.ask("DELETE", f"/members/{bob}")).status_code == 204
        assert (await viewer.ask("GET", "/account")).status_code == 401
        deeds = await ada.get("/audit")
        assert [deed["what"] for deed in deeds["items"]] == [
            "member.removed", "member.assigned", "session.begun", "member.joined", "member.invited",
            "account.changed", "session.begun", "account.made",
        ]  # fmt: skip


async def test_members_are_pros_and_the_refusal_says_so(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        refused = await ada.ask("POST", "/members", json={"email": BOB, "role": "viewer"})
        problem = refused.json()
        assert (refused.status_code, problem["code"], problem["tier"]) == (403, "tier_required", "pro")
        assert problem["detail"] == "members: not with Free; Pro has it"


async def test_files_of_results_are_starters_and_json_is_everybodys(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        body = {"kind": "demo", "params": {"seconds": 1}, "tasks": [{"input": {}}]}
        path = f"/batches/{(await ada.ask('POST', '/batches', json=body)).json()['id']}/results"
        assert (await ada.ask("GET", path)).status_code == 200
        for form in ("csv", "ndjson"):
            refused = (await ada.ask("GET", f"{path}?format={form}")).json()
            assert (refused["code"], refused["tier"]) == ("tier_required", "starter")
        await it.change(ADA, tier="starter")
        assert (await ada.ask("GET", f"{path}?format=csv")).status_code == 200


async def test_an_office_is_chosen_by_session(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        await it.change(ADA, tier="pro")
        theirs = (await ada.get("/session"))["office"]
        bob = await it.person(BOB)
        own = (await bob.get("/session"))["office"]
        invited = await ada.ask("POST", "/members", json={"email": BOB, "role": "viewer"})
        assert invited.status_code == 201
        assert (await bob.enter(await it.mail())).status_code == 204
        me = await bob.get("/session")
        assert (me["office"], me["role"]) == (theirs, "viewer")
        assert [(place["id"], place["role"]) for place in me["offices"]] == [
            (own, "owner"),
            (theirs, "viewer"),
        ]
        assert (await bob.ask("PATCH", "/session", json={"office": own})).status_code == 204
        assert ((await bob.get("/session"))["office"], (await bob.get("/account"))["tier"]) == (own, "free")
        assert (await ada.ask("PATCH", "/session", json={"office": own})).status_code == 404


async def test_tokens_are_told_once_listed_and_revoked(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        wish = {"label": "ci", "scopes": ["read", "submit"], "expires": "2027-01-01T00:00:00Z"}
        made = await ada.ask("POST", "/tokens", json=wish)
        assert made.status_code == 201
        token = made.json()["token"]
        headers = {"authorization": f"Bearer {token}"}
        async with it.front.nobody() as client:
            assert (await client.get(f"{API}/session", headers=headers)).json()["scopes"] == [
                "read",
                "submit",
            ]
            (listed,) = (await ada.get("/tokens"))["items"]
            assert (listed["label"], listed["email"], listed["used"][:10]) == ("ci", ADA, "2026-11-18")
            assert token not in (await ada.ask("GET", "/tokens")).text
            assert (await client.post(f"{API}/tokens", json=wish, headers=headers)).json()[
                "code"
            ] == "forbidden"
            assert (await ada.ask("DELETE", f"/tokens/{listed['id']}")).status_code == 204
            assert (await client.get(f"{API}/session", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({}, "label: expected a text"),
        ({"label": "x", "scopes": []}, "scopes: expected some of read, submit, control, admin"),
        ({"label": "x", "scopes": ["house"]}, "scopes: expected some of read, submit, control, admin"),
        ({"label": "x", "scopes": "read"}, "scopes: expected some of"),
        ({"label": "x", "expires": "2026-01-01T00:00:00Z"}, "expires: expected a moment to come"),
        ({"label": "x", "role": "owner"}, "unknown member 'role'"),
    ],
)
async def test_what_is_no_wish_for_a_token(front: Front, wish: dict[str, Any], said: str) -> None:
    response = await front.ask("POST", "/tokens", json=wish)
    assert (response.status_code, response.json()["detail"][: len(said)]) == (400, said)


async def test_sign_out_everywhere(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        here, there = await it.person(ADA), await it.person(ADA)
        sessions = (await here.get("/sessions"))["items"]
        assert [(each["label"], each["current"]) for each in sessions] == [
            ("Firefox", True),
            ("Firefox", False),
        ]
        assert (await here.ask("DELETE", "/sessions")).status_code == 204
        for person in (here, there):
            assert (await person.ask("GET", "/session")).status_code == 401


async def test_one_session_is_ended_from_another(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        here, there = await it.person(ADA), await it.person(ADA)
        other = next(each for each in (await here.get("/sessions"))["items"] if not each["current"])
        assert (await here.ask("DELETE", f"/sessions/{other['id']}")).status_code == 204
        assert (await there.ask("GET", "/session")).status_code == 401
        assert (await here.ask("GET", "/session")).status_code == 200


async def test_a_suspended_account_reads_and_changes_nothing_until_it_is_resumed(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        body = {"kind": "demo", "params": {"seconds": 60}, "tasks": [{"input": {}}] * 3}
        batch = (await ada.ask("POST", "/batches", json=body)).json()["id"]
        assert (await it.change(ADA, suspended=True))["suspended"]
        for method, path in (
            ("POST", "/batches"),
            ("POST", f"/batches/{batch}/pause"),
            ("PATCH", "/account"),
        ):
            refused = await ada.ask(method, path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "suspended"), path
        assert (await ada.get(f"/batches/{batch}"))["running"] == 1
        assert (await ada.get("/session"))["suspended"] is True
        assert "suspended" not in await it.change(ADA, suspended=False)
        assert (await ada.ask("POST", f"/batches/{batch}/pause")).status_code == 200


async def test_a_suspended_account_still_reports_what_runs_and_ends_its_tokens(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        await ada.ask("POST", "/batches", json={"kind": "external", "tasks": [{"input": {}}] * 2})
        (lease,) = (await ada.ask("POST", "/leases", json={"max": 1})).json()
        token = (await ada.ask("POST", "/tokens", json={"label": "x"})).json()["id"]
        await it.change(ADA, suspended=True, slots=5)
        done = await ada.ask(
            "POST", f"/executions/{lease['execution']}/complete", json={"token": lease["token"], "result": 1}
        )
        assert (done.status_code, done.json()["state"]) == (200, "done")
        assert (await ada.ask("POST", "/leases", json={"max": 1})).json()["code"] == "suspended"
        assert (await ada.ask("DELETE", f"/tokens/{token}")).status_code == 204


async def test_the_operator_upgrades_while_work_runs(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        body = {"kind": "demo", "params": {"seconds": 60}, "tasks": [{"input": {}}] * 30}
        await ada.ask("POST", "/batches", json=body)
        await it.front.scheduler.settled()
        assert (await ada.get("/account"))["running"] == 1
        await it.change(ADA, tier="pro")
        await it.front.scheduler.settled()
        assert (await ada.get("/account"))["running"] == 10
        assert (await it.change(ADA, slots=20))["slots"] == 20
        await it.front.scheduler.settled()
        assert (await ada.get("/account"))["running"] == 20
        assert "slots" not in await it.change(ADA, slots=0)
        assert (await ada.get("/account"))["slots"] == 10


@pytest.mark.parametrize(
    ("change", "status"),
    [({}, 400), ({"tier": "gold"}, 400), ({"slots": -1}, 400), ({"slots": 1.5}, 400), ({"suspended": 1}, 400), ({"more": 1}, 400)],
)  # fmt: skip
async def test_what_is_no_change_of_an_account(tmp_path: Path, change: dict[str, Any], status: int) -> None:
    async with hosted(tmp_path) as it:
        await it.person(ADA)
        account = await it.account_of(ADA)
        response = await it.front.ask("PATCH", f"/accounts/{account['id']}", json=change)
        assert (response.status_code, response.json()["code"]) == (status, "invalid")


async def test_the_operators_own_account_is_never_suspended(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        path = f"/accounts/{it.front.owner.account}"
        refused = await it.front.ask("PATCH", path, json={"suspended": True})
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


async def test_an_account_is_made_once_for_an_idempotency_key(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        sent = {"json": {"email": ADA, "tier": "pro", "name": "Acme"}, "headers": {"idempotency-key": "k"}}
        first, again = [await it.front.ask("POST", "/accounts", **sent) for _ in range(2)]
        assert (first.status_code, first.json()["name"]) == (201, "Acme")
        assert again.json() == first.json()


async def test_a_local_server_has_one_owner_and_no_accounts(front: Front) -> None:
    assert await front.get("/signin") == {"mode": "local", "email": False}
    assert (await front.get("/session"))["role"] == "owner"
    assert await front.get("/members") == {"items": [], "invited": []}
    asked = [
        await front.ask("POST", "/signin", json={"email": ADA}),
        await front.ask("POST", "/members", json={"email": ADA, "role": "viewer"}),
        await front.ask("GET", "/accounts"),
        await front.ask("POST", "/accounts", json={"email": ADA}),
        await front.ask("PATCH", "/accounts/nothing1", json={"tier": "pro"}),
        await front.ask("POST", "/accounts/nothing1/tokens", json={}),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in asked} == {(409, "hosted_only")}


async def test_what_is_answered_has_the_shape_that_was_promised(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        ada = await it.person(ADA)
        changed = await it.change(ADA, tier="pro", slots=12, suspended=False)
        invitation = (await ada.ask("POST", "/members", json={"email": BOB, "role": "viewer"})).json()
        members = await ada.get("/members")
        await it.mail()  # which a new invitation makes void
        bob = await it.member(ada, BOB, "operator")
        member = (await ada.get("/members"))["items"][1]
        changed_member = await ada.ask("PATCH", f"/members/{member['id']}", json={"role": "viewer"})
        made = (
            await ada.ask("POST", "/tokens", json={"label": "ci", "expires": "2027-01-01T00:00:00Z"})
        ).json()
        given = await it.front.ask("POST", f"/accounts/{changed['id']}/tokens", json={"label": "x"})
        await it.change(ADA, suspended=True)
        found: list[tuple[str, Any]] = [
            ("Session", await ada.get("/session")), ("Session", await bob.get("/session")),
            ("Sessions", await ada.get("/sessions")), ("ListedSession", (await ada.get("/sessions"))["items"][0]),
            ("SignInWays", await ada.get("/signin")), ("MadeToken", made), ("MadeToken", given.json()),
            ("Tokens", await ada.get("/tokens")), ("ListedToken", (await ada.get("/tokens"))["items"][0]),
            ("Invitation", invitation), ("Members", members), ("Member", changed_member.json()),
            ("Deeds", await ada.get("/audit")), ("Deed", (await ada.get("/audit"))["items"][0]),
            ("Deletes", (await ada.ask("DELETE", "/account", json={"confirm": (await ada.get("/account"))["name"]})).json()),
            ("ListedAccount", changed), ("Accounts", await it.front.get("/accounts")),
        ]  # fmt: skip
        for name, value in found:
            fits(value, ref(name), name)
        sent = {
            "SessionStart", "SessionPatch", "SignInAsked", "NewToken", "NewMember", "MemberPatch", "NewAccount",
            "ListedAccountPatch", "AccountDeleted",
        }  # fmt: skip
        assert {name for name, _ in found} == set(PEOPLE_SCHEMAS) - sent
