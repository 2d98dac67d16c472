"""How long it will take, from measured durations (pure)."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class TierEstimate:
    """What a tier would make of a number of tasks.

    `now` of them start within this month's quota and take `minutes` with `workers` at a time, `each_ms` a task;
    `later` are held back until `resumes_ms`.
    """

    tier: str
    workers: int
    minutes: int
    each_ms: int
    basis: Literal["assumed", "measured"]
    now: int
    later: int
    resumes_ms: int | None
