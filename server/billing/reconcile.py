"""Every night what is here is compared with what Stripe has: an event that never came is found out by morning.

Stripe's live subscriptions are read a hundred at a time, with a pause between two pages; whoever differs is looked at, as
if an event had come. So a night costs a request for each hundred who pay, and mends what it finds in the one way there is.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from sqlite3 import Error as SqliteError
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from server.billing.figures import Counters
from server.billing.refusals import StripeDownError
from server.billing.settling import merged
from server.billing.setup import Prices
from server.billing.terms import DAY_MS, terms_of
from server.clock import Clock, Timer
from server.store.customers import CustomerRow, ask_look, customers_page
from server.store.database import Database
from server.store.statements import packed
from server.store.stripe_events import drop_old_events
from server.store.subscriptions import Subscription, subscriptions_of_many

if TYPE_CHECKING:
    from server.billing.clerk import Clerk
    from server.billing.stripe import Stripe

HOUR = 3
"""When it begins, UTC: a quiet hour for most."""
PAUSE_MS = 500
AGAIN_MS = 1_800_000
"""When to try again where Stripe did not answer."""
PAGE = 200
EVENTS_KEPT_MS = 30 * DAY_MS
named_max = 20
"""So many accounts that differed are named in the log."""
log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciled:
    """What came of it: `checked` accounts, of which `differed` are looked at now; `foreign` subscriptions are nobody's here."""

    at_ms: int
    checked: int
    differed: int
    foreign: int


@dataclass(kw_only=True, slots=True)
class _Tally:
    checked: int = 0
    differed: list[str] = field(default_factory=list)


class Reconcile:
    """Compares at night, and whenever it is asked to."""

    def __init__(
        self, *, db: Database, clock: Clock, stripe: "Stripe", prices: Prices, clerk: "Clerk", counters: Counters
    ) -> None:  # fmt: skip
        self.last: Reconciled | None = None
        self.failed = False
        self._db = db
        self._clock = clock
        self._stripe = stripe
        self._prices = prices
        self._clerk = clerk
        self._counters = counters
        self._task: asyncio.Task[None] | None = None
        self._timer: Timer | None = None
        self._calm = asyncio.Event()
        self._calm.set()

    @property
    def under_way(self) -> bool:
        """Whether it is being done now."""
        return self._task is not None and not self._task.done()

    def begin(self) -> None:
        """Compare tonight, and every night from now on."""
        self._arm(until_night_ms(self._clock.now_ms()))

    def start(self) -> None:
        """Compare now; harmless while it is under way."""
        if not self.under_way:
            self.failed = False
            self._calm.clear()
            self._task = asyncio.create_task(self._carry_out(), name="reconcile")

    async def settled(self) -> None:
        """Return when it is not under way, or pauses."""
        await self._calm.wait()

    async def stop(self) -> None:
        """Compare no more."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _arm(self, delay_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(delay_ms, self._tonight)

    def _tonight(self) -> None:
        self._arm(until_night_ms(self._clock.now_ms()))
        self.start()

    async def _carry_out(self) -> None:
        try:
            self.last = await self._compare()
        except StripeDownError:
            self._give_up("Stripe did not answer")
        except (SqliteError, SQLAlchemyError, OSError) as error:
            self._give_up(str(error))
        except Exception as error:
            log.exception("billing.not_reconciled", reason=type(error).__name__)
            self.failed = True
        finally:
            self._calm.set()

    def _give_up(self, reason: str) -> None:
        log.warning("billing.not_reconciled", reason=reason)
        self.failed = True
        self._arm(AGAIN_MS)

    async def _compare(self) -> Reconciled:
        begun_ms = self._clock.now_ms()
        theirs = await self._read_all()
        tally, after = _Tally(), ""
        while True:
            async with self._db.read() as conn:
                rows = await customers_page(conn, after, PAGE)
                ours = await subscriptions_of_many(conn, packed([row.account for row in rows]))
            if not rows:
                break
            await self._ask([row for row in rows if self._differs(row, ours, theirs, begun_ms)], tally)
            tally.checked += len(rows)
            for row in rows:
                theirs.pop(row.customer, None)
            after = rows[-1].account
            await self._db.give_way()
        async with self._db.write() as tx:
            await drop_old_events(tx.conn, begun_ms - EVENTS_KEPT_MS)
        return self._told(tally, sum(map(len, theirs.values())), begun_ms)

    async def _read_all(self) -> dict[str, list[Subscription]]:
        """All live subscriptions that Stripe has, by customer."""
        found: dict[str, list[Subscription]] = {}
        after: str | None = None
        while True:
            page, after = await self._stripe.page(after)
            for customer, subscription in page:
                found.setdefault(customer, []).append(subscription)
            if after is None:
                return found
            self._calm.set()
            await self._clock.sleep(PAUSE_MS)
            self._calm.clear()

    def _differs(
        self, row: CustomerRow, ours: Mapping[str, Sequence[Subscription]],
        theirs: Mapping[str, Sequence[Subscription]], now_ms: int,
    ) -> bool:  # fmt: skip
        """Whether a look would change something: a row, or what was given by it."""
        mine = {each.id: each for each in ours.get(row.account, ())}
        after = merged(mine, theirs.get(row.customer, ()), now_ms)
        if after != mine:
            return True
        terms = terms_of(after.values(), self._prices, now_ms)
        return not terms.uncertain and terms.gives != row.applied

    async def _ask(self, rows: Sequence[CustomerRow], tally: _Tally) -> None:
        if not rows:
            return
        tally.differed += [row.account for row in rows]
        now_ms = self._clock.now_ms()
        async with self._db.write() as tx:
            for row in rows:
                await ask_look(tx.conn, row.customer, now_ms)
            tx.then(self._clerk.wake)

    def _told(self, tally: _Tally, foreign: int, at_ms: int) -> Reconciled:
        """Say in one line what differed."""
        named = " ".join(tally.differed[:named_max]) or "-"
        log.info(
            "billing.reconciled", checked=tally.checked, differed=len(tally.differed), foreign=foreign, accounts=named
        )  # fmt: skip
        self._counters.reconciled_s, self._counters.differed = at_ms // 1000, len(tally.differed)
        return Reconciled(at_ms=at_ms, checked=tally.checked, differed=len(tally.differed), foreign=foreign)


def until_night_ms(now_ms: int) -> int:
    """How long it is until the next night's hour."""
    now = datetime.fromtimestamp(now_ms / 1000, tz=UTC)
    night = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if night <= now:
        night += timedelta(days=1)
    return int((night - now).total_seconds() * 1000) or 1
