"""How people and accounts come to be: an account has one office, and whoever it was made for is its owner."""

from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.local import NAME
from server.clock import Clock
from server.model import Role
from server.store.accounts import add_account
from server.store.audit import Deed, add_deed
from server.store.ids import Ids
from server.store.offices import add_office
from server.store.people import PersonRow, add_person, join, person_by_email


class Founding:
    """Makes them in transactions of whoever has a reason to."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    async def person(self, conn: AsyncConnection, email: str) -> PersonRow:
        """Return who has this address, made now if there is nobody."""
        known = await person_by_email(conn, email)
        if known is not None:
            return known
        made = PersonRow(id=self._ids.new(), email=email, subject=None)
        await add_person(conn, person=made.id, email=email, now_ms=self._clock.now_ms())
        return made

    async def account(
        self, conn: AsyncConnection, person: PersonRow, *, tier: str, actor: str, name: str | None = None
    ) -> str:
        """Make an account with its office for a person, and return the account's id."""
        account, now_ms = self._ids.new(), self._clock.now_ms()
        await add_account(conn, account=account, name=person.email, tier=tier, now_ms=now_ms)
        await add_office(conn, office=self._ids.new(), account=account, name=name or NAME, now_ms=now_ms)
        await join(conn, account=account, person=person.id, role=Role.OWNER, now_ms=now_ms)
        deed = Deed(
            account=account, actor=actor, what="account.made", about=person.email, at_ms=now_ms,
            detail={"tier": tier},
        )  # fmt: skip
        await add_deed(conn, self._ids, deed)
        return account
