"""What was recorded goes to the store: many offices in one transaction, behind whatever else is to be written.

It never hurries anybody: entries wait in memory, and how much of that there is the recorder sees in `held_bytes`.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from sqlite3 import Error as SqliteError
from sqlite3 import IntegrityError

import structlog
from sqlalchemy import exc

from server.clock import Clock
from server.errors import DiskFullError
from server.recording.entries import Closed, Entry
from server.recording.figures import Counters
from server.recording.rows import written
from server.store.database import Database
from server.store.recordings import bytes_in
from server.store.room import has_room
from server.store.statements import Statement, carry_out

log = structlog.get_logger(__name__)

entries_max = 64
"""How many entries one transaction has at most."""
transaction_bytes_max = 512 * 1024
"""What its bodies have together, but for the last one."""
retry_ms = 2_000
"""How long after a failure the same is tried again."""


class Writer:
    """Writes entries in their order. `held_bytes` is what open segments and all that waits here have together."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.held_bytes = 0
        self.counters = Counters()
        self._db = db
        self._clock = clock
        self._waiting: deque[Entry] = deque()
        self._ready: list[tuple[Entry, list[Statement]]] = []
        self._of: Counter[str] = Counter()
        self._task: asyncio.Task[None] | None = None
        self._rest = asyncio.Event()
        self._rest.set()
        self._failing = False
        self._stopping = False

    def put(self, entry: Entry) -> None:
        """Have an entry written, soon."""
        self._waiting.append(entry)
        self._of[entry.recording.id] += 1
        if self._task is None:
            self._rest.clear()
            self._task = asyncio.create_task(self._write(), name="recordings")

    @property
    def waiting(self) -> int:
        """How many entries wait to be written."""
        return len(self._waiting) + len(self._ready)

    def holds(self, recording: str) -> bool:
        """Whether something of this recording still waits to be written."""
        return self._of[recording] > 0

    async def settled(self) -> None:
        """Return when nothing is being written; what failed waits for the clock."""
        await self._rest.wait()

    async def stop(self) -> None:
        """Write what waits, once; what the store does not take is lost."""
        self._stopping = True
        if self._task is None:
            return
        if self._failing:
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        lost = len(self._waiting) + len(self._ready)
        if lost:
            log.warning("recording.lost", entries=lost, reason="the store took nothing more before the stop")

    async def _write(self) -> None:
        try:
            while self._waiting or self._ready:
                if not await self._write_some():
                    if self._stopping:
                        return
                    self._rest.set()
                    await self._clock.sleep(retry_ms)
                    self._rest.clear()
        finally:
            self._task = None
            self._rest.set()

    async def _write_some(self) -> bool:
        """One transaction; False if the store did not take it."""
        try:
            await self._prepare()
            if not await has_room(self._db):
                raise DiskFullError("what is left of the disk is for the queue")  # noqa: TRY301 - as if the store had said it
            async with self._db.write() as tx:
                await carry_out(tx.conn, [one for _, statements in self._ready for one in statements])
        except (IntegrityError, exc.IntegrityError) as error:
            log.error("recording.refused", reason=str(error))  # noqa: TRY400 - the text says it all
            self._let_go()
        except (SqliteError, exc.SQLAlchemyError, DiskFullError, OSError) as error:
            self._fail(error)
            return False
        except Exception:
            log.exception("recording.defect")
            self._let_go()
        else:
            self._recover()
        return True

    async def _prepare(self) -> None:
        size = _size(self._ready)
        while self._waiting and len(self._ready) < entries_max and size < transaction_bytes_max:
            entry = self._waiting.popleft()
            try:
                statements = await written(entry, self._db.give_way)
            except Exception:
                log.exception("recording.defect", recording=entry.recording.id)
                statements = []
            self._ready.append((entry, statements))
            size += _size(self._ready[-1:])
            await self._db.give_way()

    def _recover(self) -> None:
        if self._failing:
            log.warning("recording.goes_on")
        self._failing = False
        self.counters.wrote([entry for entry, _ in self._ready], _size(self._ready))
        self._empty()

    def _let_go(self) -> None:
        """What the store will never take is not tried again. Its recording is begun anew, should that be the reason."""
        for entry, _ in self._ready:
            entry.recording.begun = False
        self._empty()

    def _empty(self) -> None:
        done, self._ready = [entry for entry, _ in self._ready], []
        self._free(done)

    def _free(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._of[entry.recording.id] -= 1
            if not self._of[entry.recording.id]:
                del self._of[entry.recording.id]
            if isinstance(entry, Closed):
                self.held_bytes -= sum(map(len, entry.lines))

    def _fail(self, error: Exception) -> None:
        """Said once, until it goes on."""
        self.counters.failures += 1
        if not self._failing:
            log.error("recording.unwritten", reason=str(error))
        self._failing = True


def _size(ready: Sequence[tuple[Entry, Sequence[Statement]]]) -> int:
    return sum(bytes_in(one) for _, statements in ready for one in statements)
