"""What an account may do and has used, as the account panel shows it."""

from collections.abc import Mapping
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
    """What an operator changes of an account; None: it stays as it is.

    The numbers are over the tier's; 0: those of the tier.
    """

    tier: str | None = None
    slots: int | None = None
    quota: int | None = None
    links: int | None = None
    viewers: int | None = None
    recording_days: int | None = None
    suspended: bool | None = None

    def numbers(self) -> Mapping[str, int]:
        """Those that are changed, by their names."""
        found = {name: getattr(self, name) for name in NUMBERS}
        return {name: number for name, number in found.items() if number is not None}


NUMBERS = ("slots", "quota", "links", "viewers", "recording_days")
"""What an operator may set otherwise for one account."""
