"""Each night all is compared with what Stripe has: what nobody told of is found, mended and counted."""

from pathlib import Path

from server.billing.reconcile import Reconcile, until_night_ms
from server.billing.terms import DAY_MS
from tests.billing.selling import HOUR_MS, selling
from tests.fakes.clock import START_MS

NIGHT_MS = until_night_ms(START_MS)


def test_the_next_night_is_never_now() -> None:
    assert (START_MS + NIGHT_MS) // HOUR_MS % 24 == 3
    assert until_night_ms(START_MS + NIGHT_MS) == DAY_MS
    assert until_night_ms(START_MS + NIGHT_MS - 1) == 1


async def test_what_nobody_told_of_is_mended_by_morning(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        assert isinstance(shop.payments.reconcile, Reconcile)
        await shop.checkout("pro")
        shop.stripe.books.pay(next(iter(shop.stripe.books.sessions)))
        shop.held()
        await shop.it.front.clock.advance(NIGHT_MS - 1)
        assert await shop.tier() == "free"
        await shop.it.front.clock.advance(2)
        assert await shop.tier() == "pro"
        figures = shop.payments.figures()
        assert (figures.differed, figures.reconciled_s) == (1, (START_MS + NIGHT_MS) // 1000)
        await shop.it.front.clock.advance(DAY_MS)
        assert shop.payments.figures().differed == 0


async def test_an_end_that_nobody_told_of_is_found_too(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought = await shop.buy("pro")
        shop.stripe.books.end(bought)
        shop.held()
        await shop.it.front.clock.advance(NIGHT_MS + 1)
        assert await shop.tier() == "free"


async def test_all_pages_are_read_with_pauses_and_strangers_are_counted(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.buy("starter")
        for number in range(250):
            stranger = shop.stripe.books.add_customer(f"{number}@example.org", {})
            shop.stripe.books.subscribe(stranger["id"], "price_pro")
        shop.held()
        shop.stripe.calls.clear()
        response = await shop.it.front.ask("POST", "/billing/reconcile")
        assert (response.status_code, response.json()["state"]) == (202, "running")
        await shop.it.front.clock.advance(5_000)
        assert shop.stripe.calls == [("GET", "/v1/subscriptions")] * 3
        found = await shop.it.front.get("/billing/reconcile")
        assert (found["state"], found["checked"], found["differed"], found["foreign"]) == ("idle", 1, 0, 250)


async def test_where_stripe_does_not_answer_it_is_tried_again_the_same_night(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        shop.stripe.down = True
        await shop.it.front.clock.advance(NIGHT_MS + 1)
        assert (await shop.it.front.get("/billing/reconcile"))["state"] == "failed"
        shop.stripe.down = False
        await shop.it.front.clock.advance(HOUR_MS // 2)
        assert (await shop.it.front.get("/billing/reconcile"))["state"] == "idle"
        assert shop.payments.figures().reconciled_s > 0
