"""Everybody's accounts, for the operator of a hosted server alone: a token with the scope `house` is on its own disk."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from server.accounts.email import email_of
from server.billing.tiers import tier_named
from server.errors import ConflictError, InvalidInputError
from server.routes.answers import JsonAnswer, present
from server.routes.bodies import flag_of, members_of, number_of, once_by_members, text_of
from server.routes.call import Call
from server.routes.paging import cursor_of, limit_of, page
from server.routes.peopleschemas import NUMBERS_MAX
from server.routes.schemas import OFFICE_CHARS_MAX
from server.routes.signin import hosted
from server.routes.times import maybe_rfc3339, rfc3339
from server.routes.tokens import WISHES, made, wish_of
from server.scheduler.account import NUMBERS, PlanChange
from server.store.audit import Deed
from server.store.register import AccountRow


async def listed(call: Call) -> Response:
    """All accounts, newest first, or those that somebody owns."""
    hosted(call)
    query = call.request.query_params
    limit, cursor = limit_of(query), cursor_of(query, str)
    email = query.get("email")
    rows = await call.parts.reception.register.listed(
        limit=limit + 1,
        after=str(cursor[0]) if cursor else None,
        email=None if email is None else email_of(email),
    )
    after = (rows[limit - 1].id,) if len(rows) > limit else None
    return page([_shape(row) for row in rows[:limit]], after=after)


async def create(call: Call) -> Response:
    """Make an account for an address; its owner signs in by it from now on."""
    return await once_by_members(call, ("email", "tier", "name"), lambda members: _create(call, members))


async def patch(call: Call) -> Response:
    """Change an account's tier or slots, or suspend it; at once, while work runs."""
    change = _change(await members_of(call, "tier", *NUMBERS, "suspended"), call)
    hosted(call)
    account = call.path("id")
    if change.suspended and account == call.who.account:
        raise ConflictError("suspended: expected another account than this server's own")
    await call.parts.reception.register.one(account)
    said = present(tier=change.tier, suspended=change.suspended, **change.numbers())
    deed = Deed(
        account=account, actor=call.who.actor, what="account.changed", about=account,
        at_ms=call.parts.clock.now_ms(), detail=said,
    )  # fmt: skip
    await call.parts.scheduler.change_plan(account, change, deed)
    if change.suspended is not None:
        await call.parts.links.heed(account)
    return JsonAnswer(_shape(await call.parts.reception.register.one(account)))


async def give_token(call: Call) -> Response:
    """Make a token for an account's owner, shown this once."""
    wish = wish_of(await members_of(call, *WISHES), call.parts.clock.now_ms(), label="from the operator")
    hosted(call)
    issued = await call.parts.reception.register.give_token(
        call.who, call.path("id"), label=wish.label, scopes=wish.scopes, expires_ms=wish.expires_ms
    )
    return made(*issued)


async def _create(call: Call, members: Mapping[str, Any]) -> Response:
    email = email_of(members.get("email"))
    tier = text_of(members, "tier", chars_max=OFFICE_CHARS_MAX) or next(iter(call.parts.tiers))
    tier_named(tier, call.parts.tiers)
    name = text_of(members, "name", chars_max=OFFICE_CHARS_MAX)
    hosted(call)
    return JsonAnswer(
        _shape(await call.parts.reception.register.make(call.who, email, tier=tier, name=name)), 201
    )


def _change(members: Mapping[str, Any], call: Call) -> PlanChange:
    if not members:
        raise InvalidInputError(f"expected one or more of tier, {', '.join(NUMBERS)}, suspended, got none")
    tier = text_of(members, "tier", chars_max=OFFICE_CHARS_MAX)
    if tier is not None:
        tier_named(tier, call.parts.tiers)
    said = {name: number_of(members, name, low=0, high=NUMBERS_MAX[name], whole=True) for name in NUMBERS}
    suspended = flag_of(members, "suspended", default=False) if "suspended" in members else None
    numbers = {name: round(number) for name, number in said.items() if number is not None}
    return PlanChange(tier=tier, suspended=suspended, **numbers)


def _shape(row: AccountRow) -> dict[str, Any]:
    return present(
        id=row.id,
        office=row.office,
        email=row.name,
        name=row.office_name,
        tier=row.tier,
        slots=row.slots,
        quota=row.quota,
        links=row.links,
        viewers=row.viewers,
        recording_days=row.recording_days,
        suspended=maybe_rfc3339(row.suspended_ms),
        deletes=maybe_rfc3339(row.deletes_ms),
        created=rfc3339(row.created_ms),
    )
