"""Members of an office: listed, invited, given another role, let go."""

from typing import Any

from starlette.responses import Response

from server.accounts.email import email_of
from server.accounts.roles import MEMBERS
from server.billing.tiers import require
from server.errors import InvalidInputError
from server.model import Role
from server.routes.answers import JsonAnswer, nothing
from server.routes.bodies import members_of
from server.routes.call import Call
from server.routes.signin import hosted
from server.routes.times import rfc3339
from server.store.letters import LetterRow
from server.store.people import MemberRow

FEATURE = "members"


async def listed(call: Call) -> Response:
    """Everybody who belongs to the office, and who is invited to."""
    staff = await call.parts.reception.members.staff(call.who.account)
    members = [_member(call, member) for member in staff.members]
    return JsonAnswer({"items": members, "invited": [_invitation(letter) for letter in staff.invited]})


async def invite(call: Call) -> Response:
    """Send an invitation by e-mail. Sent again, the newest one alone is good; so no Idempotency-Key is needed."""
    members = await members_of(call, "email", "role")
    email, role = email_of(members.get("email")), _role(members.get("role"))
    hosted(call)
    facts = await call.parts.scheduler.account(call.office)
    require(FEATURE, facts.tier, call.parts.tiers)
    return JsonAnswer(_invitation(await call.parts.reception.members.invite(call.who, email, role)), 201)


async def patch(call: Call) -> Response:
    """Give a member another role."""
    role = _role((await members_of(call, "role")).get("role"))
    member = await call.parts.reception.members.assign(call.who, call.path("id"), role)
    return JsonAnswer(_member(call, member))


async def remove(call: Call) -> Response:
    """Let a member go, or take an invitation back."""
    await call.parts.reception.members.remove(call.who, call.path("id"))
    return nothing()


def _role(value: object) -> Role:
    if value not in MEMBERS:
        raise InvalidInputError(f"role: expected one of {', '.join(MEMBERS)}, got {value!r:.40}")
    return Role(str(value))


def _member(call: Call, member: MemberRow) -> dict[str, Any]:
    credential = call.who.credential
    return {
        "id": member.person,
        "email": member.email,
        "role": member.role,
        "since": rfc3339(member.since_ms),
        "you": credential is not None and credential.person == member.person,
    }


def _invitation(letter: LetterRow) -> dict[str, Any]:
    return {
        "id": letter.id,
        "email": letter.email,
        "role": letter.role,
        "invited": rfc3339(letter.created_ms),
        "expires": rfc3339(letter.expires_ms),
    }
