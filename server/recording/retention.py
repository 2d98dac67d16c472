"""Recordings are kept as long as their office's tier says, and end where nobody went on with them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from sqlite3 import Error as SqliteError

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.clock import Clock, Timer
from server.recording.take import quiet_ms_max
from server.store.database import Database
from server.store.recordings import delete_dropped, drop_old, drop_own, end_silent

log = structlog.get_logger(__name__)

sweep_ms = 3_600_000
DAY_MS = 86_400_000


class Retention:
    """Sweeps at its beginning and once an hour. `days` is by tier how long a recording is kept after its end.

    Tiers that are not in it keep theirs until they are deleted; an account may wish less, and an operator set otherwise. `made` names the recordings that are being made,
    `arriving` those that come in as files.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        days: Mapping[str, int],
        made: Callable[[], Sequence[str]],
        arriving: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._db = db
        self._clock = clock
        self._days = days
        self._made = made
        self._arriving = arriving
        self._timer: Timer | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Sweep now, and every hour from now on."""
        self._timer = self._clock.call_later(sweep_ms, self.begin)
        self.hurry()

    async def settled(self) -> None:
        """Return when no sweep is under way."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """Sweep no more; what was dropped and is not deleted yet is so at the next start."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def hurry(self) -> None:
        """Something was dropped: delete it now, a page at a time."""
        if self._task is None:
            self._task = asyncio.create_task(self._sweep(), name="retention")

    async def _sweep(self) -> None:
        try:
            now_ms = self._clock.now_ms()
            async with self._db.write() as tx:
                await end_silent(tx.conn, now_ms - quiet_ms_max, self._made())
                for tier, days in self._days.items():
                    await drop_old(tx.conn, tier, now_ms - days * DAY_MS, now_ms)
                await drop_own(tx.conn, now_ms)
            await delete_dropped(self._db, self._arriving)
        except (SqliteError, SQLAlchemyError, OSError) as error:
            log.warning("recording.not_swept", reason=str(error))
        finally:
            self._task = None
