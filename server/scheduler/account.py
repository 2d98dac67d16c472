"""What an account may do and has used, as the account panel shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountFacts:
    """`used` of `limit` tasks this month; the count starts again at `resets_ms`. `running` of `slots` now."""

    account: str
    office: str
    name: str
    tier: str
    slots: int
    running: int
    used: int
    limit: int
    resets_ms: int
    suspended: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanChange:
    """What an operator changes of an account; None: it stays as it is. `slots` 0: those of the tier."""

    tier: str | None = None
    slots: int | None = None
    suspended: bool | None = None
