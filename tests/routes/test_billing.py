"""Buying over HTTP: who may, what is answered, and what is said where nothing is sold."""

from pathlib import Path
from typing import Any

import pytest

from server.model import Role, Scope
from server.routes.billing import terms_shape, webhook_bytes_max
from server.routes.billingschemas import BILLING_SCHEMAS
from server.routes.billingtable import BILLING
from server.routes.schemas import ref
from tests.billing.selling import selling
from tests.routes.conftest import API, Front, fronted
from tests.routes.test_openapi import fits


async def test_where_nothing_is_sold_it_says_so(front: Front) -> None:
    for method, path, body in (
        ("POST", "/billing/checkout", {"tier": "pro"}), ("POST", "/billing/portal", None),
        ("GET", "/billing/reconcile", None), ("POST", "/billing/reconcile", None), ("POST", "/webhooks/stripe", {}),
    ):  # fmt: skip
        response = await front.ask(method, path, json=body)
        assert (response.status_code, response.json()["code"]) == (409, "billing_not_set_up"), path
        assert "billing is not set up here" in response.json()["detail"]
    assert "billing" not in await front.get("/account")


async def test_what_is_answered_has_the_shape_that_was_promised(tmp_path: Path) -> None:
    async with selling(tmp_path, support_contact="help@example.org") as shop:
        checkout = await shop.checkout("starter")
        await shop.buy("starter")
        account = await shop.account()
        assert account["billing"]["state"] == "active"
        portal = await shop.owner.ask("POST", "/billing/portal")
        assert portal.status_code == 201
        await shop.it.front.ask("POST", "/billing/reconcile")
        await shop.it.front.clock.advance(1000)
        tiers = (await shop.owner.get("/tiers"))["items"]
        found: dict[str, Any] = {
            "Page": checkout.json(), "Billing": account["billing"], "Support": account["support"],
            "Reconciled": await shop.it.front.get("/billing/reconcile"), "Account": account,
        }  # fmt: skip
        for name, value in found.items():
            fits(value, ref(name), name)
        assert set(BILLING_SCHEMAS) - set(found) == {"NewCheckout", "StripeEvent"}
        assert [tier["buyable"] for tier in tiers] == [False, True, True, False]
        assert found["Reconciled"] == {
            "state": "idle", "at": "2026-11-18T11:06:40.000Z", "checked": 1, "differed": 0, "foreign": 0
        }  # fmt: skip


async def test_only_owners_see_more_than_how_it_stands(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.buy("pro")
        viewer = await shop.it.member(shop.owner, "bob@example.org", "viewer")
        assert (await viewer.get("/account"))["billing"] == {"state": "active"}
        operator = await shop.it.member(shop.owner, "cy@example.org", "operator")
        assert (await operator.get("/account"))["billing"] == {"state": "active"}
        for person in (viewer, operator):
            for path, body in (("/billing/checkout", {"tier": "pro"}), ("/billing/portal", None)):
                response = await person.ask("POST", path, json=body)
                assert (response.status_code, response.json()["code"]) == (403, "forbidden")


async def test_an_owners_token_needs_the_scope_admin(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        made = await shop.owner.ask(
            "POST", "/tokens", json={"label": "ci", "scopes": ["read", "submit", "control"]}
        )
        async with shop.it.front.nobody() as client:
            headers = {"authorization": f"Bearer {made.json()['token']}"}
            response = await client.post(f"{API}/billing/checkout", json={"tier": "pro"}, headers=headers)
            assert response.json()["code"] == "forbidden"


async def test_a_suspended_account_may_end_what_it_pays_but_buy_nothing(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.buy("starter")
        await shop.it.change("ada@example.org", suspended=True)
        assert (await shop.checkout("pro")).json()["code"] == "suspended"
        assert (await shop.owner.ask("POST", "/billing/portal")).status_code == 201


@pytest.mark.parametrize(
    "body", [{}, {"tier": None}, {"tier": 1}, {"tier": "gold"}, {"tier": "enterprise"}, {"plan": "pro"}, []]
)
async def test_what_cannot_be_bought_is_refused(tmp_path: Path, body: Any) -> None:
    async with selling(tmp_path) as shop:
        response = await shop.owner.ask("POST", "/billing/checkout", json=body)
        assert (response.status_code, response.json()["code"]) == (400, "invalid")
        assert shop.stripe.calls == []


async def test_a_request_that_comes_again_is_answered_as_the_first_time(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        answers = [
            await shop.owner.ask(
                "POST", "/billing/checkout", json={"tier": "pro"}, headers={"idempotency-key": "k1"}
            )
            for _ in range(2)
        ]
        assert answers[0].json() == answers[1].json()
        assert answers[1].headers["idempotency-replayed"] == "true"
        other = await shop.owner.ask(
            "POST", "/billing/checkout", json={"tier": "starter"}, headers={"idempotency-key": "k1"}
        )
        assert other.json()["code"] == "idempotency_mismatch"


async def test_an_event_that_is_too_large_is_refused(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        response = await shop.hear(
            {"id": "evt_1", "type": "x", "data": {"object": {"text": "x" * webhook_bytes_max}}}
        )
        assert (response.status_code, response.json()["limit"]) == (413, "webhook_bytes_max")


async def test_reconciling_is_the_operators(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        for method in ("GET", "POST"):
            assert (await shop.owner.ask(method, "/billing/reconcile")).json()["code"] == "forbidden"
            assert (await shop.it.front.ask(method, "/billing/reconcile")).is_success


async def test_the_house_itself_is_no_customer_until_it_buys(tmp_path: Path) -> None:
    async with fronted(tmp_path) as front:
        token = await front.issue(Role.OWNER, Scope.READ, Scope.ADMIN)
        async with front.nobody() as client:
            response = await client.post(
                f"{API}/billing/portal", headers={"authorization": f"Bearer {token}"}
            )
            assert response.status_code == 409


def test_every_route_has_the_tag() -> None:
    assert {entry.tag for entry in BILLING} == {"billing"}
    assert terms_shape.__doc__ is not None
