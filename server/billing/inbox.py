"""What Stripe tells: verified, written down, and answered. It changes nothing but that somebody is to be looked at.

Writing an event down and asking for the look is one transaction; only then comes the answer. So whatever Stripe was told
200 for is in the rows, and whatever it was not told 200 for it sends again.
"""

from collections.abc import Callable

from structlog import get_logger

from server.billing.contract import Hint, Verify
from server.billing.figures import Counters
from server.billing.refusals import ForgedError, LateError
from server.clock import Clock
from server.errors import InvalidInputError
from server.store.customers import ask_look
from server.store.database import Database
from server.store.stripe_events import EventRow, add_event, was_heard

HEEDED = ("customer.", "checkout.session.", "invoice.")
"""How the kinds begin that may mean another plan."""
TOLD_MS = 60_000
"""Forged events are told of in the log once in so long: whoever sends them is to fill no disk."""
log = get_logger(__name__)


class Inbox:
    """Takes events in. `wake` is called once there is somebody to look at."""

    def __init__(
        self, *, db: Database, clock: Clock, verify: Verify, counters: Counters, wake: Callable[[], None]
    ) -> None:
        self._db = db
        self._clock = clock
        self._verify = verify
        self._counters = counters
        self._wake = wake
        self._told_ms: int | None = None

    async def take(self, body: bytes, signature: str | None) -> None:
        """Take an event in; an event that came before is done already.

        Raises:
            ForgedError, LateError: it was not signed by Stripe just now.
            InvalidInputError: it was, and is no event.
        """
        hint = self._verified(body, signature)
        outcome = await self._write(hint)
        self._counters.events[outcome] += 1
        log.info("stripe.event", id=hint.id, kind=hint.kind, outcome=outcome)

    def _verified(self, body: bytes, signature: str | None) -> Hint:
        try:
            return self._verify(body, signature, self._clock.now_ms())
        except InvalidInputError as error:
            outcome = {ForgedError: "forged", LateError: "late"}.get(type(error), "malformed")
            self._counters.events[outcome] += 1
            now_ms = self._clock.monotonic_ms()
            if self._told_ms is None or now_ms - self._told_ms >= TOLD_MS:
                self._told_ms = now_ms
                log.warning("stripe.event_refused", outcome=outcome, reason=error.detail)
            raise

    async def _write(self, hint: Hint) -> str:
        now_ms = self._clock.now_ms()
        async with self._db.write() as tx:
            if await was_heard(tx.conn, hint.id):
                return "repeated"
            asked = None
            if hint.customer is not None and hint.kind.startswith(HEEDED):
                asked = await ask_look(tx.conn, hint.customer, now_ms)
            await add_event(
                tx.conn,
                EventRow(
                    id=hint.id, kind=hint.kind, customer=hint.customer if asked is not None else None, asked=asked,
                    received_ms=now_ms,
                ),
            )  # fmt: skip
            if asked is not None:
                tx.then(self._wake)
        return "foreign" if asked is None else "taken"
