"""How a batch arrives: validated tasks go in a few hundred a transaction, and one last commit makes it queued."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from server.errors import DiskFullError, InvalidInputError, NotFoundError, UnavailableError
from server.model import BatchState, Blocked, NewBatch, NewTask
from server.scheduler.engine import Engine
from server.scheduler.figures import Figures
from server.scheduler.index import Batch
from server.store import batches, offices, tasks
from server.store.batches import BatchRow, Pace
from server.store.database import STORE_ERRORS, Transaction
from server.store.room import ROOM_BYTES_MIN, has_room

ROWS_MAX = 500
"""Inserted by one transaction: a cycle that comes meanwhile waits some 5 ms for it."""


async def submit(
    engine: Engine, office_id: str, new: NewBatch, chunks: AsyncIterator[Sequence[NewTask]]
) -> BatchRow:
    """Store a batch and queue it, all or nothing. See Scheduler.submit."""
    await drop_leftovers(engine)
    arrival = Arrival(engine, office_id, new)
    last: Sequence[NewTask] = ()
    try:
        async for piece in pieces(chunks):
            if last:
                await arrival.store(last)
            last = piece
        return await arrival.complete(last)
    except UnavailableError:
        if (row := await arrival.found()) is not None:
            return row
        await arrival.undo()
        raise
    except BaseException:
        await arrival.undo()
        raise


async def drop_leftovers(engine: Engine) -> None:
    """Delete what earlier arrivals left while the store failed."""
    for batch in list(engine.leftovers):
        with suppress(*STORE_ERRORS):
            await batches.drop_arriving(engine.db, batch)
            engine.leftovers.discard(batch)


async def check_room(engine: Engine) -> None:
    """Leave the last room to what was accepted before. Raises DiskFullError."""
    if engine.trouble is Blocked.DISK:
        raise DiskFullError(
            "the disk is full or fails: new batches are refused until the queue can be written"
        )
    if not await has_room(engine.db):
        raise DiskFullError(
            f"room_bytes_min: expected {ROOM_BYTES_MIN:,} bytes of free disk beside the batch, there are fewer"
        )


async def pieces(chunks: AsyncIterator[Sequence[NewTask]]) -> AsyncIterator[Sequence[NewTask]]:
    """Cut chunks of any size to what one transaction may insert; none is empty."""
    async for chunk in chunks:
        for start in range(0, len(chunk), ROWS_MAX):
            yield chunk[start : start + ROWS_MAX]


class Arrival:
    """A batch on its way in. Until `complete` nobody sees it, and a start of the server deletes it."""

    def __init__(self, engine: Engine, office_id: str, new: NewBatch) -> None:
        self._engine = engine
        self._row = _row(new.id or engine.ids.new(), office_id, new, engine.clock.now_ms())
        self._stored = 0
        self._begun = False

    async def store(self, piece: Sequence[NewTask]) -> None:
        """Insert tasks that are not the last ones."""
        await check_room(self._engine)
        begun, self._begun = self._begun, True
        async with self._engine.change(self._row.office) as (tx, _):
            if not begun:
                await batches.add_batch(tx.conn, self._row, turn=0)
            await self._insert(tx, piece)

    async def complete(self, piece: Sequence[NewTask]) -> BatchRow:
        """Insert the last tasks, and let the batch join the queue with the newest turn.

        Raises:
            InvalidInputError: there is none.
            DiskFullError, UnavailableError: the store has no room, or did not take them.
        """
        if not piece:
            raise InvalidInputError("tasks: expected at least one, got none")
        engine, total = self._engine, self._stored + len(piece)
        await check_room(engine)
        async with engine.change(self._row.office) as (tx, office):
            turn, order = await offices.next_turn(tx.conn, office.id)
            pace = Pace(turn=turn, measured=0, spent_ms=0, squares=0)
            row = _queued(self._row, order, total)
            if self._begun:
                await batches.arrived(tx.conn, row.id, turn=turn, order=order, total=total)
            else:
                await batches.add_batch(tx.conn, row, turn=turn)
            await self._insert(tx, piece)
            batch = Batch.of(row, Figures.of(row, pace))
            office.ledger.turn = turn
            tx.then(partial(engine.install, office, batch, batch.figures))
        return engine.row(office, batch)

    async def found(self) -> BatchRow | None:
        """Return the batch if it is queued after all: the last commit succeeded, and only its answer was lost."""
        with suppress(NotFoundError, *STORE_ERRORS):
            async with self._engine.db.read() as conn:
                return await batches.batch_row(conn, self._row.office, self._row.id)
        return None

    async def undo(self) -> None:
        """Delete what was stored; what cannot be deleted now is before the next arrival, or at the next start."""
        if self._begun:
            self._engine.leftovers.add(self._row.id)
            await drop_leftovers(self._engine)

    async def _insert(self, tx: Transaction, piece: Sequence[NewTask]) -> None:
        rows = [
            (id_, position, task.title, task.key, task.input.decode())
            for position, (id_, task) in enumerate(
                zip(self._engine.ids.many(len(piece)), piece, strict=True), self._stored
            )
        ]
        await tasks.add(tx.conn, self._row.id, rows)
        self._stored += len(piece)


def _row(id_: str, office: str, new: NewBatch, now_ms: int) -> BatchRow:
    return BatchRow(
        id=id_, office=office, name=new.name, kind=new.kind, params=new.params, state=BatchState.ARRIVING,
        blocked=None, until_ms=None, reason=None, cancelling=False, priority=new.priority, slots=new.slots,
        attempts=new.attempts, timeout_ms=new.timeout_ms, order=0, total=0, waiting=0, running=0, done=0, failed=0,
        cancelled=0, created_ms=now_ms, started_ms=None, ended_ms=None,
    )  # fmt: skip


def _queued(row: BatchRow, order: int, total: int) -> BatchRow:
    return replace(row, state=BatchState.QUEUED, order=order, total=total, waiting=total)
