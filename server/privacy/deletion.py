"""An account is to be deleted, or kept after all. Until its time has come nothing of it starts, and all can be read."""

from collections.abc import Sequence

from server.accounts.tokens import Tokens
from server.clock import Clock
from server.errors import ConflictError, InvalidInputError, NotFoundError
from server.privacy.erasure import Leaving
from server.privacy.sweeps import Sweeps
from server.scheduler.departures import Departures
from server.spectators.links import Links
from server.store.accounts import standing_of
from server.store.audit import Deed
from server.store.clearing import DAY_MS
from server.store.database import Database
from server.store.tokens import token_ids_in


class Deletion:
    """Asked for by an owner, or by the operator. `days`: how long it can be taken back; `operator`: the account that stays."""

    def __init__(  # noqa: PLR0913 -- all that has to hear of it
        self, *, db: Database, clock: Clock, departures: Departures, links: Links, tokens: Tokens, sweeps: Sweeps, days: int,
        operator: str,
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._departures = departures
        self._links = links
        self._tokens = tokens
        self._sweeps = sweeps
        self._days = days
        self._operator = operator

    @property
    def leaving(self) -> Sequence[Leaving]:
        """Who has something of accounts elsewhere."""
        return self._sweeps.erasure.leaving

    async def deletes_ms(self, account: str) -> int | None:
        """When an account is deleted; None: it is kept."""
        async with self._db.read() as conn:
            standing = await standing_of(conn, account)
        return None if standing is None else standing.deletes_ms

    async def ask(self, account: str, *, actor: str) -> int:
        """Have an account deleted, and return when. Asked for again, it stays at the moment that was said first.

        Raises:
            NotFoundError: there is no such account.
            ConflictError: it is the server's own.
            TenDesksError: it may not go yet, for instance because it pays for something still; nothing was changed.
        """
        if account == self._operator:
            raise ConflictError("account: expected another one than this server's own")
        async with self._db.read() as conn:
            standing = await standing_of(conn, account)
        if standing is None:
            raise NotFoundError(f"account: there is no {account!r}")
        if standing.deletes_ms is not None:
            return standing.deletes_ms
        for part in self.leaving:
            await part.check(account)
        deletes_ms = self._clock.now_ms() + self._days * DAY_MS
        await self._departures.change(account, deletes_ms, self._deed(account, actor, "account.deleting"))
        await self._told(account)
        self._sweeps.hurry()
        return deletes_ms

    async def keep(self, account: str, *, actor: str) -> None:
        """Take a deletion back.

        Raises:
            NotFoundError: there is no such account.
            ConflictError: it is not to be deleted, or its time has come.
        """
        async with self._db.read() as conn:
            standing = await standing_of(conn, account)
        if standing is None:
            raise NotFoundError(f"account: there is no {account!r}")
        if standing.deletes_ms is None:
            raise ConflictError("account: expected one that is to be deleted, this one is kept")
        if standing.deletes_ms <= self._clock.now_ms():
            raise ConflictError("account: expected one whose time has not come; this one is being deleted")
        await self._departures.change(account, None, self._deed(account, actor, "account.kept"))
        await self._told(account)

    async def _told(self, account: str) -> None:
        """Guests are out, or may come again; members come back and are looked up anew."""
        await self._links.heed(account)
        async with self._db.read() as conn:
            tokens = await token_ids_in(conn, account)
        self._tokens.changed(tokens)

    def _deed(self, account: str, actor: str, what: str) -> Deed:
        return Deed(account=account, actor=actor, what=what, about=account, at_ms=self._clock.now_ms())


def check_name(given: object, name: str) -> None:
    """Whoever deletes an account says how it is called, so that it is no slip of the hand. Raises InvalidInputError."""
    if given != name:
        raise InvalidInputError(
            "confirm: expected the account's name exactly as it is written, got another text"
        )
