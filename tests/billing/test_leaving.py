"""An account that is deleted pays no longer."""

from pathlib import Path

import pytest

from server.billing.leaving import Leaving
from server.billing.refusals import PaysStillError, StripeDownError
from server.billing.terms import DAY_MS
from tests.billing.selling import selling


async def test_what_renews_has_to_be_cancelled_first(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        leaving, account = shop.payments.leaving, await shop.id()
        assert isinstance(leaving, Leaving)
        await leaving.check(account)
        bought = await shop.buy("pro")
        with pytest.raises(PaysStillError, match="cancel it first"):
            await leaving.check(account)
        shop.stripe.books.cancel_later(bought)
        await leaving.check(account)  # asked of Stripe, before its event is here
        shop.stripe.books.keep(bought)
        with pytest.raises(PaysStillError):
            await leaving.check(account)


async def test_what_still_runs_is_ended_and_then_forgotten(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought, account = await shop.buy("pro"), await shop.id()
        await shop.payments.leaving.erase(account)
        assert shop.stripe.books.subscriptions[bought]["status"] == "canceled"
        await shop.payments.leaving.erase(account)
        async with shop.it.front.db.read() as conn:
            for table in ("customers", "subscriptions", "stripe_events"):
                found = await conn.exec_driver_sql(f"SELECT count(*) FROM {table}")
                assert found.scalar() == 0, table
        await shop.hear_all()  # what Stripe tells of the end is about nobody here any more
        assert await shop.tier() == "pro"


async def test_while_stripe_is_away_nothing_is_forgotten(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought, account = await shop.buy("pro"), await shop.id()
        shop.stripe.down = True
        for step in (shop.payments.leaving.check, shop.payments.leaving.erase):
            with pytest.raises(StripeDownError):
                await step(account)
        shop.stripe.down = False
        await shop.payments.leaving.erase(account)
        assert shop.stripe.books.subscriptions[bought]["status"] == "canceled"


async def test_who_never_bought_has_nothing_to_end(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.payments.leaving.check(await shop.id())
        await shop.payments.leaving.erase(await shop.id())
        assert shop.stripe.calls == []


async def test_an_account_that_pays_is_deleted_after_it_has_cancelled(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought, account = await shop.buy("pro"), await shop.account()
        confirmed = {"confirm": account["name"]}
        refused = await shop.owner.ask("DELETE", "/account", json=confirmed)
        assert (refused.status_code, refused.json()["code"]) == (409, "pays_still")
        shop.stripe.books.cancel_later(bought)
        await shop.hear_all()
        asked = await shop.owner.ask("DELETE", "/account", json=confirmed)
        assert asked.status_code == 202, asked.text
        assert (await shop.checkout("starter")).status_code == 403  # nothing is bought for what is to go
        assert (await shop.owner.ask("POST", "/billing/portal")).status_code == 201
        front = shop.it.front
        front.privacy.sweeps.begin()
        await front.clock.advance(8 * DAY_MS)
        await front.privacy.sweeps.settled()
        assert shop.stripe.books.subscriptions[bought]["status"] == "canceled"
        await shop.hear_all()
        async with front.db.read() as conn:
            for table in ("customers", "subscriptions", "stripe_events"):
                found = await conn.exec_driver_sql(
                    f"SELECT count(*) FROM {table} WHERE {'asked > 0' if table == 'stripe_events' else '1'}"
                )
                assert found.scalar() == 0, table
