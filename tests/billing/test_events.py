"""What Stripe tells, and what comes of it: doubled, late, reordered, forged, foreign, and while Stripe is away."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.billing.clerk import Clerk, backoff_ms_max
from server.billing.inbox import Inbox
from server.billing.settling import Settling, merged
from server.billing.terms import DAY_MS, terms_of
from server.store.customers import customer_of
from server.store.subscriptions import Subscription
from tests.billing.selling import HOUR_MS, Shop, selling
from tests.billing.test_terms import NOW_MS, PRICES, PRO

SEEDS = 6
MOVES = ("renew", "fail", "settle", "give_up", "cancel_later", "keep", "pro", "starter", "end")


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


async def move(shop: Shop, bought: str, what: str) -> None:
    """Something happens at Stripe, if it can."""
    books = shop.stripe.books
    status = books.subscriptions[bought]["status"]
    if status == "canceled":
        return
    moves: dict[str, Callable[[], object]] = {
        "renew": lambda: books.renew(bought), "fail": lambda: books.renew(bought, paid=False),
        "settle": lambda: books.settle(bought), "give_up": lambda: books.give_up(bought),
        "cancel_later": lambda: books.cancel_later(bought), "keep": lambda: books.keep(bought),
        "pro": lambda: books.change(bought, "price_pro"), "starter": lambda: books.change(bought, "price_starter"),
        "end": lambda: books.end(bought),
    }  # fmt: skip
    moves[what]()


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_any_order_and_repetition_ends_in_what_stripe_has(tmp_path: Path, seed: int) -> None:
    """Things happen; some events come at once, some later, doubled, in another order, some while Stripe is away."""
    chance = random.Random(seed)
    async with selling(tmp_path) as shop:
        bought = await shop.buy(chance.choice(["starter", "pro"]))
        kept = []
        for _ in range(12):
            await move(shop, bought, chance.choice(MOVES))
            kept += shop.held()
            chance.shuffle(kept)
            shop.stripe.down = chance.random() < 0.2
            for event in kept[: chance.randrange(len(kept) + 1)]:
                assert (await shop.hear(event)).status_code == 200
            await shop.settled()
            await shop.it.front.clock.advance(chance.randrange(2 * HOUR_MS))
        shop.stripe.down = False
        for event in chance.sample(kept, len(kept)):
            await shop.hear(event)
        await shop.settled()
        await shop.it.front.clock.advance(backoff_ms_max)
        theirs = shop.stripe.books.subscriptions[bought]
        price = theirs["items"]["data"][0]["price"]["id"].removeprefix("price_")
        over = theirs["status"] == "canceled"
        assert await shop.tier() == ("free" if over else price), f"seed {seed}"
        state = (await shop.account())["billing"]["state"]
        expected = {"active": "ending" if theirs["cancel_at"] else "active", "canceled": "none"}
        assert state == expected.get(theirs["status"], "past_due"), f"seed {seed}"
        async with shop.it.front.db.read() as conn:
            row = await customer_of(conn, await shop.id())
        assert row is not None
        assert row.applied == (None if over else price)


SEEN = st.lists(
    st.builds(
        Subscription,
        id=st.sampled_from(["sub_1", "sub_2", "sub_3"]),
        status=st.sampled_from(["active", "past_due", "unpaid", "canceled", "paused", "incomplete"]),
        price=st.sampled_from(["price_p", "price_s", "price_x"]),
        item=st.just("si"),
        period_end_ms=st.just(PRO.period_end_ms),
        cancel_ms=st.sampled_from([None, NOW_MS + DAY_MS]),
        behind_ms=st.sampled_from([None, NOW_MS - DAY_MS, NOW_MS - 9 * DAY_MS]),
    ),
    max_size=3,
    unique_by=lambda each: each.id,
)


@settings(max_examples=200)
@given(st.lists(SEEN, min_size=1, max_size=5))
def test_only_what_was_seen_last_counts(looks: list[list[Subscription]]) -> None:
    """Whatever was seen before, the state is that of the last look; but a grace that began earlier is no longer than it was."""
    known: dict[str, Subscription] = {}
    for seen in looks:
        known = merged(known, seen, NOW_MS)
    fresh = merged({}, looks[-1], NOW_MS)
    told, alone = terms_of(known.values(), PRICES, NOW_MS), terms_of(fresh.values(), PRICES, NOW_MS)
    assert told.uncertain == alone.uncertain
    for name, each in fresh.items():
        assert known[name].status == each.status
        assert (known[name].behind_ms or 0) <= (each.behind_ms or 0)
    if not any(each.status in {"past_due", "unpaid"} for each in looks[-1]):
        assert (told.state, told.gives, told.tier) == (alone.state, alone.gives, alone.tier)
    assert Settling.__doc__ is not None
