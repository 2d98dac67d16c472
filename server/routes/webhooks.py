"""Webhooks: where an account's ended batches are told, by whom it was heard, and what waits."""

from typing import Any

from starlette.responses import Response

from server.billing.tiers import require
from server.errors import InvalidInputError
from server.routes.answers import JsonAnswer, nothing, present
from server.routes.bodies import flag_of, members_of, text_of
from server.routes.call import Call
from server.routes.paging import cursor_of, limit_of, page
from server.routes.times import maybe_rfc3339, rfc3339
from server.routes.webhookschemas import label_characters_max
from server.settings import Mode
from server.store.deliveries import DeliveryRow
from server.store.hooks import HookRow
from server.webhooks.address import checked_url, url_characters_max
from server.webhooks.herald import FEATURE
from server.webhooks.hooks import Change, Hooks

OWNER = "owner"


async def listed(call: Call) -> Response:
    """All of them, oldest first, and whether the plan has webhooks at all."""
    rows, waiting = await _hooks(call).listed(call.who.account)
    items = [hook_shape(row, waiting.get(row.id, 0)) for row in rows]
    return JsonAnswer({"items": items, "sending": await _tier(call) in call.parts.webhooks.herald.tiers})


async def create(call: Call) -> Response:
    """Add an address; its secret comes back this once."""
    await _check_tier(call)
    members = await members_of(call, "url", "label")
    url = checked_url(_url(members), hosted=_is_hosted(call))
    label = text_of(members, "label", chars_max=label_characters_max)
    row, secret = await _hooks(call).add(call.who.account, url, label, actor=_actor(call))
    return JsonAnswer({**hook_shape(row, 0), "secret": secret}, 201)


async def patch(call: Call) -> Response:
    """Change it, or switch it on or off."""
    members = await members_of(call, "url", "label", "enabled")
    if not members:
        raise InvalidInputError("expected one or more of url, label, enabled, got none")
    url = _url(members)
    change = Change(
        url=None if url is None else checked_url(url, hosted=_is_hosted(call)),
        label=text_of(members, "label", chars_max=label_characters_max),
        enabled=flag_of(members, "enabled", default=False) if members.get("enabled") is not None else None,
    )
    row = await _hooks(call).change(call.who.account, call.path("id"), change, actor=_actor(call))
    _, waiting = await _hooks(call).listed(call.who.account)
    return JsonAnswer(hook_shape(row, waiting.get(row.id, 0)))


async def delete(call: Call) -> Response:
    """Delete it; nothing more goes there."""
    await _hooks(call).drop(call.who.account, call.path("id"), actor=_actor(call))
    return nothing()


async def rotate(call: Call) -> Response:
    """Another secret, which comes back this once."""
    row, secret, until_ms = await _hooks(call).rotate(call.who.account, call.path("id"), actor=_actor(call))
    return JsonAnswer({"id": row.id, "secret": secret, "former_until": rfc3339(until_ms)})


async def ping(call: Call) -> Response:
    """Send a test message."""
    await _check_tier(call)
    return JsonAnswer(delivery_shape(await _hooks(call).ping(call.who.account, call.path("id"))), 202)


async def deliveries(call: Call) -> Response:
    """What was sent there and what waits, newest first."""
    limit = limit_of(call.request.query_params)
    cursor = cursor_of(call.request.query_params, str)
    after = None if cursor is None else str(cursor[0])
    rows = await _hooks(call).deliveries(call.who.account, call.path("id"), limit=limit + 1, after=after)
    last = (rows[limit - 1].id,) if len(rows) > limit else None
    return page([delivery_shape(row) for row in rows[:limit]], after=last)


async def retry(call: Call) -> Response:
    """Send something again."""
    await _check_tier(call)
    row = await _hooks(call).retry(call.who.account, call.path("id"), call.path("delivery"))
    return JsonAnswer(delivery_shape(row), 202)


def hook_shape(row: HookRow, waiting: int) -> dict[str, Any]:
    """A webhook as it is shown; no secret of it."""
    state = "off" if not row.enabled else "ok" if row.failing_ms is None else "failing"
    return present(
        id=row.id,
        url=row.url,
        label=row.label,
        enabled=row.enabled,
        state=state,
        failing=maybe_rfc3339(row.failing_ms) if state == "failing" else None,
        off=row.off_reason,
        since=maybe_rfc3339(row.off_ms),
        delivered=maybe_rfc3339(row.delivered_ms),
        waiting=waiting,
        created=rfc3339(row.created_ms),
    )


def delivery_shape(row: DeliveryRow) -> dict[str, Any]:
    """A delivery as it is shown. What became of the last attempt stands beside the state."""
    return present(
        id=row.id,
        event=row.kind,
        batch=row.batch,
        state=row.state,
        attempts=row.attempts,
        status=row.status,
        reason=row.reason,
        next=maybe_rfc3339(row.due_ms),
        created=rfc3339(row.created_ms),
        ended=maybe_rfc3339(row.ended_ms),
    )


def _hooks(call: Call) -> Hooks:
    return call.parts.webhooks.hooks


def _url(members: dict[str, Any]) -> str | None:
    url = members.get("url")
    if url is not None and not isinstance(url, str):
        raise InvalidInputError(f"url: expected a text of at most {url_characters_max:,} characters")
    return url


def _is_hosted(call: Call) -> bool:
    return call.parts.settings.mode is Mode.HOSTED


async def _tier(call: Call) -> str:
    return (await call.parts.scheduler.account(call.office)).tier


async def _check_tier(call: Call) -> None:
    """Raise TierRequiredError where webhooks are not part of the plan; one's own machine gates nothing."""
    if _is_hosted(call):
        require(FEATURE, await _tier(call), call.parts.tiers)


def _actor(call: Call) -> str:
    """Who did it, in the audit log's words."""
    return call.who.actor if _is_hosted(call) else OWNER
