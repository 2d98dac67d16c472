"""Self-clocked group commit: the next cycle starts when the last commit has returned and something is to be done."""

import asyncio
from contextlib import suppress
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection
from structlog import get_logger

from server.clock import Timer
from server.errors import UnavailableError
from server.model import Blocked, Work
from server.scheduler.commit import OutOfStepError, read_windows, write
from server.scheduler.consequences import Consequences
from server.scheduler.engine import Engine
from server.scheduler.index import Running
from server.scheduler.leases import Leases
from server.scheduler.limits import Limits
from server.scheduler.plan import End, Plan
from server.scheduler.telling import told_of
from server.store import executions
from server.store.database import STORE_ERRORS
from server.store.usage import month_of, resets_ms

RETRY_MS = 1_000
MISSTEPS_MAX = 3
"""So many cycles in a row that found rows other than expected, though the index had been read anew from them."""
ASIDE_MS = 60_000
RECOUNT_MS = 60_000
GATHER_MS, GATHER_PART = 10, 50
"""An end waits for others to share its cycle for as long as this since the last one began, but for no more than this part of what it took.

Without, 3,000 tasks of a second at once are committed by sixes, and most of a core goes into making cycles. What is short
is never kept waiting, so a queue of short tasks is not slowed down, as it would be by a window of fixed length.
"""
log = get_logger(__name__)


