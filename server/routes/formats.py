"""As what results can be had, and by which plans."""

from server.billing.tiers import require
from server.routes.call import Call
from server.settings import Mode

FEATURE = "exports"
PARQUET = "parquet"
EVERYBODYS = "json"
FORMATS = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    PARQUET: "application/vnd.apache.parquet",
}
"""By name the media type of each."""


async def formats_of(call: Call) -> list[str]:
    """What whoever asks may have results as: JSON, and all others where the plan has exports."""
    if call.parts.settings.mode is Mode.HOSTED:
        facts = await call.parts.scheduler.account(call.office)
        if FEATURE not in call.parts.tiers[facts.tier].features:
            return [EVERYBODYS]
    return list(FORMATS)


async def check_tier(call: Call, form: str) -> None:
    """JSON, which the page shows, is everybody's; other files are for plans that have exports. Raises TierRequiredError."""
    if call.parts.settings.mode is Mode.HOSTED and form != EVERYBODYS:
        facts = await call.parts.scheduler.account(call.office)
        require(FEATURE, facts.tier, call.parts.tiers)
