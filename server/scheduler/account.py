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
