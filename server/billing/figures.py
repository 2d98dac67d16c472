"""What billing has done since it began (p): counted where it happens, in plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

EVENTS = ("taken", "repeated", "foreign", "forged", "late", "malformed")
"""TAKEN: a look was asked for. REPEATED: heard before. FOREIGN: about nobody here, or nothing of ours. The others were refused."""
LOOKS = ("changed", "unchanged", "failed")
"""CHANGED: the look gave an account another plan. FAILED: Stripe or the store did not answer; it is tried again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BillingFigures:
    """As of one moment; those that end in `_total` only grow. All are 0 where nothing is sold.

    `reconciled_s`: when what is here was last compared with what Stripe has, in seconds since the epoch; 0: not yet.
    `differed`: how many accounts differed then.
    """

    events_total: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(EVENTS, 0))
    looks_total: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(LOOKS, 0))
    reconciled_s: int = 0
    differed: int = 0


class Counters:
    """The counts behind `BillingFigures`; the rooms of billing add to one and the same."""

    __slots__ = ("differed", "events", "looks", "reconciled_s")

    def __init__(self) -> None:
        self.events = dict.fromkeys(EVENTS, 0)
        self.looks = dict.fromkeys(LOOKS, 0)
        self.reconciled_s = 0
        self.differed = 0

    def figures(self) -> BillingFigures:
        """As of now."""
        return BillingFigures(
            events_total={**self.events}, looks_total={**self.looks}, reconciled_s=self.reconciled_s,
            differed=self.differed,
        )  # fmt: skip
