"""All of billing, put together: what comes in from Stripe, who is looked at, where somebody buys, what is compared at night."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.billing.clerk import Clerk
from server.billing.contract import SettlePlan
from server.billing.figures import BillingFigures, Counters
from server.billing.inbox import Inbox
from server.billing.leaving import Leaving
from server.billing.reconcile import Reconcile
from server.billing.settling import Settling
from server.billing.setup import Prices, stripe_setup
from server.billing.terms import Terms, terms_of
from server.billing.till import Till
from server.clock import Clock
from server.model import Tier
from server.settings import Settings
from server.store.database import Database
from server.store.ids import Ids
from server.store.subscriptions import subscriptions_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Payments:
    """Where Stripe is set up. `close` gives its connections back."""

    db: Database
    clock: Clock
    prices: Prices
    inbox: Inbox
    clerk: Clerk
    till: Till
    reconcile: Reconcile
    leaving: Leaving
    counters: Counters

    def begin(self) -> None:
        """Look at whoever is due, and compare at night, from now on."""
        self.clerk.begin()
        self.reconcile.begin()

    async def stop(self) -> None:
        """End; whatever is under way is done after the next start."""
        await self.reconcile.stop()
        await self.clerk.stop()
        await self.leaving.stripe.aclose()

    async def settled(self) -> None:
        """Return when nothing is under way and nobody is due."""
        await self.reconcile.settled()
        await self.clerk.settled()

    async def terms(self, account: str) -> Terms:
        """How an account's payments stand, by what was seen at the last look."""
        async with self.db.read() as conn:
            found = await subscriptions_of(conn, account)
        return terms_of(found, self.prices, self.clock.now_ms())

    def figures(self) -> BillingFigures:
        """What was done so far."""
        return self.counters.figures()


def open_payments(
    settings: Settings, tiers: Mapping[str, Tier], *, db: Database, clock: Clock, ids: Ids, settle_plan: SettlePlan
) -> Payments | None:  # fmt: skip
    """Put it together; None where nothing is sold. Stripe's library is loaded here and not before: it is large.

    Raises:
        ConfigurationError: a setting is missing or wrong.
    """
    setup = stripe_setup(settings, tiers)
    if setup is None:
        return None
    from server.billing.signature import hint_of  # noqa: PLC0415
    from server.billing.stripe import Stripe  # noqa: PLC0415

    stripe, counters = Stripe(setup, settings.page_url), Counters()
    settling = Settling(clock=clock, ids=ids, prices=setup.prices)
    clerk = Clerk(
        db=db, clock=clock, stripe=stripe, settling=settling, settle_plan=settle_plan, counters=counters
    )
    secrets = setup.secrets
    return Payments(
        db=db, clock=clock, prices=setup.prices, counters=counters, clerk=clerk,
        inbox=Inbox(
            db=db, clock=clock, counters=counters, wake=clerk.wake,
            verify=lambda body, signature, now_ms: hint_of(body, signature, secrets, now_ms),
        ),
        till=Till(db=db, clock=clock, ids=ids, stripe=stripe, prices=setup.prices, clerk=clerk),
        reconcile=Reconcile(
            db=db, clock=clock, stripe=stripe, prices=setup.prices, clerk=clerk, counters=counters
        ),
        leaving=Leaving(db=db, stripe=stripe),
    )  # fmt: skip
