"""The tiers, as the operator's table has them."""

from dataclasses import asdict

from starlette.responses import Response

from server.routes.answers import JsonAnswer, present
from server.routes.call import Call


async def listed(call: Call) -> Response:
    """What each plan gives; what has no limit, or a price that is agreed on, is left out."""
    return JsonAnswer({"items": [present(**asdict(tier)) for tier in call.parts.tiers.values()]})
