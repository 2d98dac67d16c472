"""Accounts whose time has come are deleted for good, a little at a time: keys first, the account's own row last.

Each step looks at what is left and not at what was done, so a kill -9 anywhere is made good by going through all of it
again. What is deleted in the store is overwritten there; files are unlinked. What an operator has copied elsewhere (backups,
a provider's records) is theirs to delete.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from server.accounts.tokens import Tokens
from server.clock import Clock
from server.executions.logs import Logs
from server.kinds.folders import FOLDER
from server.preview.exports import Exports
from server.privacy.clearing import remove_folder
from server.recording.arriving import Arrivals
from server.recording.recorder import Recorder
from server.scheduler.departures import Departures
from server.store.audit import Deed, add_deed
from server.store.database import Database
from server.store.deliveries import drop_deliveries
from server.store.erasure import (
    accounts_due,
    drop_account,
    drop_batch,
    drop_deeds,
    drop_recordings,
    drop_rights,
    drop_tasks,
    recordings_left,
    some_batch,
    some_tasks,
)
from server.store.ids import Ids
from server.store.recordings import delete_dropped
from server.ticker.loop import Ticker

log = structlog.get_logger(__name__)


class Leaving(Protocol):
    """A part that has something of an account elsewhere, such as a subscription. Both may be called again and again."""

    async def check(self, account: str) -> None:
        """Raise a TenDesksError where the account may not go yet, for instance because it pays for something still."""

    async def erase(self, account: str) -> None:
        """End and delete what there is of it; what it raises has it asked again later."""


class Erasure:
    """Deletes accounts that are due. `operator` is the account in whose audit log that is written down."""

    def __init__(  # noqa: PLR0913 -- whoever has something of an account
        self, *, db: Database, clock: Clock, ids: Ids, departures: Departures, tokens: Tokens, logs: Logs, exports: Exports,
        recorder: Recorder, arrivals: Arrivals, ticker: Ticker, data: Path, operator: str, leaving: Sequence[Leaving] = (),
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._ids = ids
        self._departures = departures
        self._tokens = tokens
        self._logs = logs
        self._exports = exports
        self._recorder = recorder
        self._arrivals = arrivals
        self._ticker = ticker
        self._folders = data / FOLDER
        self._operator = operator
        self.leaving = list(leaving)
        self._unfolded = True
        """Whether the write-ahead log may hold something of an account that is gone: also of one before this start."""

    async def sweep(self) -> bool:
        """Delete all that is due; False: something is left that has to be looked at again soon."""
        async with self._db.read() as conn:
            due = await accounts_due(conn, self._clock.now_ms())
        done = [await self._erase(account, office) for account, office in due]
        self._unfolded = self._unfolded or any(done)
        if self._unfolded:
            self._unfolded = not await self._db.fold()
        return all(done) and not self._unfolded

    async def _erase(self, account: str, office: str) -> bool:
        async with self._db.write() as tx:
            tx.then(partial(self._tokens.ended, await drop_rights(tx.conn, account)))
        if not await self._still(account, office):
            return False
        await self._erase_batches(office)
        if not await self._erase_recordings(office):
            return False
        for part in self.leaving:
            await part.erase(account)
        await self._erase_rest(account)
        log.info("account.deleted", account=account)
        return True

    async def _still(self, account: str, office: str) -> bool:
        """Whether nothing of it is at work any more, which is seen to."""
        await self._exports.drop_all(account)
        if not await self._departures.empty(office):
            return False
        self._recorder.leave(office)
        await self._recorder.settled()
        await self._ticker.dismiss(office)
        return True

    async def _erase_batches(self, office: str) -> None:
        while (batch := await self._some_batch(office)) is not None:
            while True:
                async with self._db.read() as conn:
                    tasks, executions = await some_tasks(conn, batch)
                if not tasks:
                    break
                await self._logs.remove(executions)  # before the rows that name them
                async with self._db.write() as tx:
                    await drop_tasks(tx.conn, tasks)
                await self._db.give_way()
            await asyncio.to_thread(remove_folder, self._folders / batch)
            async with self._db.write() as tx:
                await drop_batch(tx.conn, batch)

    async def _erase_recordings(self, office: str) -> bool:
        async with self._db.write() as tx:
            await drop_recordings(tx.conn, office)
        await delete_dropped(self._db, self._arrivals.now)
        async with self._db.read() as conn:
            return not await recordings_left(conn, office)

    async def _erase_rest(self, account: str) -> None:
        more = True
        while more:
            async with self._db.write() as tx:
                more = await drop_deeds(tx.conn, account) or await drop_deliveries(tx.conn, account)
        deed = Deed(
            account=self._operator, actor="server", what="account.deleted", about=account,
            at_ms=self._clock.now_ms(),
        )  # fmt: skip
        async with self._db.write() as tx:
            tx.then(partial(self._tokens.ended, await drop_account(tx.conn, account)))
            await add_deed(tx.conn, self._ids, deed)

    async def _some_batch(self, office: str) -> str | None:
        async with self._db.read() as conn:
            return await some_batch(conn, office)
