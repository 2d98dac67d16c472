"""How many links a plan has room for (p)."""

from collections.abc import Mapping
from dataclasses import replace

from server.errors import TierRequiredError
from server.model import Tier


def check_room(tiers: Mapping[str, Tier], name: str, count: int, *, own: int | None = None) -> None:
    """Raise TierRequiredError where the tier of that name has no room for one link more beside so many.

    `own`: an operator's number for the account, over the tier's.
    """
    tier = tiers[name] if own is None else replace(tiers[name], links=own)
    if tier.links is None or count < tier.links:
        return
    wider = [each for each in tiers.values() if each.links is None or each.links > count]
    more = f"; {wider[0].title} has {wider[0].links or 'as many as you like'}" if wider else ""
    raise TierRequiredError(
        f"links: expected at most {tier.links} at a time with {tier.title}, got one more{more}",
        **({"tier": wider[0].name} if wider else {}),
    )
