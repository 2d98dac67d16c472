"""Where somebody is signed in: looked at, and ended one by one or all at once."""

from typing import Any

from starlette.responses import Response

from server.routes.answers import JsonAnswer, nothing, present
from server.routes.call import Call
from server.routes.times import maybe_rfc3339, rfc3339
from server.store.tokens import ListedToken


async def listed(call: Call) -> Response:
    """All sessions of whoever asks."""
    found = await call.parts.sessions.listed(call.who)
    return JsonAnswer({"items": [_shape(call, session) for session in found]})


async def end_one(call: Call) -> Response:
    """Sign out there."""
    await call.parts.sessions.end_one(call.who, call.path("id"))
    return nothing()


async def end_all(call: Call) -> Response:
    """Sign out everywhere, here too."""
    await call.parts.sessions.end_all(call.who)
    return nothing()


def _shape(call: Call, session: ListedToken) -> dict[str, Any]:
    credential = call.who.credential
    used_ms = call.parts.tokens.uses.of(session.id, session.used_ms)
    return present(
        id=session.id,
        label=session.label,
        created=rfc3339(session.created_ms),
        expires=maybe_rfc3339(session.expires_ms),
        used=maybe_rfc3339(used_ms),
        current=credential is not None and credential.id == session.id,
    )
