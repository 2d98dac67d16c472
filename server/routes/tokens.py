"""API tokens: made, listed, revoked. A token is told once; no Idempotency-Key is heeded, as the answer is kept nowhere."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from server.accounts.access import Wish
from server.accounts.tokens import Grant, Issued
from server.errors import InvalidInputError
from server.model import Scope
from server.routes.answers import JsonAnswer, nothing, present
from server.routes.bodies import members_of, text_of
from server.routes.call import Call
from server.routes.peopleschemas import LABEL_CHARS_MAX, SCOPES
from server.routes.times import maybe_rfc3339, moment_of, rfc3339
from server.store.tokens import ListedToken

WISHES = ("label", "scopes", "expires")


async def listed(call: Call) -> Response:
    """The tokens that whoever asks may revoke: an owner all of the office's, others their own."""
    found = await call.parts.reception.access.listed(call.who)
    return JsonAnswer({"items": [_shape(call, token) for token in found]})


async def create(call: Call) -> Response:
    """Make a token that allows no more than what asks for it."""
    wish = wish_of(await members_of(call, *WISHES), call.parts.clock.now_ms())
    return made(*await call.parts.reception.access.make(call.who, wish))


async def revoke(call: Call) -> Response:
    """End a token at once."""
    await call.parts.reception.access.revoke(call.who, call.path("id"))
    return nothing()


def wish_of(members: Mapping[str, Any], now_ms: int, label: str | None = None) -> Wish:
    """Read what a new token is to be like; `label` is its name where none is given.

    Raises:
        InvalidInputError: it cannot be; the message names the member.
    """
    named = text_of(members, "label", chars_max=LABEL_CHARS_MAX) or label
    if named is None:
        raise InvalidInputError(f"label: expected a text of 1 to {LABEL_CHARS_MAX} characters, got none")
    expires_ms = moment_of(members, "expires")
    if expires_ms is not None and expires_ms <= now_ms:
        raise InvalidInputError(f"expires: expected a moment to come, got {rfc3339(expires_ms)}")
    return Wish(label=named, scopes=_scopes(members), expires_ms=expires_ms)


def made(issued: Issued, grant: Grant) -> Response:
    """Show a new token, this once."""
    body = present(
        id=issued.id,
        token=issued.secret,
        label=grant.label,
        role=grant.role,
        scopes=sorted(grant.scopes),
        created=rfc3339(issued.created_ms),
        expires=maybe_rfc3339(grant.expires_ms),
    )
    return JsonAnswer(body, 201)


def _scopes(members: Mapping[str, Any]) -> frozenset[Scope] | None:
    found = members.get("scopes")
    if found is None:
        return None
    if not isinstance(found, list) or not found or any(scope not in SCOPES for scope in found):
        raise InvalidInputError(f"scopes: expected some of {', '.join(SCOPES)}, got {found!r:.80}")
    return frozenset(map(Scope, found))


def _shape(call: Call, token: ListedToken) -> dict[str, Any]:
    credential = call.who.credential
    return present(
        id=token.id,
        label=token.label,
        role=token.role,
        scopes=token.scopes.split(),
        created=rfc3339(token.created_ms),
        expires=maybe_rfc3339(token.expires_ms),
        used=maybe_rfc3339(call.parts.reception.access.used_ms(token)),
        email=token.email,
        current=credential is not None and credential.id == token.id,
    )
