"""The account: plan, slots, quota; in local mode the plan is the owner's to choose."""

from typing import Any

from starlette.responses import Response

from server.billing.tiers import tier_named
from server.errors import ForbiddenError, InvalidInputError
from server.model import Role
from server.routes import keeping
from server.routes.answers import JsonAnswer
from server.routes.billing import terms_shape
from server.routes.bodies import members_of, text_of
from server.routes.call import Call
from server.routes.schemas import OFFICE_CHARS_MAX
from server.routes.tiers import support_shape
from server.routes.times import rfc3339
from server.scheduler.account import AccountFacts
from server.settings import Mode
from server.store.usage import month_of


async def shown(call: Call) -> Response:
    """Plan, slots and quota; how long what is kept, and whether the account is deleted."""
    facts = await call.parts.scheduler.account(call.office)
    return JsonAnswer(
        {
            "id": facts.account,
            "office": facts.office,
            "name": facts.name,
            "mode": call.parts.settings.mode,
            "tier": facts.tier,
            "slots": facts.slots,
            "running": facts.running,
            "quota": _quota(call, facts),
            "support": support_shape(call.parts.tiers[facts.tier], call.parts.settings),
            **await _billing(call),
            **await keeping.shown(call),
        }
    )


async def patch(call: Call) -> Response:
    """Give the office another name, or say how long what is kept; in local mode also another tier, at once in both directions."""
    members = await members_of(call, "tier", "name", "retention")
    if not members:
        raise InvalidInputError("expected one or more of tier, name, retention, got none")
    name = text_of(members, "name", chars_max=OFFICE_CHARS_MAX)
    tier = text_of(members, "tier", chars_max=OFFICE_CHARS_MAX)
    if tier is not None and call.parts.settings.mode is not Mode.LOCAL:
        raise ForbiddenError("tier: changed by checkout here; only local mode may choose it freely")
    if "retention" in members:
        await keeping.change(call, members["retention"])
    if tier is not None:
        tier_named(tier, call.parts.tiers)
        await call.parts.scheduler.change_tier(call.who.account, tier)
    if name is not None:
        await call.parts.scheduler.rename_office(call.office, name)
    return await shown(call)


async def usage(call: Call) -> Response:
    """The month's tasks: a task counts once, when it first starts."""
    facts = await call.parts.scheduler.account(call.office)
    return JsonAnswer({"month": month_of(facts.resets_ms - 1), **_quota(call, facts)})


async def _billing(call: Call) -> dict[str, Any]:
    """How payments stand, where something is sold; more than a word of it is for owners."""
    payments = call.parts.payments
    if payments is None:
        return {}
    terms = await payments.terms(call.who.account)
    return {"billing": terms_shape(terms, whole=call.who.role is Role.OWNER)}


def _quota(call: Call, facts: AccountFacts) -> dict[str, Any]:
    return {
        "used": facts.used,
        "limit": facts.limit,
        "resets": rfc3339(facts.resets_ms),
        "soft": call.parts.tiers[facts.tier].quota_soft,
        "enforced": call.parts.settings.quota_enforced,
    }