class Cycles:
    """Turns what was reported and asked since the last commit into the next one, one at a time, as long as it lasts."""

    def __init__(self, engine: Engine, limits: Limits, leases: Leases, consequences: Consequences) -> None:
        self._engine = engine
        self._limits = limits
        self._leases = leases
        self._consequences = consequences
        self._woken = asyncio.Event()
        self._rest = asyncio.Event()
        self._rest.set()
        self._held = False  # the store failed; an alarm will let it go on
        self._recount = False
        self._missteps = 0
        self._begun_ms = 0  # monotonic, of the newest cycle
        self._gathering: Timer | None = None
        self._task: asyncio.Task[None] | None = None
        engine.wake, engine.end_came = self.wake, self.end_came

    async def start(self) -> None:
        """Carry out the first cycle, and go on by itself from then on."""
        await self._cycle()
        self._await_month()
        self._task = asyncio.create_task(self._forever(), name="scheduler")
        if not self._engine.index.idle():
            self.wake()

    async def stop(self) -> None:
        """Commit what is left, and end. What cannot be committed now is recovered at the next start."""
        if self._task is None:
            return
        self._held = False
        self.wake()
        await self.settled()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None
        self._engine.alarms.clear()
        self._engine.stopped = True
        self._engine.answer_all(UnavailableError("the server has stopped; say it again to the next one"))

    def wake(self) -> None:
        """Something may be to be done."""
        if not self._held:
            self._rest.clear()
            self._woken.set()

    def end_came(self, lasted_ms: int) -> None:
        """An execution that took so long has ended: wake, or let more of them come together first."""
        due_ms = self._begun_ms + min(GATHER_MS, lasted_ms // GATHER_PART)
        wait_ms = due_ms - self._engine.clock.monotonic_ms()
        if wait_ms <= 0:
            self.wake()
        elif self._gathering is None:
            self._gathering = self._engine.clock.call_later(wait_ms, self.wake)

    async def settled(self) -> None:
        """Return when no cycle is under way and nothing is to be done before the next timer. Ends wait no longer."""
        while True:
            if self._gathering is not None:
                self.wake()
            await self._rest.wait()
            for _ in range(3):
                await asyncio.sleep(0)
            if self._rest.is_set() and (self._gathering is None or self._held):
                return

    async def _forever(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            await self._cycle()
            if not self._woken.is_set():
                self._rest.set()

    async def _cycle(self) -> None:
        engine = self._engine
        self._begun_ms = engine.clock.monotonic_ms()
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        ends, engine.ends = engine.ends, []
        dirty, engine.dirty = engine.dirty, set()
        plan: Plan | None = None
        try:
            async with engine.db.write(first=True) as tx:
                await self._catch_up(tx.conn)
                over, renewed = self._leases.look()
                ends += engine.ends + over
                engine.ends = []
                # The moment of this cycle is taken here, not before the wait for the writer: no start may seem older
                # than the end that made room for it.
                plan = Plan(engine.index, engine.clock.now_ms(), engine.clock.monotonic_ms(), renewed=renewed)
                await self._prepare(tx.conn, plan, dirty)
                plan.end(self._running_still(ends))
                if not engine.draining:
                    plan.admit()
                for office, key, moment_ms in plan.shut:
                    self._limits.await_room(office, key, moment_ms)
                plan.settle()
                told = told_of(plan, engine.herald)
                begun = await write(tx.conn, plan, engine.ids, told)
                tx.then(partial(self._committed, plan, begun))
                if told:
                    tx.then(engine.herald.wake)
        except Exception as error:  # noqa: BLE001 - nothing may be lost, whatever it is
            if plan is not None:
                plan.give_up()
            self._failed(error, set(plan.offices) if plan else set(), ends, dirty)

    async def _catch_up(self, conn: AsyncConnection) -> None:
        """Bring the index in step with rows, where it is not to be trusted or is due to be compared."""
        for office_id in list(self._engine.stale):
            await self._engine.office(conn, office_id)
        if self._recount:
            await self._count_again(conn)

    async def _prepare(self, conn: AsyncConnection, plan: Plan, dirty: set[str]) -> None:
        """Let backoffs end that are over, and read what may start next."""
        index = self._engine.index
        for office in [index.offices[name] for name in dirty if name in index.offices]:
            plan.open(office)
            index.ripen(office, plan.now_ms)
        await read_windows(conn, index)

    def _running_still(self, ends: list[End]) -> list[End]:
        """The ends that are still to be written: an index read anew may know of them already, and rows tell who asks."""
        known, still = self._engine.index.executions, []
        for end in ends:
            if known.get(end.running.id) is end.running:
                still.append(end)
            else:
                self._engine.answer(end.running.id)
        return still

    def _committed(self, plan: Plan, begun: list[tuple[Running, Work]]) -> None:
        """Rows have changed: let everything follow, and go on if there is more to do."""
        engine = self._engine
        self._consequences.follow(plan, begun)
        self._missteps = 0
        self._recover()
        if engine.index.executions:
            engine.alarms.sooner(plan.now_ms + RECOUNT_MS, "recount", self._ask_recount)
        if not engine.draining and not engine.index.idle():
            self.wake()

    def _failed(self, error: Exception, planned: set[str], ends: list[End], dirty: set[str]) -> None:
        """Keep what was reported, distrust what was planned, say so, and try again in a second."""
        engine = self._engine
        engine.ends[:0] = ends
        engine.dirty |= dirty
        engine.stale |= planned | {end.running.office for end in ends}
        engine.answer_all(UnavailableError("the store did not take it yet; the server goes on trying"))
        if isinstance(error, OutOfStepError):
            log.error("cycle.out_of_step", reason=str(error))
            engine.stale |= error.offices
            self._missteps += 1
            if self._missteps >= MISSTEPS_MAX:
                self._set_aside(error.offices)
            self.wake()
            return
        engine.counters.failures += 1
        log.error("cycle.failed", reason=str(error), exc_info=not isinstance(error, STORE_ERRORS))
        self._held = True
        self._woken.clear()
        engine.clock.call_later(RETRY_MS, self._let_go)  # no alarm: the wall clock may be set back meanwhile
        if engine.trouble is None and isinstance(error, STORE_ERRORS):
            engine.trouble = Blocked.DISK
            self._tell_all()

    def _set_aside(self, offices: set[str]) -> None:
        """Take offices whose rows contradict each other out of the queue for a while: the others must go on."""
        engine = self._engine
        engine.ends = [end for end in engine.ends if end.running.office not in offices]
        for office_id in offices:
            log.error("office.set_aside", office=office_id)
            engine.stale.discard(office_id)
            engine.index.remove(office_id)
            engine.clock.call_later(ASIDE_MS, partial(self._take_up, office_id))

    def _take_up(self, office_id: str) -> None:
        self._engine.stale.add(office_id)
        self.wake()

    def _await_month(self) -> None:
        """Have every office looked at when the month turns: usage counts from nothing again."""
        turn_ms = resets_ms(month_of(self._engine.clock.now_ms()))
        self._engine.alarms.at(turn_ms, "month", self._month_turned)

    def _month_turned(self) -> None:
        self._engine.dirty |= self._engine.index.offices.keys()
        self.wake()
        self._await_month()

    def _let_go(self) -> None:
        self._held = False
        self.wake()

    def _recover(self) -> None:
        if self._engine.trouble is Blocked.DISK:
            self._engine.trouble = None
            self._tell_all()

    async def drain(self) -> None:
        """Admit nothing more from now on; returns once what the cycle under way admits has begun."""
        self._engine.draining = True
        for office in self._engine.index.offices.values():
            for pull in office.pulls:
                pull.hurry()
        self._engine.trouble = Blocked.DRAINING
        self._tell_all()
        with suppress(*STORE_ERRORS):
            async with self._engine.db.write(first=True):
                pass  # behind the cycle under way, if there is one

    def _tell_all(self) -> None:
        for office in self._engine.index.offices.values():
            self._engine.tell(office, [])

    def _ask_recount(self) -> None:
        self._recount = True
        self.wake()

    async def _count_again(self, conn: AsyncConnection) -> None:
        """Compare what runs with rows. They differ only through a defect: it is logged, and rows are right."""
        self._recount = False
        index = self._engine.index
        counts = await executions.running_counts(conn, list(index.offices))
        for office in list(index.offices.values()):
            counted = counts.get(office.id, 0)
            if counted != office.ledger.running:
                log.error("running.differs", office=office.id, rows=counted, index=office.ledger.running)
                self._engine.stale.add(office.id)
                await self._engine.office(conn, office.id)
