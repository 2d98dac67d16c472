"""An account that is deleted pays no longer. It satisfies what a deletion asks of each part (check, then erase).

Whoever asks for their account to be deleted may take that back for some days, and what is paid for renews within them: so the
subscription has to be cancelled first, which Stripe's pages do, to the end of what is paid. When the account goes for good,
whatever still runs is ended at Stripe at once.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.billing.contract import Client
from server.billing.refusals import PaysStillError
from server.billing.terms import ALIVE
from server.store.customers import CustomerRow, customer_of, forget_customer
from server.store.database import Database
from server.store.stripe_events import forget_events
from server.store.subscriptions import forget_subscriptions

if TYPE_CHECKING:
    from server.billing.stripe import Stripe


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """Lets accounts go. Stripe's own papers, such as invoices, are for the operator to keep as long as the law wants."""

    db: Database
    stripe: "Stripe"

    async def check(self, account: str) -> None:
        """Let go who pays for nothing that renews. Asked of Stripe: what was bought a second ago counts as well.

        Raises:
            PaysStillError: a subscription goes on.
            StripeDownError: Stripe does not answer.
        """
        _, client = await self._found(account)
        if any(each.status in ALIVE and each.cancel_ms is None for each in client.live):
            raise PaysStillError

    async def erase(self, account: str) -> None:
        """End at Stripe what still runs, and forget who the account was there. Harmless when it was done before.

        Raises:
            StripeDownError: Stripe does not answer; nothing is forgotten before it has.
        """
        row, client = await self._found(account)
        if row is None:
            return
        for each in client.live:
            await self.stripe.cancel(each.id)
        async with self.db.write() as tx:
            await forget_events(tx.conn, row.customer)
            await forget_subscriptions(tx.conn, account)
            await forget_customer(tx.conn, account)

    async def _found(self, account: str) -> tuple[CustomerRow | None, Client]:
        async with self.db.read() as conn:
            row = await customer_of(conn, account)
        if row is None:
            return None, Client(id="", gone=True)
        return row, await self.stripe.customer(row.customer)
