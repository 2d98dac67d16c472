"""What came of attempts is written down: all that came together in one transaction, so that it costs the queue little."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection
from structlog import get_logger

from server.clock import Clock
from server.store.audit import Deed, add_deed
from server.store.database import STORE_ERRORS, Database
from server.store.deliveries import DeliveryState, Due, tried
from server.store.hooks import OffReason, SwitchedOff, switch_off, went_ill, went_well
from server.store.ids import Ids
from server.store.statements import Row, carry_out
from server.webhooks.address import called
from server.webhooks.answer import Answer
from server.webhooks.message import PING
from server.webhooks.schedule import FAILING_MS, wait_ms

STORE_MS = 5_000
"""When to come back to a store that did not take something."""
log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An attempt, and what it came to."""

    due: Due
    answer: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What becomes of a delivery. `wait_ms`: until its next attempt, None: there is none."""

    state: DeliveryState
    wait_ms: int | None = None


def judge(entry: Entry, chance: Callable[[], float]) -> Judged:
    """Decide what becomes of a delivery after an attempt. A ping is tried once: whoever asked for it looks on."""
    if entry.answer.delivered:
        return Judged(state=DeliveryState.DELIVERED)
    again_ms = wait_ms(entry.due.step, chance, entry.answer.asked_ms)
    if entry.due.kind == PING or again_ms is None:
        return Judged(state=DeliveryState.FAILED)
    return Judged(state=DeliveryState.WAITING, wait_ms=again_ms)


class Books:
    """One writer for all attempts. `written` is told what was written, `off` what was switched off, after the commit."""

    def __init__(self, *, db: Database, clock: Clock, ids: Ids, chance: Callable[[], float]) -> None:
        self.written: Callable[[list[tuple[Entry, Judged]]], None] = lambda _entries: None
        self.off: Callable[[SwitchedOff], None] = lambda _gone: None
        self._db = db
        self._clock = clock
        self._ids = ids
        self._chance = chance
        self._entries: list[Entry] = []
        self._came = asyncio.Event()

    def enter(self, entry: Entry) -> None:
        """Write this down soon."""
        self._entries.append(entry)
        self._came.set()

    async def work(self) -> None:
        """Write for ever."""
        while True:
            await self._came.wait()
            self._came.clear()
            try:
                await self.write()
            except STORE_ERRORS as error:
                log.warning("webhooks.not_written", reason=str(error))
                await self._clock.sleep(STORE_MS)
                self._came.set()

    async def write(self) -> None:
        """Write all that has come. Raises STORE_ERRORS; it is kept then."""
        if not self._entries:
            return
        entries, self._entries = self._entries, []
        judged = [(entry, judge(entry, self._chance)) for entry in entries]
        try:
            async with self._db.write() as tx:
                await _write_deliveries(tx.conn, judged)
                gone = [off for entry in entries if (off := await self._look(tx.conn, entry)) is not None]
        except BaseException:
            self._entries[:0] = entries
            raise
        self.written(judged)
        for off in gone:
            log.info("webhook.off", account=off.account, webhook=off.hook, reason=off.reason.value)
            self.off(off)

    async def _look(self, conn: AsyncConnection, entry: Entry) -> SwitchedOff | None:
        """Write how an address stands after an attempt that failed; the one that is switched off for it, if it is."""
        due, answer = entry.due, entry.answer
        reason = OffReason.SECRET if answer.unsigned else OffReason.GONE if answer.gone else None
        if answer.delivered or (due.kind == PING and reason is None):
            return None
        resume_ms = None if answer.asked_ms is None else answer.at_ms + answer.asked_ms
        since_ms = await went_ill(conn, due.hook, due.edition, answer.at_ms, resume_ms)
        if reason is None and since_ms is not None and answer.at_ms - since_ms >= FAILING_MS:
            reason = OffReason.FAILING
        off = None if reason is None else await switch_off(conn, due.hook, due.edition, answer.at_ms, reason)
        if off is not None:
            await self._note(conn, off, answer.at_ms)
        return off

    async def _note(self, conn: AsyncConnection, off: SwitchedOff, at_ms: int) -> None:
        detail = {"host": called(off.url), "reason": off.reason.value}
        deed = Deed(
            account=off.account, actor="server", what="webhook.off", about=off.hook, at_ms=at_ms, detail=detail
        )  # fmt: skip
        await add_deed(conn, self._ids, deed)


async def _write_deliveries(conn: AsyncConnection, judged: list[tuple[Entry, Judged]]) -> None:
    """What could not be signed was not attempted, and waits as it is; but a ping, which nobody waits for, has failed."""
    rows = [
        _row(entry, said) for entry, said in judged if not entry.answer.unsigned or entry.due.kind == PING
    ]
    well: list[Row] = [(entry.due.hook, entry.answer.at_ms) for entry, _ in judged if entry.answer.delivered]
    await carry_out(conn, [*([tried(rows)] if rows else []), *([went_well(well)] if well else [])])


def _row(entry: Entry, said: Judged) -> Row:
    answer, step = entry.answer, entry.due.step + 1
    due_ms = 0 if said.wait_ms is None else answer.at_ms + said.wait_ms
    ended_ms = 0 if said.state is DeliveryState.WAITING else answer.at_ms
    return (
        entry.due.id, said.state.value, step, due_ms, answer.status or 0, answer.reason or "", ended_ms,
    )  # fmt: skip
