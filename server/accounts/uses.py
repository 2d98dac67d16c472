"""When tokens were used last: noted in memory, and written together once a minute. A kill forgets a minute of it."""

import asyncio
from sqlite3 import Error as SqliteError

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.clock import Clock, Timer
from server.store.database import Database
from server.store.statements import carry_out
from server.store.tokens import note_uses

log = structlog.get_logger(__name__)

write_ms = 60_000
noted_max = 100_000
"""So many tokens are remembered between two writes; more than these are in use nowhere."""


class Uses:
    """Notes from the first call on; writes from `begin` on."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._noted: dict[str, int] = {}
        self._timer: Timer | None = None
        self._task: asyncio.Task[None] | None = None

    def note(self, token: str) -> None:
        """A token is used now."""
        if token in self._noted or len(self._noted) < noted_max:
            self._noted[token] = self._clock.now_ms()

    def of(self, token: str, written_ms: int | None) -> int | None:
        """When a token was used last, given what its row says."""
        return self._noted.get(token, written_ms)

    def begin(self) -> None:
        """Write once a minute from now on."""
        self._timer = self._clock.call_later(write_ms, self._again)

    async def stop(self) -> None:
        """Write what is noted, and write no more."""
        if self._timer is not None:
            self._timer.cancel()
        await self.settled()
        await self._write()

    async def settled(self) -> None:
        """Return when nothing is being written."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def _again(self) -> None:
        self.begin()
        if self._task is None:
            self._task = asyncio.create_task(self._write(), name="uses")
            self._task.add_done_callback(self._written)

    def _written(self, _task: asyncio.Task[None]) -> None:
        self._task = None

    async def _write(self) -> None:
        """A token that was deleted meanwhile is passed over."""
        noted, self._noted = self._noted, {}
        if not noted:
            return
        try:
            async with self._db.write() as tx:
                await carry_out(tx.conn, [note_uses([*noted.items()])])
        except (SqliteError, SQLAlchemyError, OSError) as error:
            self._noted = noted | self._noted
            log.warning("uses.not_written", reason=str(error))
