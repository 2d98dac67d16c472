"""What an account's subscriptions give it at a moment (p): the plan, and how its payments stand.

A subscription that is not paid goes on giving its tier for seven days. One whose price nobody here knows changes nothing:
somebody pays for something, and to take it away because of a setting would be worse than to leave it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from server.billing.setup import Prices
from server.store.subscriptions import Subscription

DAY_MS = 86_400_000
grace_ms_max = 7 * DAY_MS
"""How long a tier stays although it is not paid."""
AFTER_END_MS = 3_600_000
"""When to look at a subscription after its end, in case nobody told of it."""
PAYING = frozenset({"active", "trialing"})
BEHIND = frozenset({"past_due", "unpaid"})
ALIVE = PAYING | BEHIND | {"paused"}
"""Words of Stripe. The others, `incomplete`, `incomplete_expired` and `canceled`, give nothing and take nothing."""


class Standing(StrEnum):
    """How an account's payments stand. PAST_DUE: not paid, within the grace; UNPAID: after it; ENDING: paid to its end."""

    NONE = "none"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    ENDING = "ending"
    UNPAID = "unpaid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What holds now. `gives`: the tier, None: none; `tier`: the one that is bought, whether it is given or not.

    `leading` is the subscription that all this is of. `look_ms`: when something ends that Stripe need not tell of.
    `uncertain`: somebody pays by a price that is not known here, so nothing is to be changed.
    """

    state: Standing = Standing.NONE
    gives: str | None = None
    tier: str | None = None
    leading: Subscription | None = None
    renews_ms: int | None = None
    ends_ms: int | None = None
    grace_ms: int | None = None
    look_ms: int | None = None
    uncertain: bool = False


def terms_of(subscriptions: Iterable[Subscription], prices: Prices, now_ms: int) -> Terms:
    """What these give together: of several the one that gives most, and of equal ones the one that lasts longest."""
    alive = [each for each in subscriptions if each.status in ALIVE]
    uncertain = any(each.price not in prices.tiers and each.status in PAYING | BEHIND for each in alive)
    known = [_terms(each, prices.tiers[each.price], now_ms) for each in alive if each.price in prices.tiers]
    if not known:
        return Terms(uncertain=uncertain)
    best = max(known, key=lambda each: (prices.rank(each.gives), prices.rank(each.tier), _lasts_ms(each)))
    looks = [each.look_ms for each in known if each.look_ms is not None]
    return Terms(
        state=best.state, gives=best.gives, tier=best.tier, leading=best.leading, renews_ms=best.renews_ms,
        ends_ms=best.ends_ms, grace_ms=best.grace_ms, look_ms=min(looks, default=None), uncertain=uncertain,
    )  # fmt: skip


def tier_to_be(terms: Terms, *, applied: str | None, current: str, first: str) -> str | None:
    """Return the tier that an account is to be given now; None: it keeps the one that it has.

    `applied` is what a subscription gave last, `current` what the account has, which an operator may have chosen. What
    a subscription newly gives is given, whatever there was: it is the newest decision. When it ends, it takes away what it gave and nothing else.
    """
    if terms.uncertain or terms.gives == applied:
        return None
    if terms.gives is None:
        return first if current == applied else None
    return terms.gives if terms.gives != current else None


def _terms(each: Subscription, tier: str, now_ms: int) -> Terms:
    if each.status in BEHIND:
        grace_ms = (each.period_end_ms if each.behind_ms is None else each.behind_ms) + grace_ms_max
        if now_ms >= grace_ms:
            return Terms(state=Standing.UNPAID, tier=tier, leading=each)
        return Terms(
            state=Standing.PAST_DUE, gives=tier, tier=tier, leading=each, grace_ms=grace_ms, look_ms=grace_ms,
            ends_ms=each.cancel_ms,
        )  # fmt: skip
    if each.status not in PAYING:
        return Terms(state=Standing.UNPAID, tier=tier, leading=each)
    if each.cancel_ms is None:
        return Terms(state=Standing.ACTIVE, gives=tier, tier=tier, leading=each, renews_ms=each.period_end_ms)
    look_ms = each.cancel_ms + AFTER_END_MS
    return Terms(
        state=Standing.ENDING, gives=tier, tier=tier, leading=each, ends_ms=each.cancel_ms,
        look_ms=look_ms if look_ms > now_ms else None,
    )  # fmt: skip


def _lasts_ms(terms: Terms) -> int:
    return max(terms.renews_ms or 0, terms.ends_ms or 0, terms.grace_ms or 0)
