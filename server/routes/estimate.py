"""What a number of tasks would take, by tier."""

from typing import Any

from starlette.responses import Response

from server.billing.tiers import tier_named
from server.routes.answers import JsonAnswer, present
from server.routes.call import Call
from server.routes.paging import whole
from server.routes.times import maybe_rfc3339
from server.scheduler.estimate import TierEstimate


async def shown(call: Call) -> Response:
    """One tier's estimate, or each tier's. `enforced` says whether what is `later` would really wait."""
    query = call.request.query_params
    most = call.parts.settings.tasks_per_batch_max
    tasks = whole("tasks", query.get("tasks"), low=1, high=most)
    tier = query.get("tier") or None
    if tier is not None:
        tier_named(tier, call.parts.tiers)
    enforced = call.parts.settings.quota_enforced
    estimates = await call.parts.scheduler.estimate(call.office, tasks, tier)
    found = [_shape(estimate, enforced=enforced) for estimate in estimates]
    return JsonAnswer(found[0] if tier is not None else {"items": found})


def _shape(estimate: TierEstimate, *, enforced: bool) -> dict[str, Any]:
    return present(
        tier=estimate.tier,
        workers=estimate.workers,
        minutes=estimate.minutes,
        each=estimate.each_ms / 1000,
        basis=estimate.basis,
        now=estimate.now,
        later=estimate.later,
        enforced=enforced,
        resumes=maybe_rfc3339(estimate.resumes_ms),
    )
