"""Any order and repetition of what is told, late and while Stripe is away, ends in what Stripe has."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.billing.clerk import backoff_ms_max
from server.billing.reading import client_of
from server.billing.settling import Settling, merged
from server.billing.terms import DAY_MS, Standing, grace_ms_max, terms_of
from server.store.customers import customer_of
from server.store.subscriptions import Subscription
from tests.billing.selling import HOUR_MS, selling
from tests.billing.test_terms import NOW_MS, PRICES, PRO
from tests.fakes.stripe_books import Books

SEEDS = 6
MOVES = ("renew", "fail", "settle", "give_up", "cancel_later", "keep", "pro", "starter", "end")


def happen(books: Books, bought: str, what: str, prices: Mapping[str, str]) -> None:
    """Something happens at Stripe, if it can."""
    if books.subscriptions[bought]["status"] == "canceled":
        return
    moves: dict[str, Callable[[], object]] = {
        "renew": lambda: books.renew(bought), "fail": lambda: books.renew(bought, paid=False),
        "settle": lambda: books.settle(bought), "give_up": lambda: books.give_up(bought),
        "cancel_later": lambda: books.cancel_later(bought), "keep": lambda: books.keep(bought),
        "pro": lambda: books.change(bought, prices["pro"]), "starter": lambda: books.change(bought, prices["starter"]),
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
            prices = {"pro": "price_pro", "starter": "price_starter"}
            happen(shop.stripe.books, bought, chance.choice(MOVES), prices)
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


@settings(max_examples=300)
@given(st.lists(st.sampled_from([*MOVES, "look", "day"]), max_size=20))
def test_the_last_look_sees_what_stripe_has(history: list[str]) -> None:
    """Events only lead to looks; so a history is what happens, and when somebody looks. Whatever it was, the end is the same."""
    now_s = [NOW_MS // 1000]
    books = Books(lambda: now_s[0], lambda _event: None)
    books.prices.update(price_p="pro", price_s="starter")
    customer = books.add_customer("ada@example.org", {})["id"]
    bought = books.subscribe(customer, "price_p")["id"]
    known: dict[str, Subscription] = {}

    def look() -> None:
        client = client_of(books.customer(customer, ("subscriptions",)))
        known.update(merged(known, client.live, now_s[0] * 1000))

    for step in history:
        if step == "look":
            look()
        elif step == "day":
            now_s[0] += DAY_MS // 1000
        elif books.subscriptions[bought]["status"] != "canceled":
            happen(books, bought, step, {"pro": "price_p", "starter": "price_s"})
    look()
    terms, theirs = terms_of(known.values(), PRICES, now_s[0] * 1000), books.subscriptions[bought]
    tier = PRICES.tiers[theirs["items"]["data"][0]["price"]["id"]]
    if theirs["status"] == "canceled":
        assert (terms.state, terms.gives) == (Standing.NONE, None)
    elif theirs["status"] == "active":
        assert terms.state == (Standing.ENDING if theirs["cancel_at"] else Standing.ACTIVE)
        assert terms.gives == terms.tier == tier
    else:
        owed_s = books.invoices[theirs["latest_invoice"]]["created"]
        assert terms.tier == tier
        if now_s[0] - owed_s >= grace_ms_max // 1000:
            assert (terms.state, terms.gives) == (Standing.UNPAID, None)
        elif terms.state is Standing.PAST_DUE:
            assert terms.gives == tier


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
