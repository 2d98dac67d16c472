"""Buying a plan and looking after it, and what Stripe tells. Money is asked for on Stripe's pages alone."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from server.billing.payments import Payments
from server.billing.refusals import NotSetUpError
from server.billing.terms import Terms
from server.errors import InvalidInputError
from server.routes.answers import NO_STORE, JsonAnswer, present
from server.routes.billingschemas import TIER_CHARS_MAX
from server.routes.bodies import once_by_members, text_of
from server.routes.call import Call
from server.routes.times import maybe_rfc3339, rfc3339
from server.routes.upload import Upload

webhook_bytes_max = 256 * 1024


async def checkout(call: Call) -> Response:
    """Where the account comes to another plan: a page of Stripe's."""
    return await once_by_members(call, ("tier",), lambda members: _checkout(call, members))


async def portal(call: Call) -> Response:
    """Where the account's owner looks after what is paid: pages of Stripe's."""
    url = await payments_of(call).till.portal(call.who.account)
    return JsonAnswer({"url": url}, 201)


async def webhook(call: Call) -> Response:
    """Take an event of Stripe in; what comes of it comes after the answer."""
    payments = payments_of(call)
    upload = Upload(call.request, call.parts.clock, bytes_max=webhook_bytes_max, limit="webhook_bytes_max")
    body = await upload.whole()
    await payments.inbox.take(body, call.request.headers.get("stripe-signature"))
    return Response(status_code=200, headers=NO_STORE)


async def reconcile(call: Call) -> Response:
    """Compare all with what Stripe has, now."""
    payments_of(call).reconcile.start()
    return JsonAnswer(_reconciled(call), 202)


async def reconciled(call: Call) -> Response:
    """What came of comparing last."""
    return JsonAnswer(_reconciled(call))


def payments_of(call: Call) -> Payments:
    """Return what sells here. Raises NotSetUpError."""
    if call.parts.payments is None:
        raise NotSetUpError
    return call.parts.payments


def terms_shape(terms: Terms, *, whole: bool) -> dict[str, Any]:
    """How an account's payments stand; `whole`: for those who own it."""
    if not whole:
        return {"state": terms.state}
    return present(
        state=terms.state,
        tier=terms.tier,
        renews=maybe_rfc3339(terms.renews_ms),
        ends=maybe_rfc3339(terms.ends_ms),
        grace=maybe_rfc3339(terms.grace_ms),
    )


async def _checkout(call: Call, members: Mapping[str, Any]) -> Response:
    payments = payments_of(call)
    tier = text_of(members, "tier", chars_max=TIER_CHARS_MAX)
    if tier is None:
        raise InvalidInputError(f"tier: expected one of {', '.join(payments.prices.sold)}, got none")
    account = await call.parts.reception.register.one(call.who.account)
    credential = call.who.credential
    email = credential.email if credential is not None and credential.email is not None else account.name
    url = await payments.till.checkout(call.who.account, tier=tier, email=email, actor=call.who.actor)
    return JsonAnswer({"url": url}, 201)


def _reconciled(call: Call) -> dict[str, Any]:
    found = payments_of(call).reconcile
    last = found.last
    said: dict[str, Any] = {} if last is None else {
        "at": rfc3339(last.at_ms), "checked": last.checked, "differed": last.differed, "foreign": last.foreign
    }  # fmt: skip
    state = "running" if found.under_way else "failed" if found.failed else "idle"
    return {"state": state, **said}
