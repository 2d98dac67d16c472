"""Accounts on their way out: nothing more of them starts, what runs is ended, and the queue forgets them."""

from contextlib import suppress

from server.errors import AlreadyEndedError, NotFoundError
from server.scheduler.control import Control
from server.scheduler.engine import Engine
from server.store.audit import Deed
from server.store.erasure import open_batches


class Departures:
    """The calls of the scheduler that privacy needs."""

    def __init__(self, engine: Engine, control: Control) -> None:
        self._engine = engine
        self._control = control

    async def change(self, account: str, deletes_ms: int | None, deed: Deed) -> None:
        """Write when an account is deleted (None: it is kept); from now on nothing of it starts, or it goes on.

        Raises:
            NotFoundError: there is no such account.
            UnavailableError: the store did not take it.
        """
        await self._control.change_deletion(account, deletes_ms, deed)

    async def empty(self, office: str) -> bool:
        """Cancel all that is left of an office, and forget it; False: something runs still, ask again later.

        Raises:
            UnavailableError: the store did not take it.
        """
        async with self._engine.db.read() as conn:
            open_ = await open_batches(conn, office)
        for batch in open_:
            with suppress(AlreadyEndedError, NotFoundError):
                await self._control.cancel(office, batch)
        async with self._engine.db.write(first=True) as tx:
            known = self._engine.index.offices.get(office)
            if known is not None and (known.executions or known.pulls):
                return False
            if await open_batches(tx.conn, office):
                return False
            tx.then(lambda: self._engine.index.remove(office))
        return True
