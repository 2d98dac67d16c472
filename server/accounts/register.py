"""Everybody's accounts, as the operator of a hosted server keeps them."""

from server.accounts.access import Access
from server.accounts.founding import Founding
from server.accounts.roles import ALLOWED
from server.accounts.tokens import Grant, Issued
from server.clock import Clock
from server.errors import ConflictError, NotFoundError
from server.model import Identity, Role, Scope
from server.store.database import Database
from server.store.ids import Ids
from server.store.people import members, places
from server.store.register import AccountRow, account_row, accounts_owned, accounts_page


class Register:
    """Makes and lists accounts, and gives their owners tokens; plans are the scheduler's to change."""

    def __init__(self, db: Database, clock: Clock, ids: Ids, access: Access) -> None:
        self._db = db
        self._founding = Founding(clock, ids)
        self._access = access

    async def make(self, who: Identity, email: str, *, tier: str, name: str | None) -> AccountRow:
        """Make an account for an address, whose owner can sign in from now on.

        Raises:
            ConflictError: whoever has this address owns one already.
        """
        async with self._db.write() as tx:
            person = await self._founding.person(tx.conn, email)
            if any(place.role == Role.OWNER for place in await places(tx.conn, person.id)):
                raise ConflictError(f"email: expected an address without an account, {email} has one")
            account = await self._founding.account(tx.conn, person, tier=tier, actor=who.actor, name=name)
            made = await account_row(tx.conn, account)
        if made is None:
            raise AssertionError(f"expected the account {account} that was just made")
        return made

    async def listed(
        self, *, limit: int, after: str | None = None, email: str | None = None
    ) -> list[AccountRow]:
        """Accounts, newest first: all, or those that somebody owns."""
        async with self._db.read() as conn:
            if email is not None:
                return await accounts_owned(conn, email, limit=limit)
            return await accounts_page(conn, limit=limit, after=after)

    async def one(self, account: str) -> AccountRow:
        """One account. Raises NotFoundError."""
        async with self._db.read() as conn:
            found = await account_row(conn, account)
        if found is None:
            raise NotFoundError(f"account: there is no {account!r}")
        return found

    async def give_token(
        self, who: Identity, account: str, *, label: str, scopes: frozenset[Scope] | None, expires_ms: int | None
    ) -> tuple[Issued, Grant]:  # fmt: skip
        """Give an account's first owner a token. Raises NotFoundError, LimitExceededError."""
        await self.one(account)
        async with self._db.read() as conn:
            owners = [each.person for each in await members(conn, account) if each.role == Role.OWNER]
        if not owners:
            raise NotFoundError(f"account: expected one that a person owns, {account!r} is this server's own")
        allowed = ALLOWED[Role.OWNER]
        grant = Grant(
            account=account, role=Role.OWNER, scopes=allowed if scopes is None else scopes & allowed,
            label=label, expires_ms=expires_ms, person=owners[0],
        )  # fmt: skip
        return await self._access.give(grant, actor=who.actor)
