"""Every hour, and at once when somebody asks: accounts that are due are deleted, what is not to be kept is cleared."""

import asyncio
from sqlite3 import Error as SqliteError

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.clock import Clock, Timer
from server.errors import TenDesksError
from server.privacy.clearing import Clearing
from server.privacy.erasure import Erasure

log = structlog.get_logger(__name__)

sweep_ms = 3_600_000
soon_ms = 5_000
"""When something was not ready yet: a task that was asked to end, somebody who just reads."""


class Sweeps:
    """One at a time, from `begin` to `stop`."""

    def __init__(self, clock: Clock, erasure: Erasure, clearing: Clearing) -> None:
        self.erasure = erasure
        self._clock = clock
        self._clearing = clearing
        self._timer: Timer | None = None
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._open = False

    def begin(self) -> None:
        """Sweep now, and every hour from now on."""
        self._open = True
        self.hurry()

    def hurry(self) -> None:
        """Something may be due: look now; if a sweep is under way, once more after it."""
        if not self._open:
            return
        self._again = True
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="privacy")

    async def settled(self) -> None:
        """Return when no sweep is under way."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """Sweep no more; what was begun goes on at the next start."""
        self._open = False
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        done = False
        try:
            while self._again:
                self._again = False
                done = await self._sweep()
        finally:
            self._task = None
            self._arm(sweep_ms if done else soon_ms)

    async def _sweep(self) -> bool:
        try:
            done = await self.erasure.sweep()
            await self._clearing.sweep()
        except (SqliteError, SQLAlchemyError, OSError, TenDesksError) as error:
            log.warning("privacy.not_swept", reason=str(error))
            return False
        except Exception:
            log.exception("privacy.defect")
            return True  # it would fail again at once: in an hour
        return done

    def _arm(self, after_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(after_ms, self.hurry) if self._open else None
