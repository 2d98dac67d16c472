"""Own keys: they go in, and nothing but their last four characters comes out."""

from typing import Any

from starlette.responses import Response

from server.errors import ForbiddenError, InvalidInputError, TierRequiredError
from server.routes.answers import JsonAnswer, nothing, present
from server.routes.bodies import members_of, text_of
from server.routes.call import Call
from server.routes.times import maybe_rfc3339, rfc3339
from server.settings import Mode
from server.store.keys import KeyRow
from server.vault.providers import base_characters_max, checked_base, checked_name, checked_secret

FEATURE = "keys"
OWNER, OPERATOR = "owner", "operator"


async def listed(call: Call) -> Response:
    """All own keys, oldest first."""
    rows = await call.parts.vault.list(call.who.account)
    return JsonAnswer({"items": [key_shape(row) for row in rows]})


async def put(call: Call) -> Response:
    """Check a key at its provider, and keep it in place of the one before."""
    provider = checked_name(call.path("provider"))
    await _check_tier(call)
    members = await members_of(call, "key", "base")
    secret = members.get("key")
    if not isinstance(secret, str):
        raise InvalidInputError("key: expected the provider's key as a text")
    hosted = call.parts.settings.mode is Mode.HOSTED
    base = checked_base(text_of(members, "base", chars_max=base_characters_max), provider, hosted=hosted)
    row = await call.parts.vault.put(
        call.who.account, provider, base, checked_secret(secret), actor=_actor(call)
    )
    return JsonAnswer(key_shape(row))


async def delete(call: Call) -> Response:
    """Delete a key; it is used no more from now on."""
    await call.parts.vault.delete(call.who.account, call.path("provider"), actor=_actor(call))
    return nothing()


async def rotation(call: Call) -> Response:
    """How far the own keys are under the current master key."""
    _check_operator(call)
    return JsonAnswer(await _progress(call))


async def rotate(call: Call) -> Response:
    """Put all own keys under the current master key; where it is ours to make, under a new one."""
    _check_operator(call)
    await call.parts.rotation.begin()
    return JsonAnswer(await _progress(call), status=202)


def key_shape(row: KeyRow) -> dict[str, Any]:
    """A key as it is shown."""
    return present(
        provider=row.provider,
        base=row.base,
        state=row.state,
        last=row.last or None,
        added=rfc3339(row.added_ms),
        checked=maybe_rfc3339(row.checked_ms),
        used=maybe_rfc3339(row.used_ms),
    )


async def _progress(call: Call) -> dict[str, Any]:
    found = await call.parts.rotation.progress()
    return {
        "master": found.master,
        "left": found.left,
        "done": found.done,
        "state": "failed" if found.failed else "running" if found.under_way else "idle",
        "needed": list(found.needed),
    }


async def _check_tier(call: Call) -> None:
    """Raise TierRequiredError where own keys are not part of the plan."""
    if call.parts.settings.mode is Mode.LOCAL:
        return
    tiers = call.parts.tiers
    tier = tiers[(await call.parts.scheduler.account(call.office)).tier]
    if FEATURE in tier.features:
        return
    having = [each for each in tiers.values() if FEATURE in each.features]
    more = f"; {having[0].title} has them" if having else ""
    raise TierRequiredError(
        f"{tier.title} has no own keys{more}", **({"tier": having[0].name} if having else {})
    )


def _check_operator(call: Call) -> None:
    if call.who.account != call.parts.rotation.operator:
        raise ForbiddenError("master keys are for whoever runs this server")


def _actor(call: Call) -> str:
    """Who did it, in the audit log's words."""
    return OWNER if call.parts.settings.mode is Mode.LOCAL else call.who.actor
