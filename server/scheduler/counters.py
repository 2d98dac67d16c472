"""What the scheduler has done since it began (p): counted where it happens, in plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.model import ExecutionState

ENDS = (ExecutionState.DONE, ExecutionState.FAILED, ExecutionState.CANCELLED, ExecutionState.LOST)


@dataclass(frozen=True, kw_only=True, slots=True)
class SchedulerFigures:
    """As of one moment, in all offices of this process; those that end in `_total` only grow.

    `offices`: those in memory, because they have work or had some within the hour; `waiting`: tasks; `running`:
    executions. `cycles_total`: group commits, which took `cycles_ms_total` together from their plan to the commit;
    `failures_total`: cycles that the store did not take; `troubled`: whether it takes nothing now.
    `leases_lost_total`: leases that ran out while their execution was believed to run.
    """

    offices: int
    waiting: int
    running: int
    cycles_total: int
    cycles_ms_total: int
    failures_total: int
    troubled: bool
    admissions_total: int
    ends_total: Mapping[ExecutionState, int]
    leases_lost_total: int


class Counters:
    """The counts behind `SchedulerFigures`; the scheduler's rooms add to one and the same."""

    __slots__ = ("admissions", "cycles", "cycles_ms", "ends", "failures", "leases_lost")

    def __init__(self) -> None:
        self.cycles = 0
        self.cycles_ms = 0
        self.failures = 0
        self.admissions = 0
        self.ends = dict.fromkeys(ENDS, 0)
        self.leases_lost = 0

    def cycled(self, took_ms: int) -> None:
        """One cycle more is committed."""
        self.cycles += 1
        self.cycles_ms += took_ms
