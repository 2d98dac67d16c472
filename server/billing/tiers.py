"""The tiers as data. An operator's own table replaces this one; nothing else in the code names a tier's figures."""

from collections.abc import Mapping

from server.errors import InvalidInputError, TierRequiredError
from server.model import Tier

FREE = Tier(
    name="free", title="Free", price=0, slots=1, slots_with_key=1, quota=50, quota_soft=False,
    links=1, viewers=5, recording_days=1, weight=1, features=(),
    chat_tokens_task=4_000, chat_tokens_month=100_000,
)  # fmt: skip
STARTER = Tier(
    name="starter", title="Starter", price=29, slots=3, slots_with_key=3, quota=500, quota_soft=False,
    links=5, viewers=50, recording_days=30, weight=2, features=("exports",),
    chat_tokens_task=8_000, chat_tokens_month=2_000_000, support_hours=48,
)  # fmt: skip
PRO = Tier(
    name="pro", title="Pro", price=79, slots=10, slots_with_key=20, quota=5_000, quota_soft=False,
    links=50, viewers=500, recording_days=365, weight=4, features=("exports", "keys", "analytics", "members"),
    chat_tokens_task=32_000, chat_tokens_month=20_000_000, support_hours=24,
)  # fmt: skip
ENTERPRISE = Tier(
    name="enterprise", title="Enterprise", price=None, slots=50, slots_with_key=50, quota=50_000, quota_soft=True,
    links=None, viewers=5_000, recording_days=None, weight=8,
    features=("exports", "keys", "analytics", "members", "webhooks", "sla"),
    chat_tokens_task=128_000, chat_tokens_month=500_000_000, support_hours=4,
)  # fmt: skip

FEATURES = frozenset(feature for tier in (FREE, STARTER, PRO, ENTERPRISE) for feature in tier.features)
"""What a tier may have beside its figures: where one is asked for, `require` says which tier has it."""
TIERS: Mapping[str, Tier] = {tier.name: tier for tier in (FREE, STARTER, PRO, ENTERPRISE)}


def tier_named(name: str, tiers: Mapping[str, Tier] = TIERS) -> Tier:
    """Return the tier of that name.

    Raises:
        InvalidInputError: there is none; the message lists those there are.
    """
    try:
        return tiers[name]
    except KeyError:
        raise InvalidInputError(f"tier: expected one of {', '.join(tiers)}, got {name!r}") from None


def slots_of(tier: Tier, own: int | None = None, *, with_key: bool = False) -> int:
    """How many executions an account may have at once: an operator's number for it, else the tier's."""
    if own is not None:
        return own
    return tier.slots_with_key if with_key else tier.slots


def require(feature: str, tier: str, tiers: Mapping[str, Tier] = TIERS) -> None:
    """Let pass whoever has a tier with this feature.

    Raises:
        TierRequiredError: the tier has it not; `tier` names the first one that does, if there is one.
    """
    here = tier_named(tier, tiers)
    if feature in here.features:
        return
    wider = next((each for each in tiers.values() if feature in each.features), None)
    if wider is None:
        raise TierRequiredError(f"{feature}: no plan of this server has it")
    raise TierRequiredError(f"{feature}: not with {here.title}; {wider.title} has it", tier=wider.name)
