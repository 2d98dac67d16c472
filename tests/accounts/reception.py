"""A reception over a real store and a real SMTP server; only the clock is fake."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from server.accounts.local import ensure_owner
from server.accounts.reception import Reception, open_reception
from server.accounts.tokens import Grant, TokenKind
from server.billing.tiers import TIERS
from server.model import Identity, Role, Scope
from server.settings import Mode, Settings
from server.store.audit import AuditRow, audit_page
from server.store.database import Database
from server.store.ids import Ids
from server.store.people import Place, person_by_email, places
from tests.fakes.clock import FakeClock
from tests.fakes.smtp import Mailbox, mailbox, secret_in

HOUSE = "house"


@dataclass
class Front:
    """What a test needs at hand. `operator` is who looks after the house."""

    reception: Reception
    db: Database
    clock: FakeClock
    box: Mailbox
    operator: Identity

    async def ask(self, email: str = "ada@example.org", address: str | None = "203.0.113.7") -> str:
        """Ask for a link and return its secret, as it came by mail."""
        self.reception.signin.ask(email, address)
        await self.reception.post.settled()
        return secret_in(self.box.next())

    async def sign_in(self, email: str = "ada@example.org") -> Identity:
        return await self.who(await self.reception.signin.begin(await self.ask(email, None), "Firefox"))

    async def who(self, session: str) -> Identity:
        identity = await self.reception.sessions.by_cookie(session)
        assert identity is not None
        return identity

    async def invite(self, owner: Identity, email: str, role: Role) -> str:
        await self.reception.members.invite(owner, email, role)
        await self.reception.post.settled()
        return secret_in(self.box.next())

    async def joined(self, owner: Identity, email: str, role: Role) -> Identity:
        secret = await self.invite(owner, email, role)
        return await self.who(await self.reception.signin.begin(secret, None))

    async def token(self, who: Identity, *scopes: Scope, role: Role = Role.OWNER) -> str:
        person = who.credential.person if who.credential else None
        grant = Grant(account=who.account, role=role, scopes=frozenset(scopes or Scope), person=person)
        return await self.reception.tokens.issue(TokenKind.API, grant)

    async def places(self, email: str) -> list[Place]:
        async with self.db.read() as conn:
            person = await person_by_email(conn, email)
            return [] if person is None else await places(conn, person.id)

    async def deeds(self, account: str) -> list[tuple[str, str, str]]:
        return [(row.actor, row.what, row.about) for row in await self.rows(account)]

    async def rows(self, account: str) -> list[AuditRow]:
        async with self.db.read() as conn:
            return await audit_page(conn, account, limit=100)


@contextmanager
def settings_of(**given: Any) -> Iterator[tuple[Settings, Mailbox]]:
    with mailbox() as box:
        values = {"mode": Mode.HOSTED, "public_url": "https://desk.example", "smtp_url": box.url, **given}
        yield Settings(**values), box


@asynccontextmanager
async def opened(db: Database, clock: FakeClock, **given: Any) -> AsyncIterator[Front]:
    with settings_of(**given) as (settings, box):
        ids = Ids(clock)
        house = await ensure_owner(db, clock=clock, ids=ids, tier="pro")

        async def name(_office: str) -> str:
            return "Ada's office"

        reception = open_reception(
            settings=settings, db=db, clock=clock, ids=ids, tiers=TIERS, office_name=name
        )
        grant = Grant(account=house.account, role=Role.OWNER, scopes=frozenset(Scope))
        operator = await reception.tokens.by_token(await reception.tokens.issue(TokenKind.API, grant))
        assert operator is not None
        reception.begin()
        try:
            yield Front(reception=reception, db=db, clock=clock, box=box, operator=operator)
        finally:
            await reception.stop()
