"""An account that is deleted pays no longer: what it still pays for is cancelled at Stripe, and then forgotten here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.billing.terms import ALIVE
from server.store.customers import customer_of, forget_customer
from server.store.database import Database
from server.store.stripe_events import forget_events
from server.store.subscriptions import forget_subscriptions

if TYPE_CHECKING:
    from server.billing.stripe import Stripe


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """Lets accounts go. Rows of Stripe's own, such as invoices, are for the operator to keep as long as the law wants."""

    db: Database
    stripe: "Stripe"

    async def cancel(self, account: str) -> None:
        """Cancel at once all that an account pays for; harmless where it pays for nothing.

        Asked of Stripe and not of our rows: what was bought a second ago counts as well.

        Raises:
            StripeDownError: Stripe does not answer; nothing may be deleted before it has.
        """
        async with self.db.read() as conn:
            row = await customer_of(conn, account)
        if row is None:
            return
        for each in (await self.stripe.customer(row.customer)).live:
            if each.status in ALIVE or each.status == "incomplete":
                await self.stripe.cancel(each.id)

    async def forget(self, account: str) -> None:
        """Delete the rows of an account that is cancelled."""
        async with self.db.write() as tx:
            row = await customer_of(tx.conn, account)
            if row is not None:
                await forget_events(tx.conn, row.customer)
            await forget_subscriptions(tx.conn, account)
            await forget_customer(tx.conn, account)
