"""How many links a plan has room for (p)."""

from collections.abc import Mapping

from server.errors import TierRequiredError
from server.model import Tier


def check_room(tiers: Mapping[str, Tier], name: str, count: int) -> None:
    """Raise TierRequiredError where the tier of that name has no room for one link more beside so many."""
    tier = tiers[name]
    if tier.links is None or count < tier.links:
        return
    wider = [each for each in tiers.values() if each.links is None or each.links > count]
    more = f"; {wider[0].title} has {wider[0].links or 'as many as you like'}" if wider else ""
    raise TierRequiredError(
        f"links: expected at most {tier.links} at a time with {tier.title}, got one more{more}",
        **({"tier": wider[0].name} if wider else {}),
    )
