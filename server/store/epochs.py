"""Epochs of offices, raised together: a thousand offices that wake at once are one write, and not a thousand."""

import asyncio

from server.errors import NotFoundError
from server.store.database import Database
from server.store.statements import fetch, packed

RAISE = """
UPDATE offices SET epoch = epoch + 1 WHERE id IN (SELECT value FROM json_each(:offices)) RETURNING id, epoch
"""


class Epochs:
    """Whoever asks while a write waits for its turn is served by it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asked: dict[str, asyncio.Future[int]] = {}
        self._task: asyncio.Task[None] | None = None

    async def begin(self, office: str) -> int:
        """Begin a new epoch of an office and return its number.

        Raises:
            NotFoundError: there is no such office.
        """
        asked = self._asked.get(office)
        if asked is None:
            asked = self._asked[office] = asyncio.get_running_loop().create_future()
            asked.add_done_callback(lambda done: done.cancelled() or done.exception())
        if self._task is None:
            self._task = asyncio.create_task(self._write(), name="epochs")
        return await asyncio.shield(asked)

    async def _write(self) -> None:
        try:
            while self._asked:
                await self._write_some()
        finally:
            self._task = None

    async def _write_some(self) -> None:
        taken: dict[str, asyncio.Future[int]] = {}
        try:
            async with self._db.write() as tx:
                taken, self._asked = self._asked, taken
                raised: dict[str, int] = dict(await fetch(tx.conn, RAISE, offices=packed(list(taken))))
        except BaseException as error:
            taken, self._asked = {**taken, **self._asked}, {}
            self._fail(taken, error)
            if not isinstance(error, Exception):
                raise
            return
        for office, asked in taken.items():
            if office in raised:
                asked.set_result(raised[office])
            else:
                missing = NotFoundError(f"office: expected the id of an office, got {office!r}")
                asked.set_exception(missing)

    def _fail(self, taken: dict[str, "asyncio.Future[int]"], error: BaseException) -> None:
        for asked in taken.values():
            if not asked.done():
                asked.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
