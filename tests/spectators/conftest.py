"""A store with one account, one office and whatever a test adds, and links on a clock that stands still."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server.billing.tiers import TIERS
from server.model import Identity, Role, Scope, View
from server.spectators.audience import Audience
from server.spectators.contract import Made, Wish
from server.spectators.links import Links
from server.store.accounts import add_account, change_tier
from server.store.database import Database
from server.store.ids import Ids
from server.store.links import grant_key
from server.store.offices import add_office
from server.store.recordings import begin
from server.store.statements import carry_out
from server.store.tables import metadata
from tests.fakes.clock import START_MS, FakeClock
from tests.routes.conftest import Front, fronted

OWNER = Identity(
    account="account1", office="office1", role=Role.OWNER, view=View.FULL, scopes=frozenset(Scope)
)
HOUR_MS = 3_600_000


@dataclass
class Desk:
    clock: FakeClock
    db: Database
    audience: Audience
    links: Links

    async def create(self, **wish: Any) -> Made:
        wish = {"view": View.BATCHES, "expires_ms": START_MS + HOUR_MS, **wish}
        return await self.links.create(OWNER, Wish(**wish))

    async def tier(self, name: str) -> None:
        async with self.db.write() as tx:
            await change_tier(tx.conn, OWNER.account, name)


async def opened(folder: Path, *, gated: bool) -> Desk:
    clock = FakeClock()
    db = Database(f"sqlite+aiosqlite:///{folder / 'test.sqlite3'}")
    async with db.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
        for number in (1, 2):
            await add_account(tx.conn, account=f"account{number}", name="A", tier="free", now_ms=number)
            await add_office(
                tx.conn, office=f"office{number}", account=f"account{number}", name="Nice office", now_ms=1
            )
        one = begin(recording="recording1", office="office1", hz=10, started_ms=START_MS)
        await carry_out(
            tx.conn, [one, begin(recording="recording2", office="office2", hz=10, started_ms=START_MS)]
        )
    audience = Audience(clock)
    links = Links(
        db=db,
        clock=clock,
        ids=Ids(clock),
        audience=audience,
        key=await grant_key(db),
        tiers=TIERS if gated else None,
    )
    return Desk(clock=clock, db=db, audience=audience, links=links)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    found = await opened(tmp_path, gated=False)
    yield found
    await found.db.close()


@pytest.fixture
async def gated(tmp_path: Path) -> AsyncIterator[Desk]:
    found = await opened(tmp_path, gated=True)
    yield found
    await found.db.close()


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    """All of HTTP over a real store, as in the tests of routes."""
    async with fronted(tmp_path) as found:
        yield found
