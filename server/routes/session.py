"""The page's session: the token of the printed URL, or the secret of a one-time link, becomes a cookie."""

from starlette.responses import Response

from server.accounts.passage import passage_cookie
from server.accounts.sessions import named_cookie, read_cookie, write_cookie
from server.errors import InvalidInputError, NotAuthenticatedError
from server.kinds.wording import one_line
from server.model import Identity
from server.routes.answers import JsonAnswer, nothing, present
from server.routes.bodies import members_of, text_of
from server.routes.call import Call
from server.routes.guard import check_origin, port_of, tried
from server.routes.peopleschemas import SECRET_CHARS_MAX
from server.scheduler.account import AccountFacts
from server.store.people import places

AGENT_CHARS_MAX = 120


async def begin(call: Call) -> Response:
    """Trade an API token or the secret of a one-time link for a session's cookie."""
    if "origin" in call.request.headers:  # a program need not say where it comes from, a page must be ours
        check_origin(call.request, call.parts.settings)
    members = await members_of(call, "token", "letter")
    secret = members.get("letter" if "letter" in members else "token")
    if not isinstance(secret, str) or len(members) != 1:
        raise InvalidInputError("expected one of the texts token and letter, got something else")
    try:
        session = await _begin(call, secret, by_letter="letter" in members)
    except NotAuthenticatedError:
        tried(call.request, call.parts)
        raise
    return nothing({"set-cookie": _cookie(call, session), "cache-control": "no-store"})


async def shown(call: Call) -> Response:
    """Who it is that asks, and in which offices they may be what."""
    who = call.who
    person = None if who.credential is None else who.credential.person
    offices = await _offices(call, person)
    signed = who.credential is not None and who.credential.session
    body = present(
        mode=call.parts.settings.mode,
        office=who.office,
        role=who.role,
        scopes=sorted(who.scopes),
        signed=signed,
        email=None if who.credential is None else who.credential.email,
        suspended=who.suspended or None,
        offices=offices,
    )
    return JsonAnswer(body)


async def patch(call: Call) -> Response:
    """Go over to another office that one belongs to; sockets of this session are to be opened anew."""
    office = text_of(await members_of(call, "office"), "office", chars_max=SECRET_CHARS_MAX)
    if office is None:
        raise InvalidInputError("office: expected the id of an office, got none")
    await call.parts.reception.sessions.move(call.who, office)
    return nothing()


async def end(call: Call) -> Response:
    """End the session whose cookie came, and take the cookie away."""
    settings, scope = call.parts.settings, call.request.scope
    header = call.request.headers.get("cookie")
    secret = read_cookie(header, port_of(scope, settings), sole=settings.secure)
    if secret is not None:
        await call.parts.sessions.end(secret)
    return nothing({"set-cookie": _cookie(call, None), "cache-control": "no-store"})


async def _begin(call: Call, secret: str, *, by_letter: bool) -> str:
    label = label_of(call)
    if not by_letter:
        return await call.parts.sessions.begin(secret, label)
    openid = call.parts.reception.openid
    brought = None if openid is None else await openid.carried(carried(call))
    return await call.parts.reception.signin.begin(secret, label, brought)


def label_of(call: Call) -> str | None:
    """What a browser calls itself, by which a session is listed."""
    return one_line(call.request.headers.get("user-agent", ""), AGENT_CHARS_MAX) or None


def carried(call: Call) -> str | None:
    """What this browser brought from a provider of OpenID Connect."""
    settings = call.parts.settings
    name = passage_cookie(port_of(call.request.scope, settings), sole=settings.secure)
    return named_cookie(call.request.headers.get("cookie"), name)


async def _offices(call: Call, person: str | None) -> list[dict[str, str]]:
    if person is None:
        return [_own(call.who, await call.parts.scheduler.account(call.office))]
    async with call.parts.db.read() as conn:
        found = await places(conn, person)
    return [{"id": each.office, "name": each.name, "role": each.role, "tier": each.tier} for each in found]


def _own(who: Identity, facts: AccountFacts) -> dict[str, str]:
    return {"id": who.office, "name": facts.name, "role": who.role, "tier": facts.tier}


def _cookie(call: Call, secret: str | None) -> str:
    scope, settings = call.request.scope, call.parts.settings
    secure = scope["scheme"] == "https"
    return write_cookie(port_of(scope, settings), secret, secure=secure, sole=settings.secure)
