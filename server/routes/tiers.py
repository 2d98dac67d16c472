"""The tiers, as the operator's table has them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.responses import Response

from server.model import Tier
from server.routes.answers import JsonAnswer, present
from server.routes.call import Call, Parts
from server.settings import Settings

_SUPPORT = ("support_contact", "support_hours")


async def listed(call: Call) -> Response:
    """What each plan gives; what has no limit, or a price that is agreed on, is left out."""
    return JsonAnswer({"items": [tier_shape(tier, call.parts) for tier in call.parts.tiers.values()]})


def tier_shape(tier: Tier, parts: Parts) -> dict[str, Any]:
    """A plan, with whether it can be bought here and whom its people may ask."""
    figures = {name: value for name, value in asdict(tier).items() if name not in _SUPPORT}
    sold: Mapping[str, str] = {} if parts.payments is None else parts.payments.prices.sold
    return {
        **present(**figures), "buyable": tier.name in sold, "support": support_shape(tier, parts.settings)
    }  # fmt: skip


def support_shape(tier: Tier, settings: Settings) -> dict[str, Any]:
    """Whom to ask, and when there is an answer. Without anybody to ask nothing is promised."""
    contact = tier.support_contact or settings.support_contact
    return present(contact=contact, hours=tier.support_hours if contact is not None else None)
