"""An account that is deleted pays no longer."""

from pathlib import Path

import pytest

from server.billing.leaving import Leaving
from server.billing.refusals import StripeDownError
from tests.billing.selling import selling


async def test_what_is_paid_for_is_cancelled_and_then_forgotten(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        bought, account = await shop.buy("pro"), await shop.id()
        leaving = shop.payments.leaving
        assert isinstance(leaving, Leaving)
        await leaving.cancel(account)
        assert shop.stripe.books.subscriptions[bought]["status"] == "canceled"
        await leaving.cancel(account)
        await leaving.forget(account)
        async with shop.it.front.db.read() as conn:
            for table in ("customers", "subscriptions", "stripe_events"):
                found = await conn.exec_driver_sql(f"SELECT count(*) FROM {table}")
                assert found.scalar() == 0, table
        await shop.hear_all()  # what Stripe tells of the end is about nobody here any more
        assert await shop.tier() == "pro"


async def test_while_stripe_is_away_it_is_not_said_to_be_done(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.buy("pro")
        shop.stripe.down = True
        with pytest.raises(StripeDownError):
            await shop.payments.leaving.cancel(await shop.id())


async def test_who_never_bought_has_nothing_to_cancel(tmp_path: Path) -> None:
    async with selling(tmp_path) as shop:
        await shop.payments.leaving.cancel(await shop.id())
        await shop.payments.leaving.forget(await shop.id())
        assert shop.stripe.calls == []
