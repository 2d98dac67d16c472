"""What Stripe tells, and what comes of it: doubled, late, reordered, forged, foreign, and while Stripe is away."""

import asyncio
from pathlib import Path

from server.billing.clerk import Clerk, backoff_ms_max, looks_at_once_max
from server.billing.inbox import Inbox
from server.billing.terms import DAY_MS
from server.store.customers import add_customer
from tests.billing.selling import HOUR_MS, selling
from tests.fakes.house import reached


async def test_an_event_that_comes_twice_is_heeded_once(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        assert isinstance(shop.payments.inbox, Inbox)
        await shop.checkout("pro")
        shop.stripe.books.pay(next(iter(shop.stripe.books.sessions)))
        events = shop.held()
        for event in [*events, *events]:
            assert (await shop.hear(event)).status_code == 200
        await shop.settled()
        figures = shop.payments.figures()
        assert figures.events_total["taken"] == len(events)
        assert figures.events_total["repeated"] == len(events)
        assert len(await shop.deeds("plan.changed")) == 1


async def test_what_is_forged_or_late_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.checkout("pro")
        shop.stripe.books.pay(next(iter(shop.stripe.books.sessions)))
        event = shop.held()[-1]
        forged = await shop.hear(event, secret="whsec_" + "00" * 16)
        assert (forged.status_code, forged.json()["code"]) == (400, "forged")
        late = await shop.hear(event, late_s=301)
        assert (late.status_code, late.json()["code"]) == (400, "late")
        malformed = await shop.hear({"id": "evt_x"})
        assert (malformed.status_code, malformed.json()["code"]) == (400, "invalid")
        figures = shop.payments.figures().events_total
        assert (figures["forged"], figures["late"], figures["malformed"]) == (1, 1, 1)
        await shop.settled()
        assert await shop.tier() == "free"
        assert (await shop.hear(event, late_s=300)).status_code == 200
        await shop.settled()
        assert await shop.tier() == "pro"


async def test_while_a_secret_is_changed_both_are_good(tmp_path: Path) -> None:
    new = "whsec_" + "77" * 16
    async with selling(tmp_path) as shop:
        both = f"{new},{shop.stripe.post.secret}"
    (tmp_path / "both").mkdir()
    async with selling(tmp_path / "both", stripe_webhook_secret=both) as shop:
        event = {"id": "evt_1", "type": "invoice.paid", "data": {"object": {"customer": "cus_nobody"}}}
        assert (await shop.hear(event)).status_code == 200
        assert (await shop.hear({**event, "id": "evt_2"}, secret=new)).status_code == 200


async def test_what_is_about_nobody_here_is_answered_and_forgotten(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        stranger = shop.stripe.books.add_customer("eve@example.org", {})
        shop.stripe.books.subscribe(stranger["id"], "price_pro")
        await shop.hear_all()
        assert shop.payments.figures().events_total["foreign"] == 3
        assert not any("/customers/" in path for _, path in shop.stripe.calls)


async def test_what_an_event_says_is_not_believed(tmp_path: Path) -> None:
    """Somebody who has the secret of the webhook says that a subscription is there: Stripe is asked, and has none."""
    async with selling(tmp_path) as shop:
        await shop.checkout("pro")
        customer = await shop.customer()
        made_up = {"id": "sub_x", "object": "subscription", "customer": customer, "status": "active"}
        event = {"id": "evt_x", "type": "customer.subscription.created", "data": {"object": made_up}}
        assert (await shop.hear(event)).status_code == 200
        await shop.settled()
        assert await shop.tier() == "free"


async def test_while_stripe_is_away_it_is_tried_again_and_later_each_time(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        assert isinstance(shop.payments.clerk, Clerk)
        clock = shop.it.front.clock
        await shop.checkout("pro")
        shop.stripe.books.pay(next(iter(shop.stripe.books.sessions)))
        shop.stripe.down = True
        await shop.hear_all()
        tried = len(shop.stripe.calls)
        for wait_ms in (2_000, 4_000, 8_000, 16_000):
            await clock.advance(wait_ms - 1)
            assert len(shop.stripe.calls) == tried
            await clock.advance(1)
            tried += 1
            assert len(shop.stripe.calls) == tried
        look = ("GET", f"/v1/customers/{await shop.customer()}")
        looks = shop.stripe.calls.count(look)
        await clock.advance(DAY_MS)
        assert shop.stripe.calls.count(look) - looks <= 24 + 10
        assert await shop.tier() == "free"
        shop.stripe.down = False
        await clock.advance(backoff_ms_max)
        assert await shop.tier() == "pro"
        assert shop.payments.figures().looks_total["changed"] == 1


async def test_what_is_heard_while_it_is_put_off_has_it_tried_at_once(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.checkout("pro")
        shop.stripe.books.pay(next(iter(shop.stripe.books.sessions)))
        first, *others = shop.held()
        shop.stripe.down = True
        await shop.hear(others[0])
        await shop.it.front.clock.advance(HOUR_MS)
        shop.stripe.down = False
        await shop.hear(others[1])
        await shop.settled()
        assert await shop.tier() == "pro"
        assert first["type"] == "customer.created"


async def test_what_happens_during_a_look_leads_to_another_one(tmp_path: Path) -> None:
    """Stripe has answered, and the answer is on its way, when somebody pays: what is heard then is not taken for seen."""
    async with selling(tmp_path) as shop:
        url = (await shop.checkout("pro")).json()["url"]
        customer = await shop.customer()
        shop.stripe.open.clear()
        early = {
            "id": "evt_early",
            "type": "customer.updated",
            "data": {"object": {"object": "customer", "id": customer}},
        }
        await shop.hear(early)
        look = ("GET", f"/v1/customers/{customer}")
        before = shop.stripe.calls.count(look)
        await reached(lambda: shop.stripe.calls.count(look) > before)
        shop.stripe.books.pay(url.rpartition("/")[2])
        for event in shop.held():
            assert (await shop.hear(event)).status_code == 200
        shop.stripe.open.set()
        await shop.settled()
        assert await shop.tier() == "pro"
        assert shop.stripe.calls.count(look) == before + 2
        async with shop.it.front.db.read() as conn:
            undone = await conn.exec_driver_sql("SELECT count(*) FROM stripe_events WHERE done_ms IS NULL")
            assert undone.scalar() == 0


async def test_a_price_that_is_not_in_the_settings_changes_nothing_and_is_told_once(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("pro")
        shop.stripe.books.change(bought, "price_of_last_year")
        await shop.hear_all()
        shop.stripe.books.renew(bought)
        await shop.hear_all()
        assert await shop.tier() == "pro"
        (deed,) = await shop.deeds("plan.price_unknown")
        assert deed["detail"] == {"price": "price_of_last_year"}
        shop.stripe.books.change(bought, "price_starter")
        await shop.hear_all()
        assert await shop.tier() == "starter"


async def test_a_few_are_looked_at_at_once_and_nobody_twice_at_a_time(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        front = shop.it.front
        for number in range(3 * looks_at_once_max):
            made = await front.ask("POST", "/accounts", json={"email": f"p{number}@example.org"})
            customer = shop.stripe.books.add_customer(f"p{number}@example.org", {})["id"]
            shop.stripe.books.subscribe(customer, "price_starter")
            async with front.db.write() as tx:
                await add_customer(tx.conn, account=made.json()["id"], customer=customer, now_ms=1)
        shop.stripe.open.clear()
        for event in shop.held():
            await shop.hear(event)
        await reached(lambda: len(shop.stripe.calls) >= looks_at_once_max)
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(shop.stripe.calls) == looks_at_once_max
        assert len(set(shop.stripe.calls)) == looks_at_once_max
        shop.stripe.open.set()
        await shop.settled()
        tiers = [each["tier"] for each in (await front.get("/accounts", limit=50))["items"]]
        assert tiers.count("starter") == 3 * looks_at_once_max
        again = (
            looks_at_once_max  # of those who were being looked at already when the rest of theirs was heard
        )
        assert 3 * looks_at_once_max <= len(shop.stripe.calls) <= 3 * looks_at_once_max + again
