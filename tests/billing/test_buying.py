"""Buying: from the press of a button over Stripe's page to another plan, and every way in which that may go otherwise."""

import asyncio
from pathlib import Path

from server.billing.contract import Client
from server.billing.till import Till
from tests.billing.selling import selling


async def test_who_buys_has_the_plan_when_stripe_has_told(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        assert isinstance(shop.payments.till, Till)
        assert (await shop.account())["billing"] == {"state": "none"}
        made = await shop.checkout("pro")
        assert made.status_code == 201
        assert made.json()["url"].startswith(f"{shop.stripe.url}/pay/cs_")
        assert await shop.tier() == "free"
        session = shop.stripe.books.pay(made.json()["url"].rpartition("/")[2])
        assert session["success_url"] == "https://desk.example/?billing=done"
        assert session["cancel_url"] == "https://desk.example/?billing=back"
        assert await shop.tier() == "free"
        await shop.hear_all()
        account = await shop.account()
        assert (account["tier"], account["slots"]) == ("pro", 10)
        assert account["billing"] == {"state": "active", "tier": "pro", "renews": "2026-12-18T11:06:40.000Z"}
        (deed,) = await shop.deeds("plan.changed")
        assert deed["actor"] == "stripe"
        assert deed["about"] == session["subscription"]
        assert deed["detail"] == {"tier": "pro", "before": "free", "state": "active"}


async def test_more_starts_at_once_while_work_runs(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        body = {"kind": "demo", "params": {"seconds": 600}, "tasks": [{"input": {}}] * 30}
        await shop.owner.ask("POST", "/batches", json=body)
        await shop.settled()
        assert (await shop.account())["running"] == 1
        await shop.buy("pro")
        assert (await shop.account())["running"] == 10


async def test_two_presses_make_one_customer_and_one_checkout(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        pressed = await asyncio.gather(*(shop.checkout("pro") for _ in range(5)))
        assert {response.status_code for response in pressed} == {201}
        assert len({response.json()["url"] for response in pressed}) == 1
        assert len(shop.stripe.books.customers) == len(shop.stripe.books.sessions) == 1
        (customer,) = shop.stripe.books.customers.values()
        assert customer["email"] == "ada@example.org"
        assert customer["metadata"] == {"account": await shop.id()}


async def test_another_plan_ends_the_checkout_of_the_one_before(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        first = (await shop.checkout("starter")).json()["url"]
        second = (await shop.checkout("pro")).json()["url"]
        assert first != second
        states = [each["status"] for each in shop.stripe.books.sessions.values()]
        assert states == ["expired", "open"]
        assert len(shop.stripe.books.customers) == 1


async def test_a_checkout_that_has_expired_is_begun_anew(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        first = (await shop.checkout("pro")).json()["url"]
        shop.stripe.books.expire(first.rpartition("/")[2])
        second = (await shop.checkout("pro")).json()["url"]
        assert second != first
        assert (await shop.checkout("pro")).json()["url"] == second


async def test_who_presses_again_after_paying_pays_once(tmp_path: Path) -> None:
    """The event is not there yet, but Stripe knows: nobody buys a second time, and the plan follows from the press."""
    async with selling(tmp_path) as shop:
        url = (await shop.checkout("pro")).json()["url"]
        shop.stripe.books.pay(url.rpartition("/")[2])
        again = await shop.checkout("pro")
        assert (again.status_code, again.json()["code"]) == (409, "paid_already")
        assert len(shop.stripe.books.sessions) == 1
        await shop.settled()
        assert await shop.tier() == "pro"


async def test_who_pays_while_the_button_is_pressed_pays_once(tmp_path: Path) -> None:
    """Stripe said that nothing is paid, and then that the checkout is complete."""
    async with selling(tmp_path) as shop:
        url = (await shop.checkout("pro")).json()["url"]
        look = shop.payments.till._stripe.customer

        async def looking(customer: str) -> Client:
            found = await look(customer)
            if not shop.stripe.books.subscriptions:
                shop.stripe.books.pay(url.rpartition("/")[2])
            return found

        shop.payments.till._stripe.customer = looking  # type: ignore[method-assign]
        again = await shop.checkout("pro")
        assert (again.status_code, again.json()["code"]) == (409, "paid_already")
        assert len(shop.stripe.books.sessions) == 1


async def test_whose_subscription_has_ended_buys_again(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        first = await shop.buy("pro")
        shop.stripe.books.end(first)
        await shop.hear_all()
        assert await shop.tier() == "free"
        second = await shop.buy("pro")
        assert second != first
        assert await shop.tier() == "pro"
        assert len(shop.stripe.books.customers) == 1


async def test_who_pays_already_confirms_the_change_of_that_subscription(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("starter")
        url = (await shop.checkout("pro")).json()["url"]
        portal = shop.stripe.books.portals[url.rpartition("/")[2]]
        assert portal["change"] == (bought, "price_pro")
        assert portal["done_url"] == "https://desk.example/?billing=done"
        assert await shop.tier() == "starter"
        shop.stripe.books.change(bought, "price_pro")
        await shop.hear_all()
        assert await shop.tier() == "pro"
        assert len(shop.stripe.books.subscriptions) == 1


async def test_what_is_paid_for_cannot_be_bought_again(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.buy("pro")
        again = await shop.checkout("pro")
        assert (again.status_code, again.json()["code"]) == (409, "paid_already")


async def test_who_is_behind_or_about_to_end_is_sent_to_the_whole_portal(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("starter")
        for move in (shop.stripe.books.cancel_later, shop.stripe.books.give_up):
            move(bought)
            url = (await shop.checkout("pro")).json()["url"]
            assert shop.stripe.books.portals[url.rpartition("/")[2]]["change"] is None


async def test_who_never_bought_has_no_portal(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        response = await shop.owner.ask("POST", "/billing/portal")
        assert (response.status_code, response.json()["code"]) == (409, "no_customer")


async def test_a_customer_who_was_deleted_at_stripe_becomes_a_new_one(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.buy("pro")
        before = await shop.customer()
        shop.stripe.books.drop_customer(before)
        await shop.hear_all()
        assert await shop.tier() == "free"
        assert (await shop.account())["billing"] == {"state": "none"}
        response = await shop.owner.ask("POST", "/billing/portal")
        assert (response.status_code, response.json()["code"]) == (409, "no_customer")
        await shop.buy("starter")
        assert await shop.customer() != before
        assert await shop.tier() == "starter"


async def test_while_stripe_is_down_nothing_is_bought_and_it_is_said(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        shop.stripe.down = True
        for ask in (shop.checkout("pro"), shop.checkout("pro")):
            response = await ask
            assert (response.status_code, response.json()["code"]) == (503, "stripe_down")
            assert "sk_test" not in response.text
        shop.stripe.down = False
        assert (await shop.checkout("pro")).status_code == 201
        assert len(shop.stripe.books.customers) == 1


async def test_a_portal_that_allows_no_changes_is_said_to_be_stripes_trouble(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.buy("starter")
        shop.stripe.changes = False
        response = await shop.checkout("pro")
        assert (response.status_code, response.json()["code"]) == (503, "stripe_down")
        assert "portal does not allow" not in response.text
