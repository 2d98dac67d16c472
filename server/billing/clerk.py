"""Looks at customers when they are due: asks Stripe how things stand, and has the plan settled accordingly.

The rows of customers are the queue (`server/store/customers.py`), so nothing is lost by a kill -9, and what failed is
tried again after the next start as well. What an event said is forgotten by then; a look sees what is, and so events may
come twice, late, or in any order, and end in what Stripe has.
"""

import asyncio
from typing import TYPE_CHECKING

from structlog import get_logger

from server.billing.contract import SettlePlan
from server.billing.figures import Counters
from server.billing.refusals import StripeDownError
from server.billing.settling import Look, Settling
from server.clock import Clock
from server.errors import NotFoundError, UnavailableError
from server.store.customers import CustomerRow, due_customers, look_later, next_due_ms
from server.store.database import STORE_ERRORS, Database
from server.store.rounds import Rounds

if TYPE_CHECKING:
    from server.billing.stripe import Stripe

looks_at_once_max = 4
BACKOFF_MS = 2_000
backoff_ms_max = 3_600_000
STORE_MS = 10_000
"""When to come back to a store that did not answer."""
log = get_logger(__name__)


class Clerk:
    """Looks at one customer after another, at a few of them at once, at no one twice at a time."""

    def __init__(
        self, *, db: Database, clock: Clock, stripe: "Stripe", settling: Settling, settle_plan: SettlePlan,
        counters: Counters,
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._stripe = stripe
        self._settling = settling
        self._settle_plan = settle_plan
        self._counters = counters
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._rounds = Rounds(
            clock, name="billing", look=self._look_round, busy=lambda: bool(self._looking), again_ms=STORE_MS
        )
        self.begin, self.wake, self.settled = self._rounds.begin, self._rounds.wake, self._rounds.settled

    async def stop(self) -> None:
        """Look at nobody more; the rows say at whom to look after the next start."""
        await self._rounds.stop()
        tasks = list(self._looking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_round(self) -> int | None:
        """Begin to look at as many as may be looked at."""
        now_ms = self._clock.now_ms()
        async with self._db.read() as conn:
            due = await due_customers(conn, now_ms, looks_at_once_max * 2)
            later_ms = await next_due_ms(conn, now_ms)
        for row in due:
            if len(self._looking) < looks_at_once_max and row.account not in self._looking:
                self._begin(row)
        return None if later_ms is None else later_ms - now_ms

    def _begin(self, row: CustomerRow) -> None:
        task = asyncio.create_task(self._look(row), name=f"look {row.account}")
        self._looking[row.account] = task

        def looked(_task: "asyncio.Task[None]") -> None:
            del self._looking[row.account]
            self.wake()

        task.add_done_callback(looked)

    async def _look(self, row: CustomerRow) -> None:
        try:
            outcome = await self._carry_out(row)
        except Exception:
            log.exception("billing.look_failed", account=row.account)
            outcome = "failed"
        self._counters.looks[outcome] += 1
        if outcome == "failed":
            await self._put_off(row)

    async def _carry_out(self, row: CustomerRow) -> str:
        """Look at one, and return what came of it."""
        try:
            look = Look(row=row, client=await self._stripe.customer(row.customer))
            await self._settle_plan(row.account, lambda tx: self._settling.decide(look, tx))
        except NotFoundError:
            log.info(
                "billing.account_gone", account=row.account
            )  # its row goes with it; until then it is put off
            return "failed"
        except StripeDownError:
            return "failed"
        except UnavailableError as error:
            log.warning("billing.look_put_off", account=row.account, reason=error.detail)
            return "failed"
        return "changed" if look.changed else "unchanged"

    async def _put_off(self, row: CustomerRow) -> None:
        """Try again later, and later each time; whoever asks meanwhile has it tried at once."""
        wait_ms = min(BACKOFF_MS << min(row.tries, 20), backoff_ms_max)
        try:
            async with self._db.write() as tx:
                await look_later(tx.conn, row, self._clock.now_ms() + wait_ms)
        except STORE_ERRORS as error:
            log.warning("billing.store_failed", reason=str(error))
            await self._clock.sleep(STORE_MS)
