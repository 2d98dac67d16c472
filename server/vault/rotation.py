"""Another master key for all that is sealed, while it is used: row by row in the order of their names, a page at a time.

Own keys first, then the secrets of webhooks.
Only data keys are wrapped anew; no secret is opened. Rows tell what is left to be done, so whatever ends the server in
between, the next start goes on. A key of the file is made before the first row needs it, and let go after the last.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection
from structlog import get_logger

from server.clock import Clock
from server.settings import Settings
from server.store import hooksecrets, keys
from server.store.audit import Deed, add_deed
from server.store.database import Database, Transaction
from server.store.ids import Ids
from server.store.keys import KeyRow, KeyState
from server.vault import keyfile
from server.vault.envelope import Sealed, UnopenedError, rewrap
from server.vault.keyring import Keyring, fresh
from server.vault.proof import keep_canary
from server.vault.vault import SERVER, Vault, record_of, sealed_of

PAGE = 200
_FIRST = ("", "")
log = get_logger(__name__)


class Shelf(Protocol):
    """Rows of one table that hold something sealed; see `server/store/keys.py`."""

    async def under_others(
        self, conn: AsyncConnection, master: str, after: tuple[str, str], most: int
    ) -> list[KeyRow]:
        """Read rows that are wrapped by another master key than this one, in their order."""

    def place_of(self, row: KeyRow) -> tuple[str, str]:
        """Where a row stands in that order."""

    async def wrap_key(self, conn: AsyncConnection, before: KeyRow, master: str, wrapped: bytes) -> None:
        """Write the data key under another master key, unless the row is another one meanwhile."""

    async def judge_key(self, conn: AsyncConnection, row: KeyRow, state: KeyState) -> bool:
        """Write another state; says whether that changed anything."""


SHELVES: tuple[Shelf, ...] = (keys, hooksecrets)


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far it is: `left` keys are not under `master` yet, `done` were put there since the server started.

    `needed` are the names of the master keys that are still needed; every other one may go. `failed`: it ended before
    its end, and goes on at the next start or when it is asked for again.
    """

    master: str
    left: int
    done: int
    under_way: bool
    failed: bool
    needed: tuple[str, ...] = field(default=())


class Rotation:
    """Turns the master keys over. `operator` is the account of whoever runs this server, who alone may ask for it."""

    def __init__(
        self, *, db: Database, vault: Vault, settings: Settings, clock: Clock, ids: Ids, operator: str
    ) -> None:
        self.operator = operator
        self._db = db
        self._vault = vault
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._task: asyncio.Task[None] | None = None
        self._done = 0
        self._failed = False

    async def begin(self) -> None:
        """Put all keys under the current master key; where the keys are in our file, under one that is made now.

        Harmless while it is under way.
        """
        if self._task is not None and not self._task.done():
            return
        if self._of_file and not await self._left():
            await self._make_key()
        self._start()

    async def resume(self) -> None:
        """Go on with what an earlier server did not end; and put under a new first key of the setting what is not."""
        if await self._left():
            self._start()

    async def progress(self) -> Progress:
        """Say how far it is."""
        async with self._db.read() as conn:
            needed = await keys.masters_in_use(conn)
        master = self._vault.ring.current
        return Progress(
            master=master, left=sum(count for name, count in needed.items() if name != master), done=self._done,
            under_way=self._task is not None and not self._task.done(), failed=self._failed,
            needed=tuple(sorted({master, *needed})),
        )  # fmt: skip

    async def settled(self) -> None:
        """Return when it is not under way."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def stop(self) -> None:
        """End it after the page under way; the next start goes on."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @property
    def _of_file(self) -> bool:
        return self._settings.master_keys is None

    async def _left(self) -> int:
        return (await self.progress()).left

    async def _make_key(self) -> None:
        """A new key, on disk before anything needs it, and with its proof in the store."""
        async with self._db.write() as tx:
            ring = fresh(keyfile.new_name(), self._vault.ring)
            await self._write_file(ring)
            await keep_canary(tx.conn, ring)
        self._vault.ring = ring

    def _start(self) -> None:
        self._failed = False
        self._task = asyncio.create_task(self._turn_over(), name="rotation")

    async def _turn_over(self) -> None:
        try:
            for shelf in SHELVES:
                await self._pages(shelf)
            await self._let_go()
        except Exception as error:
            self._failed = True
            log.exception("rotation.failed", reason=type(error).__name__)

    async def _pages(self, shelf: Shelf) -> None:
        after = _FIRST
        while True:
            async with self._db.read() as conn:
                rows = await shelf.under_others(conn, self._vault.ring.current, after, PAGE)
            if not rows:
                return
            async with self._db.write() as tx:
                for row in rows:
                    await self._turn(tx, shelf, row)
            self._done += len(rows)
            after = shelf.place_of(rows[-1])
            await self._db.give_way()

    async def _turn(self, tx: Transaction, shelf: Shelf, row: KeyRow) -> None:
        """Wrap one row anew; one that does not open is marked, and the others go on."""
        ring = self._vault.ring
        try:
            wrapped = self._wrapped(row, ring).wrapped
        except UnopenedError as error:
            log.error("key.undecryptable", account=row.account, provider=row.provider, reason=error.detail)  # noqa: TRY400
            if await shelf.judge_key(tx.conn, row, KeyState.UNDECRYPTABLE):
                await self._note(tx, row.account, "key.undecryptable", row.provider, 1)
            return
        await shelf.wrap_key(tx.conn, row, ring.current, wrapped)

    @staticmethod
    def _wrapped(row: KeyRow, ring: Keyring) -> Sealed:
        return rewrap(sealed_of(row), record_of(row), ring.masters, ring.current)

    async def _let_go(self) -> None:
        """Forget keys of the file that nothing needs any more. In a transaction, so that nothing is sealed meanwhile."""
        async with self._db.write() as tx:
            needed, ring = await keys.masters_in_use(tx.conn), self._vault.ring
            await self._note(tx, self.operator, "keys.rotated", ring.current, self._done)
            kept = {name: key for name, key in ring.masters.items() if name == ring.current or name in needed}
            gone = [name for name in ring.masters if name not in kept]
            if not self._of_file or not gone:
                return
            for name in gone:
                await keys.drop_canary(tx.conn, name)
            self._vault.ring = replace(ring, masters=kept)
            await self._write_file(self._vault.ring)

    async def _write_file(self, ring: Keyring) -> None:
        await asyncio.to_thread(keyfile.write_file, self._settings.data / keyfile.KEY_FILE, ring)

    async def _note(self, tx: Transaction, account: str, what: str, about: str, count: int) -> None:
        detail = {"count": count}
        now_ms = self._clock.now_ms()
        deed = Deed(account=account, actor=SERVER, what=what, about=about, at_ms=now_ms, detail=detail)
        await add_deed(tx.conn, self._ids, deed)
