"""What one look at a customer writes: subscriptions as they are, the plan that follows, and what was done about whom.

All of it is one transaction, the scheduler's, so a plan never differs from what it was decided by.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.ext.asyncio import AsyncConnection
from structlog import get_logger

from server.billing.contract import Client, NewPlan
from server.billing.setup import Prices
from server.billing.terms import ALIVE, BEHIND, DAY_MS, Terms, terms_of, tier_to_be
from server.clock import Clock
from server.store.audit import Deed, add_deed
from server.store.customers import CustomerRow, looked_at
from server.store.database import Transaction
from server.store.ids import Ids
from server.store.keys import tier_of
from server.store.stripe_events import events_done
from server.store.subscriptions import Subscription, put_subscription, subscriptions_of

ACTOR = "stripe"
"""How the audit log calls who changed a plan so."""
SPARED_MS = 30 * DAY_MS
"""How long after a lower plan recordings are kept as long as before, so that whoever comes back finds them."""
ENDED = "canceled"
log = get_logger(__name__)


@dataclass(kw_only=True, slots=True)
class Look:
    """One look at a customer, whose row was read before Stripe was asked."""

    row: CustomerRow
    client: Client
    changed: bool = field(default=False, init=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settling:
    """Decides what follows from a look."""

    clock: Clock
    ids: Ids
    prices: Prices

    async def decide(self, look: Look, tx: Transaction) -> NewPlan | None:
        """Write what was seen, and say which plan there is to be; see `contract.Decide`."""
        now_ms, row = self.clock.now_ms(), look.row
        before = {each.id: each for each in await subscriptions_of(tx.conn, row.account)}
        after = merged(before, look.client.live, now_ms)
        for each in after.values():
            if each != before.get(each.id):
                await put_subscription(tx.conn, row.account, each, now_ms)
        await self._tell_unknown(tx.conn, row, before, after.values())
        terms = terms_of(after.values(), self.prices, now_ms)
        current = await tier_of(tx.conn, row.account) or self.prices.first
        tier = tier_to_be(terms, applied=row.applied, current=current, first=self.prices.first)
        lower = tier is not None and self.prices.rank(tier) < self.prices.rank(current)
        await looked_at(
            tx.conn, row, applied=row.applied if terms.uncertain else terms.gives, due_ms=terms.look_ms,
            spared_ms=now_ms + SPARED_MS if lower else None, now_ms=now_ms,
        )  # fmt: skip
        await events_done(tx.conn, row.customer, row.asked, now_ms)
        if tier is None:
            return None
        tx.then(lambda: self._changed(look, terms, current, tier))
        return NewPlan(tier=tier, deed=self._deed(row, terms, current, tier, now_ms))

    def _changed(self, look: Look, terms: Terms, before: str, tier: str) -> None:
        look.changed = True
        log.info("plan.changed", account=look.row.account, tier=tier, before=before, state=terms.state.value)

    @staticmethod
    def _deed(row: CustomerRow, terms: Terms, before: str, tier: str, now_ms: int) -> Deed:
        about = row.customer if terms.leading is None else terms.leading.id
        detail = {"tier": tier, "before": before, "state": terms.state.value}
        return Deed(
            account=row.account, actor=ACTOR, what="plan.changed", about=about, at_ms=now_ms, detail=detail
        )

    async def _tell_unknown(
        self, conn: AsyncConnection, row: CustomerRow, before: Mapping[str, Subscription], after: Iterable[Subscription]
    ) -> None:  # fmt: skip
        """Write down, once for each, by which price somebody pays that is not in the settings."""
        for each in after:
            known = each.price in self.prices.tiers or each.status not in ALIVE
            told = each.id in before and before[each.id].price == each.price
            if known or told:
                continue
            log.error("stripe.price_unknown", account=row.account, subscription=each.id, price=each.price)
            deed = Deed(
                account=row.account, actor=ACTOR, what="plan.price_unknown", about=each.id,
                at_ms=self.clock.now_ms(), detail={"price": each.price},
            )  # fmt: skip
            await add_deed(conn, self.ids, deed)


def merged(
    before: Mapping[str, Subscription], live: Iterable[Subscription], now_ms: int
) -> dict[str, Subscription]:
    """What is known after a look: what Stripe has, and what it has no more as ended.

    Since when something is not paid is kept from the first time on: each new invoice would begin another grace.
    """
    seen = {each.id: _behind(before.get(each.id), each, now_ms) for each in live}
    gone = {
        name: replace(each, status=ENDED, behind_ms=None) for name, each in before.items() if name not in seen
    }
    return {**gone, **seen}


def _behind(before: Subscription | None, now: Subscription, now_ms: int) -> Subscription:
    if now.status not in BEHIND:
        return now
    known = None if before is None or before.status not in BEHIND else before.behind_ms
    moments = [moment for moment in (known, now.behind_ms) if moment is not None]
    return replace(now, behind_ms=min(moments, default=now_ms))
