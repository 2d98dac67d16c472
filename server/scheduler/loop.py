"""The scheduler: everything that changes the queue goes through here, and every change is told on the bus."""

from collections.abc import AsyncIterator, Mapping, Sequence

from server.billing.tiers import TIERS
from server.bus.contract import Bus
from server.clock import Clock
from server.executions.contract import Runner
from server.model import NewBatch, NewTask, Outcome, Tier
from server.scheduler.account import AccountFacts
from server.scheduler.estimate import TierEstimate
from server.store.batches import BatchRow
from server.store.database import Database
from server.store.ids import Ids
from simulation.inputs import Input


class Scheduler:
    """Schedules the offices of one process. Also the Report that runners tell."""

    def __init__(
        self,
        *,
        db: Database,
        bus: Bus,
        clock: Clock,
        ids: Ids,
        runner: Runner,
        running_max: int,
        quota_enforced: bool,
        tiers: Mapping[str, Tier] = TIERS,
    ) -> None:
        raise NotImplementedError

    async def start(self) -> None:
        """Recover what a crash left, load all offices with work, and begin to admit."""
        raise NotImplementedError

    async def stop(self, grace_ms: int) -> None:
        """Admit nothing more, give what runs the grace period, put the rest back, commit, and end."""
        raise NotImplementedError

    async def settled(self) -> None:
        """Return when no cycle is under way and nothing is to be done before the next timer."""
        raise NotImplementedError

    async def submit(self, office: str, batch: NewBatch, chunks: AsyncIterator[Sequence[NewTask]]) -> BatchRow:
        """Store a batch, all or nothing, and queue it; an exception from `chunks` passes through.

        Raises:
            InvalidInputError: there was no task.
            NotFoundError: there is no such office.
        """
        raise NotImplementedError

    async def pause(self, office: str, batch: str) -> BatchRow:
        """Start nothing more of it. Raises NotFoundError, AlreadyEndedError."""
        raise NotImplementedError

    async def resume(self, office: str, batch: str) -> BatchRow:
        """Go on. Harmless when it is not paused. Raises NotFoundError, AlreadyEndedError."""
        raise NotImplementedError

    async def cancel(self, office: str, batch: str) -> BatchRow:
        """Cancel what waits, ask what runs to end. Raises NotFoundError, AlreadyEndedError."""
        raise NotImplementedError

    async def retry(self, office: str, batch: str) -> BatchRow:
        """Put all its failed tasks back to waiting. Raises NotFoundError, ConflictError (nothing has failed)."""
        raise NotImplementedError

    async def patch(
        self,
        office: str,
        batch: str,
        *,
        name: str | None = None,
        priority: int | None = None,
        slots: int | None = None,
    ) -> BatchRow:
        """Change its name, priority (1, 2, 4) or cap. None: leave it as it is; slots 0: no cap of its own.

        Raises:
            NotFoundError: there is no such batch in this office.
            InvalidInputError: the priority or the cap is none.
        """
        raise NotImplementedError

    async def cancel_task(self, office: str, task: str) -> None:
        """Cancel a task that waits, ask one that runs to end. Raises NotFoundError, AlreadyEndedError."""
        raise NotImplementedError

    async def retry_task(self, office: str, task: str) -> None:
        """Put a failed or cancelled task back to waiting. Raises NotFoundError, ConflictError (any other state)."""
        raise NotImplementedError

    async def change_tier(self, account: str, tier: str) -> None:
        """Change an account's tier, at once in both directions. Raises NotFoundError, InvalidInputError."""
        raise NotImplementedError

    async def rename_office(self, office: str, name: str) -> None:
        """Give the office another name. Raises NotFoundError."""
        raise NotImplementedError

    async def facts(self, office: str) -> Sequence[Input]:
        """All that brings a freshly begun world to now; what changes after the return is published on the bus.

        Raises:
            NotFoundError: there is no such office.
        """
        raise NotImplementedError

    async def estimate(self, office: str, tasks: int, tier: str | None = None) -> list[TierEstimate]:
        """What `tasks` new tasks would take, in one tier or in each. Raises NotFoundError, InvalidInputError."""
        raise NotImplementedError

    async def account(self, office: str) -> AccountFacts:
        """The tier, slots and quota of the office's account. Raises NotFoundError."""
        raise NotImplementedError

    def eta(self, office: str, batch: str) -> tuple[int, int] | None:
        """The moments by which an unfinished batch is done with 50 % and 90 % likelihood, where known."""
        raise NotImplementedError

    def progressed(
        self, execution: str, fence: int, permille: int | None, remaining_ms: int | None, note: str | None
    ) -> None:
        """See Report."""
        raise NotImplementedError

    def waiting(self, execution: str, fence: int, until_ms: int | None) -> None:
        """See Report."""
        raise NotImplementedError

    def ended(self, execution: str, fence: int, outcome: Outcome) -> None:
        """See Report."""
        raise NotImplementedError
