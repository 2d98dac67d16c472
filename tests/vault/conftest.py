"""A vault over a real store and a provider behind a real socket; only time is fake."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from server.clock import SystemClock
from server.kinds.own_keys import OwnKey
from server.settings import Settings
from server.store.accounts import add_account
from server.store.audit import audit_page
from server.store.database import Database
from server.store.ids import Ids
from server.store.offices import add_office
from server.store.statements import Row, fetch
from server.store.tables import metadata
from server.vault.checking import Checking
from server.vault.keyring import Keyring, fresh
from server.vault.rotation import Rotation
from server.vault.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.provider import Provider, providing

SECRET = "sk-canary-0123456789abcdef"
OTHER = "sk-canary-fedcba9876543210"


@dataclass
class Strongroom:
    """What a test needs at hand: accounts a1 to a3, of which a3 has a plan without own keys."""

    db: Database
    clock: FakeClock
    ids: Ids
    vault: Vault
    settings: Settings
    provider: Provider
    changed: list[str] = field(default_factory=list)

    async def put(
        self, account: str = "a1", provider: str = "here", secret: str = SECRET, **changes: Any
    ) -> Any:
        base = changes.get("base", self.provider.base_url)
        return await self.vault.put(account, provider, base, secret, actor="owner")

    async def find(self, account: str = "a1", provider: str | None = None) -> OwnKey:
        found = await self.vault.find(account, provider)
        assert found is not None
        return found

    async def select(self, statement: str, **values: Any) -> list[Row]:
        async with self.db.read() as conn:
            return await fetch(conn, statement, **values)

    async def execute(self, statement: str, **values: Any) -> None:
        async with self.db.write() as tx:
            await fetch(tx.conn, statement, **values)

    async def deeds(self, account: str = "a1") -> list[Row]:
        """What was done to an account, oldest first."""
        async with self.db.read() as conn:
            rows = await audit_page(conn, account, limit=100)
        return [(account, row.actor, row.what, row.about) for row in reversed(rows)]

    def again(self, ring: Keyring) -> Vault:
        """Another vault over the same store, as after a restart."""
        return Vault(
            db=self.db, clock=self.clock, ids=self.ids, ring=ring, checking=Checking(self.settings, SystemClock()),
            entitled=lambda tier: tier != "free",
        )  # fmt: skip

    def rotation(self, vault: Vault | None = None) -> Rotation:
        return Rotation(
            db=self.db, vault=vault or self.vault, settings=self.settings, clock=self.clock, ids=self.ids, operator="a1",
        )  # fmt: skip


@asynccontextmanager
async def opened(folder: Path, ring: Keyring | None = None, **settings: Any) -> AsyncIterator[Strongroom]:
    found = Settings(data=folder, **settings)
    clock = FakeClock()
    db, ids = Database(found.store_url), Ids(clock)
    async with db.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
        for number, tier in ((1, "pro"), (2, "pro"), (3, "free")):
            await add_account(tx.conn, account=f"a{number}", name="Ann", tier=tier, now_ms=0)
            await add_office(tx.conn, office=f"o{number}", account=f"a{number}", name="Office", now_ms=0)
    async with providing(key=SECRET, keys=[OTHER]) as provider:
        room = Strongroom(db=db, clock=clock, ids=ids, vault=None, settings=found, provider=provider)  # type: ignore[arg-type]
        room.vault = room.again(ring or fresh("k1"))

        async def changed(account: str) -> None:
            room.changed.append(account)

        room.vault.changed = changed
        yield room
        await room.vault.aclose()
    await db.close()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Strongroom]:
    async with opened(tmp_path) as found:
        yield found
