from collections.abc import Callable

import pytest
from sqlalchemy import select

from server.accounts.local import Owner
from server.accounts.tokens import Grant, TokenKind, Tokens
from server.accounts.uses import Uses, write_ms
from server.model import Role, Scope
from server.store.database import Database
from server.store.tables import tokens as table
from server.store.tokens import tokens_of
from tests.fakes.clock import FakeClock


async def used(db: Database) -> dict[str, int | None]:
    async with db.read() as conn:
        return {row.id: row.used_ms for row in await conn.execute(select(table.c.id, table.c.used_ms))}


async def token(tokens: Tokens, owner: Owner) -> str:
    grant = Grant(account=owner.account, role=Role.OWNER, scopes=frozenset({Scope.READ}))
    return await tokens.issue(TokenKind.API, grant)


async def test_uses_are_written_together_once_a_minute(
    tokens: Tokens, owner: Owner, db: Database, clock: FakeClock
) -> None:
    one, two = await token(tokens, owner), await token(tokens, owner)
    clock.settle = tokens.uses.settled
    tokens.uses.begin()
    for secret in (one, one, two):
        assert await tokens.by_token(secret) is not None
        await clock.advance(10)
    assert set((await used(db)).values()) == {None}
    began_ms = clock.now_ms() - 30
    await clock.advance(write_ms)
    assert sorted((await used(db)).values()) == [began_ms + 10, began_ms + 20]
    await tokens.uses.stop()


async def test_the_last_minute_is_written_at_the_end(
    tokens: Tokens, owner: Owner, db: Database, clock: FakeClock
) -> None:
    await tokens.by_token(await token(tokens, owner))
    await tokens.uses.stop()
    assert list((await used(db)).values()) == [clock.now_ms()]


async def test_what_is_listed_is_not_a_minute_old(
    tokens: Tokens, owner: Owner, db: Database, clock: FakeClock
) -> None:
    await tokens.by_token(await token(tokens, owner))
    async with db.read() as conn:
        (row,) = await tokens_of(conn, TokenKind.API, clock.now_ms(), account=owner.account)
    assert (row.used_ms, tokens.uses.of(row.id, row.used_ms)) == (None, clock.now_ms())


async def test_what_is_no_token_of_ours_is_not_noted(tokens: Tokens, owner: Owner, db: Database) -> None:
    await token(tokens, owner)
    assert await tokens.by_token("tds_" + "a" * 43) is None
    await tokens.uses.stop()
    assert list((await used(db)).values()) == [None]


async def test_a_store_that_takes_nothing_is_asked_again(
    tokens: Tokens, owner: Owner, db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tokens.by_token(await token(tokens, owner))
    write: Callable[[], object] = db.write

    def full() -> object:
        raise OSError("no space")

    monkeypatch.setattr(db, "write", full)
    await tokens.uses.stop()
    monkeypatch.setattr(db, "write", write)
    await tokens.uses.stop()
    assert list((await used(db)).values()) == [clock.now_ms()]


async def test_nothing_noted_is_nothing_written(db: Database, clock: FakeClock) -> None:
    uses = Uses(db, clock)
    uses.begin()
    await clock.advance(write_ms)
    await uses.settled()
    await uses.stop()
