"""What the scheduler's rooms share: the index and the way to change it, the news and the way to tell them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from server.bus.contract import Bus
from server.clock import Clock
from server.errors import DiskFullError, NotFoundError, TenDesksError, UnavailableError
from server.executions.contract import Runner
from server.model import Blocked, Tier
from server.scheduler import events, forecast
from server.scheduler.alarms import Alarms
from server.scheduler.counters import Counters
from server.scheduler.figures import Figures
from server.scheduler.index import Batch, Index, Office
from server.scheduler.load import SHOWN_MS, carry_over, load_offices, orphans
from server.scheduler.plan import End
from server.scheduler.telling import batch_row_of
from server.store.batches import BatchRow, batch_with_pace
from server.store.database import STORE_ERRORS, Database, Transaction
from server.store.ids import Ids
from server.store.room import is_full
from server.webhooks.contract import Herald
from simulation.inputs import Input


def unavailable(error: BaseException) -> UnavailableError:
    """Put a store's error into words for whoever asked for a change."""
    if is_full(error):
        return DiskFullError("the disk is full: nothing was changed; make room, and send it again")
    return UnavailableError(f"the store did not take the change: {error}")


class Engine:
    """The scheduler's parts and its state.

    `wake` is called whenever a cycle may have something to do, `end_came` with how long an execution took that ended.
    """

    def __init__(  # noqa: PLR0913 - what its rooms need
        self, *, db: Database, bus: Bus, clock: Clock, ids: Ids, runner: Runner, index: Index,
        tiers: Mapping[str, Tier], herald: Herald,
    ) -> None:  # fmt: skip
        self.db = db
        self.bus = bus
        self.clock = clock
        self.ids = ids
        self.runner = runner
        self.index = index
        self.tiers = tiers
        self.herald = herald
        self.alarms = Alarms(clock)
        self.counters = Counters()
        self.trouble: Blocked | None = None
        self.stopped = False  # there will be no more cycles
        self.draining = False  # nothing is admitted any more, and what is lost now is lost by our own doing
        self.ends: list[End] = []
        self.dirty: set[str] = set()
        self.stale: set[str] = set()
        self.leftovers: set[str] = set()  # batches whose arrival was cut short, and could not be deleted then
        self.wake: Callable[[], None] = lambda: None
        self.end_came: Callable[[int], None] = lambda _lasted_ms: None
        self._awaited: dict[str, asyncio.Future[None]] = {}

    async def office(self, conn: AsyncConnection, office_id: str) -> Office:
        """Return an office of the index, read from rows if it is not there or not to be trusted.

        `conn` is that of a write transaction that has changed nothing of this office yet.

        Raises:
            NotFoundError: there is no such office.
        """
        office = self.index.offices.get(office_id)
        if office is not None and office_id not in self.stale:
            return office
        now_ms = self.clock.now_ms()
        loaded = await load_offices(conn, [office_id], self.tiers, now_ms, self.clock.monotonic_ms())
        if not loaded:
            raise NotFoundError(f"office: there is no {office_id!r}")
        gone = [] if office is None else await carry_over(conn, office, loaded[0])
        self.ends += orphans(loaded[0], now_ms, blameless=True)
        self.stale.discard(office_id)
        self.take_in(loaded[0])
        for running in loaded[0].executions.values():
            if running.cancelling and running.held:
                self.runner.cancel(running.id)  # harmless where it was asked before
        self.tell(loaded[0], list(loaded[0].batches.values()), [*gone])
        return loaded[0]

    def await_end(self, execution: str) -> "asyncio.Future[None]":
        """Return what is done once the end of an execution is committed, or fails when the store does not take it now."""
        if execution not in self._awaited:
            self._awaited[execution] = asyncio.get_running_loop().create_future()
        return self._awaited[execution]

    def answer(self, execution: str) -> None:
        """The end of an execution is committed."""
        answered = self._awaited.pop(execution, None)
        if answered is not None and not answered.done():
            answered.set_result(None)

    def answer_all(self, error: UnavailableError) -> None:
        """Nothing can be committed now."""
        awaited, self._awaited = self._awaited, {}
        for answered in awaited.values():
            if not answered.done():
                answered.set_exception(error)

    def take_in(self, office: Office) -> None:
        """Put an office that was read from rows into the index."""
        self.index.put(office)
        self.look_at(office)
        self._arm(office)

    async def batch(self, conn: AsyncConnection, office: Office, batch_id: str) -> Batch:
        """Return a batch of an office, from the index or from its row. Raises NotFoundError."""
        batch = office.batches.get(batch_id)
        if batch is None:
            row, pace = await batch_with_pace(conn, office.id, batch_id)
            batch = Batch.of(row, Figures.of(row, pace))
        return batch

    @asynccontextmanager
    async def change(self, office_id: str) -> AsyncIterator[tuple[Transaction, Office]]:
        """One write transaction that changes an office; the index is changed in `Transaction.then`.

        Raises:
            NotFoundError: there is no such office.
            UnavailableError: the store did not take it; DiskFullError: because the disk is full.
        """
        try:
            async with self.db.write() as tx:
                yield tx, await self.office(tx.conn, office_id)
        except TenDesksError:
            raise  # said before anything was written
        except STORE_ERRORS as error:
            self._distrust(office_id)
            raise unavailable(error) from error
        except BaseException:
            self._distrust(office_id)
            raise

    def install(self, office: Office, batch: Batch, figures: Figures) -> None:
        """Show a batch's committed figures, let it take part accordingly, and tell of it."""
        if batch.id not in office.batches:
            office.add(batch)
        office.put_figures(batch, figures)
        self.index.offer(office, batch)
        self.index.offer_office(office)
        office.reckoned_ms = None  # whoever asked for the change gets a fresh promise with it
        self.tell(office, [batch])
        self.look_at(office)

    def look_at(self, office: Office) -> None:
        """Have the next cycle look at this office, and at all its batches."""
        office.recheck = True
        self.dirty.add(office.id)
        self.wake()

    def heard(self, office: Office) -> bool:
        """Whether anyone listens to this office. Nothing is told to nobody: whoever comes asks for all the facts."""
        return self.bus.has_listener(office.id)

    def tell(
        self, office: Office, batches: list[Batch], facts: list[Input] | None = None, *, anew: bool = False
    ) -> None:
        """Publish facts, and then what has changed of these batches, the quota and the queue.

        `anew`: somebody asks, so have everything told as it is now even while nobody listens.
        """
        now_ms = self.clock.now_ms()
        self._arm(office)
        if not anew and not self.heard(office):
            return
        offices = len(self.index.offices)
        if forecast.due(office, now_ms, offices):
            batches = list(dict.fromkeys([*batches, *forecast.reckon(self.index, office, now_ms)]))
            if office.executions:  # a promise ages also while nothing happens: the last task may hang
                again = partial(self._tell_again, office.id)
                self.alarms.sooner(now_ms + forecast.REFRESH_MS, f"reckon:{office.id}", again)
        elif office.reckoned_ms is not None and (office.waiting or office.executions):
            at_ms = office.reckoned_ms + forecast.every_ms(offices)
            self.alarms.sooner(at_ms, f"reckon:{office.id}", partial(self._tell_again, office.id))
        told = (facts or []) + events.news(self.index, office, batches, self.trouble, now_ms)
        if told:
            self.bus.publish(office.id, told)

    def row(self, office: Office, batch: Batch) -> BatchRow:
        """Return a batch as other parts read it."""
        return batch_row_of(office, batch, batch.figures)

    def _distrust(self, office_id: str) -> None:
        """A transaction failed, and perhaps was committed all the same: rows alone know."""
        if office_id in self.index.offices:
            self.stale.add(office_id)
            self.wake()

    def _arm(self, office: Office) -> None:
        """Set the alarms for the next backoff's end and for forgetting what ended an hour ago."""
        if office.backoffs:
            self.alarms.at(office.backoffs[0][0], f"ripe:{office.id}", partial(self._ripe, office.id))
        if not office.waiting and not office.executions:
            at_ms = self.clock.now_ms() + SHOWN_MS
            self.alarms.at(at_ms, f"prune:{office.id}", partial(self._prune, office.id))

    def _ripe(self, office_id: str) -> None:
        self.dirty.add(office_id)
        self.wake()

    def _tell_again(self, office_id: str) -> None:
        office = self.index.offices.get(office_id)
        if office is not None:
            self.tell(office, [])

    def _prune(self, office_id: str) -> None:
        """Forget batches that ended more than an hour ago, and an office that has none left."""
        office = self.index.offices.get(office_id)
        if office is None:
            return
        before_ms = self.clock.now_ms() - SHOWN_MS
        for batch in list(office.batches.values()):
            ended_ms = batch.figures.ended_ms
            if ended_ms is not None and ended_ms <= before_ms:
                office.drop(batch)
        if not office.batches and not office.pulls:
            self.index.remove(office_id)
        else:
            self._arm(office)
