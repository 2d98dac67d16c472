from pathlib import Path

from sqlalchemy import select

from server.accounts.local import NAME, Owner, ensure_owner, ensure_token
from server.accounts.presence import PRESENCE_FILE, read_presence
from server.accounts.tokens import Tokens
from server.model import Role, Scope
from server.store.database import Database
from server.store.ids import Ids
from server.store.tables import accounts, offices
from server.store.tables import tokens as token_table
from tests.fakes.clock import FakeClock


async def start(db: Database, clock: FakeClock, tier: str, *, given: bool) -> Owner:
    return await ensure_owner(db, clock=clock, ids=Ids(clock), tier=tier, tier_given=given)


async def stored_tier(db: Database) -> str:
    async with db.read() as conn:
        return str((await conn.execute(select(accounts.c.tier))).scalar_one())


async def test_the_first_start_makes_the_owner_and_the_next_finds_it(db: Database, clock: FakeClock) -> None:
    first = await start(db, clock, "pro", given=False)
    await clock.advance(1_000)
    assert await start(db, clock, "pro", given=False) == first
    async with db.read() as conn:
        ((id_, name),) = (await conn.execute(select(offices.c.id, offices.c.name))).all()
    assert (id_, name) == (first.office, NAME)


async def test_a_tier_that_was_asked_for_replaces_the_stored_one(db: Database, clock: FakeClock) -> None:
    await start(db, clock, "free", given=False)
    await start(db, clock, "pro", given=False)
    assert await stored_tier(db) == "free"
    await start(db, clock, "starter", given=True)
    assert await stored_tier(db) == "starter"


async def test_the_token_opens_the_office_and_stays_the_same(
    tokens: Tokens, owner: Owner, tmp_path: Path
) -> None:
    token = await ensure_token(tokens, tmp_path, owner)
    identity = await tokens.by_token(token)
    assert identity is not None
    assert (identity.office, identity.role, identity.scopes) == (owner.office, Role.OWNER, frozenset(Scope))
    assert await ensure_token(tokens, tmp_path, owner) == token


async def test_a_token_of_no_use_is_replaced(
    tokens: Tokens, owner: Owner, tmp_path: Path, db: Database
) -> None:
    token = await ensure_token(tokens, tmp_path, owner)
    async with db.write() as tx:
        await tx.conn.execute(token_table.delete())
    second = await ensure_token(tokens, tmp_path, owner)
    (tmp_path / PRESENCE_FILE).unlink()
    third = await ensure_token(tokens, tmp_path, owner)
    assert len({token, second, third}) == 3
    found = read_presence(tmp_path)
    assert found is not None
    assert found.token == third
