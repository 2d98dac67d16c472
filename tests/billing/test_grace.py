"""What happens in the course of days: a payment that does not come, a cancellation, an operator's own choice."""

from pathlib import Path

from server.billing.clerk import backoff_ms_max
from server.billing.terms import DAY_MS
from server.store.customers import customer_of
from tests.billing.selling import HOUR_MS, selling


async def test_not_paid_is_seven_days_of_grace_and_then_the_first_tier(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        clock = shop.it.front.clock
        bought = await shop.buy("pro")
        shop.stripe.books.renew(bought, paid=False)
        await shop.hear_all()
        account = await shop.account()
        assert account["tier"] == "pro"
        assert account["billing"]["state"] == "past_due"
        assert account["billing"]["grace"] == "2026-11-25T11:06:40.000Z"
        await clock.advance(7 * DAY_MS - 1)
        assert await shop.tier() == "pro"
        await clock.advance(1)
        account = await shop.account()
        assert (account["tier"], account["billing"]["state"]) == ("free", "unpaid")
        shop.stripe.books.settle(bought)
        await shop.hear_all()
        assert await shop.tier() == "pro"
        states = [deed["detail"]["state"] for deed in await shop.deeds("plan.changed")]
        assert states == ["active", "unpaid", "active"]


async def test_who_pays_in_the_last_minute_keeps_the_plan_though_nobody_told(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("pro")
        shop.stripe.books.renew(bought, paid=False)
        await shop.hear_all()
        await shop.it.front.clock.advance(7 * DAY_MS - 60_000)
        shop.stripe.books.settle(bought)
        shop.held()  # this event is lost
        await shop.it.front.clock.advance(DAY_MS)
        assert await shop.tier() == "pro"
        assert (await shop.account())["billing"]["state"] == "active"


async def test_while_stripe_is_away_nobody_loses_a_plan(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("pro")
        shop.stripe.books.renew(bought, paid=False)
        await shop.hear_all()
        shop.stripe.down = True
        await shop.it.front.clock.advance(9 * DAY_MS)
        assert await shop.tier() == "pro"
        shop.stripe.down = False
        await shop.it.front.clock.advance(backoff_ms_max)
        assert await shop.tier() == "free"


async def test_another_unpaid_month_begins_no_other_week(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("pro")
        shop.stripe.books.renew(bought, paid=False)
        await shop.hear_all()
        await shop.it.front.clock.advance(8 * DAY_MS)
        assert await shop.tier() == "free"
        await shop.it.front.clock.advance(22 * DAY_MS)
        shop.stripe.books.renew(bought, paid=False)
        await shop.hear_all()
        assert await shop.tier() == "free"


async def test_what_is_cancelled_stays_to_its_end_and_is_then_looked_at(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("pro")
        shop.stripe.books.cancel_later(bought)
        await shop.hear_all()
        account = await shop.account()
        assert account["tier"] == "pro"
        assert account["billing"] == {"state": "ending", "tier": "pro", "ends": "2026-12-18T11:06:40.000Z"}
        await shop.it.front.clock.advance(30 * DAY_MS)
        shop.stripe.books.end(bought)
        shop.held()  # nobody hears of it
        assert await shop.tier() == "pro"
        await shop.it.front.clock.advance(HOUR_MS)
        assert await shop.tier() == "free"


async def test_an_operators_choice_stays_until_the_subscription_changes(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("starter")
        await shop.it.change("ada@example.org", tier="enterprise")
        shop.stripe.books.renew(bought)
        await shop.hear_all()
        assert await shop.tier() == "enterprise"
        shop.stripe.books.change(bought, "price_pro")
        await shop.hear_all()
        assert await shop.tier() == "pro"
        await shop.it.change("ada@example.org", tier="enterprise")
        shop.stripe.books.end(bought)
        await shop.hear_all()
        assert await shop.tier() == "enterprise"
        actors = [
            deed["actor"] for deed in (await shop.owner.get("/audit"))["items"] if "plan" in deed["what"]
        ]
        assert actors == ["stripe", "stripe"]
        assert len(await shop.deeds("account.changed")) == 2


async def test_a_lower_plan_lets_what_runs_end_and_spares_recordings(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("pro")
        body = {"kind": "demo", "params": {"seconds": 60}, "tasks": [{"input": {}}] * 30}
        await shop.owner.ask("POST", "/batches", json=body)
        await shop.settled()
        shop.stripe.books.end(bought)
        await shop.hear_all()
        account = await shop.account()
        assert (account["tier"], account["slots"], account["running"]) == ("free", 1, 10)
        async with shop.it.front.db.read() as conn:
            row = await customer_of(conn, await shop.id())
        assert row is not None
        assert row.applied is None
