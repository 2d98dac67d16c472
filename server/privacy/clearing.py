"""Batches that ended longer ago than their account wishes to keep them lose their content; old deeds and deliveries are forgotten."""

import asyncio
import shutil
from pathlib import Path

from server.clock import Clock
from server.executions.logs import Logs
from server.kinds.folders import FOLDER
from server.store.clearing import (
    DAY_MS,
    batch_due,
    clear_tasks,
    drop_old_deeds,
    some_of,
    write_cleared,
)
from server.store.database import Database
from server.store.deliveries import drop_old_deliveries

DELIVERY_DAYS = 30
"""How long it is kept what was sent to webhooks, and what came of it."""


class Clearing:
    """A little at a time, through the one writer. `audit_days`: how long the audit log is kept."""

    def __init__(self, *, db: Database, clock: Clock, logs: Logs, data: Path, audit_days: int) -> None:
        self._db = db
        self._clock = clock
        self._logs = logs
        self._folders = data / FOLDER
        self._audit_ms = audit_days * DAY_MS

    async def sweep(self) -> None:
        """Clear all that is due now."""
        while (batch := await self._due()) is not None:
            await self._clear(batch)
        more = True
        while more:
            async with self._db.write() as tx:
                more = await drop_old_deeds(tx.conn, self._clock.now_ms() - self._audit_ms)
        more = True
        while more:
            async with self._db.write() as tx:
                more = await drop_old_deliveries(tx.conn, self._clock.now_ms() - DELIVERY_DAYS * DAY_MS)

    async def _due(self) -> str | None:
        async with self._db.read() as conn:
            return await batch_due(conn, self._clock.now_ms())

    async def _clear(self, batch: str) -> None:
        """Cut short, it begins anew at the next sweep: to clear twice does no harm."""
        after = -1
        while True:
            async with self._db.read() as conn:
                some = await some_of(conn, batch, after)
            if some is None:
                break
            await self._logs.remove(some.executions)
            async with self._db.write() as tx:
                await clear_tasks(tx.conn, some.tasks)
            after = some.last
            await self._db.give_way()
        await asyncio.to_thread(remove_folder, self._folders / batch)
        async with self._db.write() as tx:
            await write_cleared(tx.conn, batch, self._clock.now_ms())


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it; harmless where there is none. Raises OSError where it stays."""
    if folder.exists():
        shutil.rmtree(folder)
