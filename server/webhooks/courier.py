"""The courier: goes with whatever is due, to many addresses at once, and with none of it twice at a time.

Rows are the outbox (`server/store/deliveries.py`). A row waits until what came of it is written, so a kill -9 between any
two steps has it sent again, under the same id, and nothing is ever lost. What is on its way is known in memory alone.
"""

import asyncio

from structlog import get_logger

from server.clock import Clock
from server.store.database import STORE_ERRORS, Database
from server.store.deliveries import Backlog, DeliveryState, Due, backlog, heads, next_due_ms
from server.store.hooks import SwitchedOff
from server.store.hooksecrets import good_secrets
from server.store.keys import KeyRow
from server.store.rounds import Rounds
from server.vault.vault import Vault
from server.webhooks.answer import Answer
from server.webhooks.books import STORE_MS, Books, Entry, Judged
from server.webhooks.figures import WebhookFigures
from server.webhooks.herald import HookHerald
from server.webhooks.message import ID_PREFIX
from server.webhooks.seals import opened
from server.webhooks.sending import Sender
from server.webhooks.signing import headers_of
from server.webhooks.turns import Turns

HEADS_MAX = 256
LOOK_MS = 60_000
"""So often it is looked what is due, whoever may have forgotten to tell: plans change, clocks are set."""
COUNT_MS = 5_000
UNSIGNED = "Its secret cannot be opened on this server; make a new one"
log = get_logger(__name__)


class Courier:
    """Delivers, from `begin` to `stop`."""

    def __init__(
        self, *, db: Database, clock: Clock, vault: Vault, sender: Sender, books: Books, herald: HookHerald,
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._vault = vault
        self._sender = sender
        self._books = books
        self._herald = herald
        self._turns = Turns()
        self._going: dict[str, Due] = {}  # until what came of it is written
        self._errands: set[asyncio.Task[None]] = set()
        self._writing: asyncio.Task[None] | None = None
        self._rounds = Rounds(
            clock, name="webhooks", look=self._look, busy=lambda: bool(self._going), again_ms=STORE_MS
        )
        self.wake, self.settled = self._rounds.wake, self._rounds.settled
        self._backlog, self._counted_ms = Backlog(), -COUNT_MS
        self._delivered = self._tries_failed = self._failed = self._off = 0
        books.written, books.off = self._written, self._switched_off
        herald.woken = self.wake

    def begin(self) -> None:
        """Deliver what is due, and what an earlier server did not come to."""
        self._rounds.begin()
        self._writing = asyncio.create_task(self._books.work(), name="courier's books")

    async def stop(self) -> None:
        """Go with nothing more; what is on its way is sent again after the next start, unless its end is known."""
        await self._rounds.stop()
        tasks = [*self._errands, *([] if self._writing is None else [self._writing])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._books.write()
        except STORE_ERRORS as error:
            log.warning("webhooks.not_written", reason=str(error))
        await self._sender.aclose()

    def figures(self) -> WebhookFigures:
        """What was done so far."""
        oldest_ms = self._backlog.oldest_ms
        return WebhookFigures(
            delivered_total=self._delivered,
            attempts_failed_total=self._tries_failed,
            failed_total=self._failed,
            switched_off_total=self._off,
            waiting=self._backlog.count,
            oldest_s=0 if oldest_ms is None else max(0, self._clock.now_ms() - oldest_ms) // 1000,
        )

    async def _look(self) -> int | None:
        """Go with as many as may be gone with."""
        if not self._herald.accounts:
            return None
        now_ms = self._clock.now_ms()
        full = self._turns.full(due.hook for due in self._going.values())
        async with self._db.read() as conn:
            due = await heads(
                conn,
                now_ms=now_ms,
                tiers=self._herald.tiers,
                busy=list(self._going),
                full=full,
                most=HEADS_MAX,
            )
            later_ms = await next_due_ms(conn, now_ms)
            if self._clock.monotonic_ms() - self._counted_ms >= COUNT_MS:
                self._counted_ms, self._backlog = self._clock.monotonic_ms(), await backlog(conn)
        for each in due:
            self._go(each)
        return LOOK_MS if later_ms is None else min(later_ms - now_ms, LOOK_MS)

    def _go(self, due: Due) -> None:
        """Go with one, if there is room for it, and look for the next one of the same address."""
        if not self._turns.take(due):
            return
        self._going[due.id] = due
        errand = asyncio.create_task(self._deliver(due), name=f"deliver {due.id}")
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)
        self.wake()

    async def _deliver(self, due: Due) -> None:
        try:
            answer = await self._attempt(due)
        except Exception:
            log.exception("webhooks.attempt_failed", webhook=due.hook)
            answer = Answer(at_ms=self._clock.now_ms(), reason="This server could not send it")
        self._books.enter(Entry(due=due, answer=answer))

    async def _attempt(self, due: Due) -> Answer:
        secrets = opened(self._vault, await self._secrets(due.hook))
        now_ms, body = self._clock.now_ms(), due.body.encode()
        if not secrets:
            return Answer(at_ms=now_ms, reason=UNSIGNED, unsigned=True)
        headers = headers_of(ID_PREFIX + due.id, now_ms // 1000, body, secrets)
        return await self._sender.send(due.url, headers, body)

    async def _secrets(self, hook: str) -> list[KeyRow]:
        """What to sign with. A store that does not answer is no fault of the receiver's: it is asked until it does."""
        while True:
            try:
                async with self._db.read() as conn:
                    return await good_secrets(conn, hook, self._clock.now_ms())
            except STORE_ERRORS as error:
                log.warning("webhooks.store_failed", reason=str(error))
                await self._clock.sleep(STORE_MS)

    def _written(self, entries: list[tuple[Entry, Judged]]) -> None:
        for entry, said in entries:
            del self._going[entry.due.id]
            self._turns.give_back(entry.due)
            self._delivered += said.state is DeliveryState.DELIVERED
            self._tries_failed += not entry.answer.delivered
            self._failed += said.state is DeliveryState.FAILED
        self.wake()

    def _switched_off(self, _gone: SwitchedOff) -> None:
        self._off += 1
