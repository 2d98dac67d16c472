import asyncio
import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from server.accounts.local import Owner
from server.accounts.tokens import Grant, TokenKind, Tokens, hashed, new_secret
from server.model import Role, Scope, View
from server.store import tables
from server.store.database import Database
from tests.fakes.clock import FakeClock


def grant(owner: Owner, expires_ms: int | None = None) -> Grant:
    scopes = frozenset({Scope.READ, Scope.SUBMIT})
    return Grant(account=owner.account, role=Role.OPERATOR, scopes=scopes, expires_ms=expires_ms)


async def test_a_token_stands_for_its_account_and_office(tokens: Tokens, owner: Owner) -> None:
    identity = await tokens.by_token(await tokens.issue(TokenKind.API, grant(owner)))
    assert identity is not None
    assert (identity.account, identity.office) == (owner.account, owner.office)
    assert (identity.role, identity.view) == (Role.OPERATOR, View.FULL)
    assert identity.scopes == {Scope.READ, Scope.SUBMIT}


async def test_the_store_keeps_only_the_hash(tokens: Tokens, owner: Owner, db: Database) -> None:
    secret = await tokens.issue(TokenKind.API, grant(owner))
    async with db.read() as conn:
        (row,) = (await conn.execute(select(tables.tokens))).all()
    assert row.hash == hashlib.sha256(secret.encode()).digest() == hashed(secret)
    assert secret not in str(tuple(row))


def test_secrets_have_256_bits_and_say_what_they_are() -> None:
    api, session = new_secret(TokenKind.API), new_secret(TokenKind.SESSION)
    assert api.startswith("tds_")
    assert session.startswith("tdc_")
    assert len(api) == len(session) == 4 + 43
    assert new_secret(TokenKind.API) != api


@pytest.mark.parametrize(
    "wrong",
    ["", " ", "tds_", ":key", ":token", "null", "tds_" + "a" * 42, "tds_" + "a" * 44, "tds_" + "a" * 42 + "é",
     "tds_" + "a" * 43 + "\n", "TDS_" + "a" * 43, "x" * 100_000, "' OR 1=1 --"],
)  # fmt: skip
async def test_what_is_no_secret_matches_nothing(tokens: Tokens, owner: Owner, wrong: str) -> None:
    await tokens.issue(TokenKind.API, grant(owner))
    assert await tokens.by_token(wrong) is None


async def test_a_secret_with_another_prefix_space_or_letter_matches_nothing(
    tokens: Tokens, owner: Owner
) -> None:
    secret = await tokens.issue(TokenKind.API, grant(owner))
    other = "A" if secret[-1] != "A" else "B"
    for wrong in (
        secret[:-1] + other,
        f" {secret}",
        f"{secret} ",
        secret.replace("tds_", "tdc_"),
        secret[4:],
    ):
        assert await tokens.by_token(wrong) is None


async def test_a_session_is_no_api_token_and_the_other_way_round(tokens: Tokens, owner: Owner) -> None:
    api = await tokens.issue(TokenKind.API, grant(owner))
    session = await tokens.issue(TokenKind.SESSION, grant(owner))
    assert await tokens.by_token(session) is None
    assert await tokens.find(TokenKind.SESSION, api) is None
    assert await tokens.find(TokenKind.SESSION, session) is not None


async def test_a_token_ends_with_its_time(tokens: Tokens, owner: Owner, clock: FakeClock) -> None:
    secret = await tokens.issue(TokenKind.API, grant(owner, expires_ms=clock.now_ms() + 1_000))
    await clock.advance(999)
    assert await tokens.by_token(secret) is not None
    await clock.advance(1)
    assert await tokens.by_token(secret) is None


async def test_those_who_come_together_with_one_token_ask_the_store_once(
    tokens: Tokens, owner: Owner, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 0
    reading = db.read

    def counted() -> Any:
        nonlocal reads
        reads += 1
        return reading()

    secret = await tokens.issue(TokenKind.API, grant(owner))
    monkeypatch.setattr(db, "read", counted)
    found = await asyncio.gather(*(tokens.by_token(secret) for _ in range(100)))
    assert reads == 1
    assert {identity.account for identity in found if identity is not None} == {owner.account}
    assert None not in found
    await tokens.by_token(secret)
    assert reads == 2
