"""The scheduler: everything that changes the queue goes through here, and every change is told on the bus."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from structlog import get_logger

from server.billing.contract import Decide
from server.billing.tiers import TIERS, slots_of, tier_named
from server.bus.contract import Bus
from server.clock import Clock
from server.errors import InvalidInputError
from server.executions.contract import Runner
from server.model import PULLED_KINDS, Blocked, NewBatch, NewTask, Outcome, Tier
from server.scheduler import arrival, events, forecast
from server.scheduler.account import AccountFacts, PlanChange
from server.scheduler.consequences import Consequences, Worked, unheard
from server.scheduler.control import Control
from server.scheduler.counters import SchedulerFigures
from server.scheduler.cycle import Cycles
from server.scheduler.departures import Departures
from server.scheduler.engine import Engine
from server.scheduler.estimate import TierEstimate, tier_estimate
from server.scheduler.index import Index, Office
from server.scheduler.leases import Leases
from server.scheduler.limits import Limits
from server.scheduler.load import load_offices, orphans
from server.scheduler.pulling import Lease, Pulling, Renewed
from server.scheduler.reports import Reports
from server.store import batches, offices
from server.store.audit import Deed
from server.store.batches import BatchRow
from server.store.database import Database
from server.store.ids import Ids
from server.store.room import has_room
from server.store.usage import resets_ms
from server.webhooks.contract import SILENCE, Herald
from simulation.inputs import Input

log = get_logger(__name__)


class Scheduler:
    """Schedules the offices of one process. `reports` is what runners tell; `worked` is told who works, `herald` of ends.

    `departures`: accounts that are deleted.
    """

    def __init__(  # noqa: PLR0913 - its parts, each by name
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
        worked: Worked = unheard,
        herald: Herald = SILENCE,
    ) -> None:
        self._index = Index(running_max=running_max, quota_enforced=quota_enforced)
        self._engine = Engine(
            db=db, bus=bus, clock=clock, ids=ids, runner=runner, index=self._index, tiers=tiers, herald=herald
        )
        self._control = Control(self._engine)
        limits = Limits(self._engine)
        self.reports = Reports(self._engine, limits)
        self._leases = Leases(self._engine)
        self._pulling = Pulling(self._engine, self._leases, self.reports)
        consequences = Consequences(self._engine, self.reports, self._leases, self._pulling, worked)
        self._cycles = Cycles(self._engine, limits, self._leases, consequences)
        self._tiers = tiers
        self.departures = Departures(self._engine, self._control)

    async def start(self) -> None:
        """Recover what a crash left, load all offices with work, and begin to admit.

        Whatever rows say is running was lost with its process: end its process groups before (`running_tokens`).
        """
        engine, now_ms = self._engine, self._engine.clock.now_ms()
        async with engine.db.read() as conn:
            leftovers = await batches.arriving(conn)
            names = await offices.open_offices(conn)
            loaded = await load_offices(conn, names, self._tiers, now_ms, engine.clock.monotonic_ms())
        for batch in leftovers:
            await batches.drop_arriving(engine.db, batch)
        for office in loaded:
            engine.take_in(office)
            engine.ends += orphans(office, now_ms, blameless=False)
        self._leases.arm(0)
        await self._cycles.start()

    async def stop(self, grace_ms: int) -> None:
        """Admit nothing more, give what runs the grace period, put the rest back, commit, and end."""
        await self._cycles.drain()
        await self._engine.runner.stop(grace_ms)
        await self._cycles.stop()

    async def settled(self) -> None:
        """Return when no cycle is under way and nothing is to be done before the next timer."""
        await self._cycles.settled()

    def figures(self) -> SchedulerFigures:
        """What was done so far, and what waits and runs now, in all offices."""
        engine, counters = self._engine, self._engine.counters
        offices = self._index.offices.values()
        return SchedulerFigures(
            offices=len(offices),
            waiting=sum(office.waiting for office in offices),
            running=len(self._index.executions),
            cycles_total=counters.cycles,
            cycles_ms_total=counters.cycles_ms,
            failures_total=counters.failures,
            troubled=engine.trouble is Blocked.DISK,
            admissions_total=counters.admissions,
            ends_total={**counters.ends},
            leases_lost_total=counters.leases_lost,
        )

    async def has_room(self) -> bool:
        """Whether the store takes what is written, and has room for new batches."""
        return self._engine.trouble is not Blocked.DISK and await has_room(self._engine.db)

    async def submit(
        self, office: str, batch: NewBatch, chunks: AsyncIterator[Sequence[NewTask]]
    ) -> BatchRow:
        """Store a batch, all or nothing, and queue it; an exception from `chunks` passes through.

        Raises:
            InvalidInputError: there was no task.
            NotFoundError: there is no such office.
            UnavailableError: the store did not take it; DiskFullError: for want of room.
        """
        return await arrival.submit(self._engine, office, batch, chunks)

    async def pause(self, office: str, batch: str) -> BatchRow:
        """Start nothing more of it. Raises NotFoundError, AlreadyEndedError, UnavailableError."""
        return await self._control.pause(office, batch)

    async def resume(self, office: str, batch: str) -> BatchRow:
        """Go on; harmless when it is not paused. Raises NotFoundError, AlreadyEndedError, UnavailableError."""
        return await self._control.resume(office, batch)

    async def cancel(self, office: str, batch: str) -> BatchRow:
        """Cancel what waits, ask what runs to end. Raises NotFoundError, AlreadyEndedError, UnavailableError."""
        return await self._control.cancel(office, batch)

    async def retry(self, office: str, batch: str, why: str | None = None) -> BatchRow:
        """Put its failed tasks, or those that failed for this one (server/store/whys.py), back to waiting.

        Raises:
            NotFoundError: there is no such batch in this office.
            ConflictError: nothing has failed.
            UnavailableError: the store did not take it.
        """
        return await self._control.retry(office, batch, why)

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
            UnavailableError: the store did not take it.
        """
        return await self._control.patch(office, batch, name=name, priority=priority, slots=slots)

    async def cancel_task(self, office: str, task: str) -> None:
        """Cancel a task that waits, ask one that runs to end.

        Raises:
            NotFoundError: there is no such task in this office.
            AlreadyEndedError: the request came too late.
            UnavailableError: the store did not take it.
        """
        await self._control.cancel_task(office, task)

    async def retry_task(self, office: str, task: str) -> None:
        """Put a failed or cancelled task back to waiting; it counts against no quota again.

        Raises:
            NotFoundError: there is no such task in this office.
            ConflictError: it is in any other state.
            UnavailableError: the store did not take it.
        """
        await self._control.retry_task(office, task)

    async def change_tier(self, account: str, tier: str) -> None:
        """Change an account's tier, at once in both directions. Raises NotFoundError, InvalidInputError."""
        await self._control.change_tier(account, tier)

    async def keys_changed(self, account: str) -> None:
        """Look which own keys there are now: slots rise or fall, and what waited for another key waits no longer."""
        await self._control.keys_changed(account)

    async def change_plan(self, account: str, change: PlanChange, deed: Deed) -> None:
        """Change an account as its operator may, at once while work runs, and write it down.

        What runs goes on to its end, also where there are fewer slots now or the account is suspended.

        Raises:
            NotFoundError: there is no such account.
            InvalidInputError: there is no such tier, or the slots are less than none.
            UnavailableError: the store did not take it.
        """
        await self._control.change_plan(account, change, deed)

    async def settle_plan(self, account: str, decide: Decide) -> None:
        """Give an account the tier that `decide` finds right, at once while work runs; see `server.billing.contract`.

        Raises:
            NotFoundError: there is no such account.
            UnavailableError: the store did not take it.
        """
        await self._control.settle_plan(account, decide)

    async def rename_office(self, office: str, name: str) -> None:
        """Give the office another name. Raises NotFoundError."""
        await self._control.rename_office(office, name)

    async def facts(self, office: str) -> Sequence[Input]:
        """All that brings a freshly begun world to now; what changes after the return is published on the bus.

        Raises:
            NotFoundError: there is no such office.
        """
        known = await self._office(office)
        self._engine.tell(known, list(known.batches.values()), anew=True)
        return events.all_facts(known)

    async def estimate(self, office: str, tasks: int, tier: str | None = None) -> list[TierEstimate]:
        """What `tasks` new tasks would take, in one tier or in each, with that tier's quota.

        Raises:
            NotFoundError: there is no such office.
            InvalidInputError: there is no such tier, or `tasks` is less than one.
        """
        if tasks < 1:
            raise InvalidInputError(f"tasks: expected a number from 1, got {tasks}")
        chosen = list(self._tiers.values()) if tier is None else [tier_named(tier, self._tiers)]
        known = await self._office(office)
        return [self._estimate(known, each, tasks) for each in chosen]

    async def account(self, office: str) -> AccountFacts:
        """The tier, slots and quota of the office's account. Raises NotFoundError."""
        known = await self._office(office)
        return AccountFacts(
            account=known.account, office=known.id, name=known.name, tier=known.tier.name, slots=known.slots,
            running=known.ledger.running, used=known.ledger.used, limit=known.quota,
            resets_ms=resets_ms(known.ledger.month), suspended=known.suspended,
        )  # fmt: skip

    async def lease(self, office: str, batch: str | None, most: int, wait_ms: int) -> list[Lease]:
        """Hand out at most so many executions of pulled batches, of one or of any; wait so long for the first.

        Fairness, slots, quota and fences are those of all others.

        Raises:
            NotFoundError: there is no such batch in this office.
            InvalidInputError: its tasks are not pulled.
            TooManyError: as many ask already as may wait.
            UnavailableError: the server is about to stop.
        """
        known = await self._office(office)
        if batch is not None:
            async with self._engine.db.read() as conn:
                row = await batches.batch_row(conn, office, batch)
            if row.kind not in PULLED_KINDS:
                raise InvalidInputError(
                    f"batch: expected one of kind {', '.join(PULLED_KINDS)}, got {row.kind}"
                )
        return await self._pulling.lease(known, batch, most, wait_ms)

    async def renew(self, office: str, execution: str, fence: int) -> Renewed:
        """Let the lease of an execution go on. Raises StaleTokenError, NotFoundError."""
        return await self._pulling.renew(office, execution, fence)

    async def finish(self, office: str, execution: str, fence: int, outcome: Outcome) -> None:
        """Record the end of an execution that was pulled; returns once it is committed.

        Raises:
            NotFoundError: there is no such execution in this office.
            StaleTokenError: its lease has passed on, or it ended otherwise.
            UnavailableError: it is not committed yet, and will be; say it again to make sure.
        """
        await self._pulling.finish(office, execution, fence, outcome)

    def leased(self, office: str, execution: str, fence: int | None = None) -> bool:
        """Whether an execution was pulled and goes on; with a fence, under this very one."""
        return self._pulling.leased(office, execution, fence)

    def eta(self, office: str, batch: str) -> tuple[int, int] | None:
        """The moments by which an unfinished batch is done with 50 % and 90 % likelihood, where known."""
        known = self._index.offices.get(office)
        found = None if known is None else known.batches.get(batch)
        if known is None or found is None or found.figures.ended:
            return None
        self._engine.tell(known, [], anew=True)
        return found.eta_ms

    async def _office(self, office_id: str) -> Office:
        """Return an office that is in the index and in step with its rows."""
        known = self._index.offices.get(office_id)
        if known is None or office_id in self._engine.stale:
            async with self._engine.db.write(first=True) as tx:
                known = await self._engine.office(tx.conn, office_id)
        return known

    def _estimate(self, office: Office, tier: Tier, tasks: int) -> TierEstimate:
        own = office.own_slots if tier is office.tier else None
        if tier is office.tier:
            tier = replace(tier, quota=office.quota)
        return tier_estimate(
            tier, tasks, workers=slots_of(tier, own, with_key=office.keyed), each_ms=forecast.mean_ms(office), used=office.ledger.used,
            resets_ms=resets_ms(office.ledger.month),
        )  # fmt: skip
