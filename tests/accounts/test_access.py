"""API tokens: made within what makes them, listed to whom they concern, revoked at once."""

import pytest

from server.accounts import access
from server.accounts.access import Wish
from server.errors import ForbiddenError, LimitExceededError, NotFoundError
from server.model import Identity, Role, Scope
from server.store.database import Database
from tests.accounts.reception import Front, opened
from tests.fakes.clock import FakeClock

ADA, BOB = "ada@example.org", "bob@example.org"


async def made(it: Front, who: Identity, **wish: object) -> Identity:
    issued, _ = await it.reception.access.make(who, Wish(**{"label": "ci", **wish}))
    identity = await it.reception.tokens.by_token(issued.secret)
    assert identity is not None
    return identity


def ends_ms(who: Identity) -> int | None:
    assert who.credential is not None
    return who.credential.expires_ms


async def test_a_token_allows_what_was_wished_for_within_what_made_it(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        token = await made(it, ada, scopes=frozenset({Scope.READ, Scope.SUBMIT}))
        assert (token.account, token.scopes) == (ada.account, {Scope.READ, Scope.SUBMIT})
        assert (await made(it, ada)).scopes == ada.scopes
        with pytest.raises(ForbiddenError, match="got admin too"):
            await made(it, token, scopes=frozenset({Scope.READ, Scope.ADMIN}))
        (deed, *_) = await it.rows(ada.account)
        assert (deed.actor, deed.what, deed.detail["label"]) == (ADA, "token.made", "ci")


async def test_nobody_makes_a_token_that_looks_after_the_house(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        with pytest.raises(ForbiddenError):
            await made(it, await it.sign_in(ADA), scopes=frozenset({Scope.HOUSE}))
        assert Scope.HOUSE not in (await made(it, it.operator)).scopes


async def test_a_token_that_a_token_made_does_not_outlive_it(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada, end_ms = await it.sign_in(ADA), clock.now_ms() + 1_000
        token = await made(it, ada, expires_ms=end_ms)
        assert ends_ms(token) == end_ms
        assert ends_ms(await made(it, token)) == end_ms
        assert ends_ms(await made(it, token, expires_ms=end_ms + 1)) == end_ms
        assert ends_ms(await made(it, token, expires_ms=end_ms - 1)) == end_ms - 1
        assert ends_ms(await made(it, ada)) is None


async def test_owners_see_all_tokens_of_their_office_and_others_their_own(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        bob = await it.joined(ada, BOB, Role.OPERATOR)
        eve = await it.sign_in("eve@example.org")
        for who in (ada, bob, eve):
            await made(it, who, label=str(who.actor))
        seen = {
            who.actor: [token.label for token in await it.reception.access.listed(who)]
            for who in (ada, bob, eve)
        }
        assert seen == {ADA: [ADA, BOB], BOB: [BOB], "eve@example.org": ["eve@example.org"]}


async def test_a_revoked_token_is_none_and_its_sockets_are_told(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        bob, eve = await it.joined(ada, BOB, Role.OPERATOR), await it.sign_in("eve@example.org")
        issued, _ = await it.reception.access.make(ada, Wish(label="ci"))
        ended: list[str] = []
        it.reception.tokens.ended = ended.extend
        for who in (bob, eve):
            with pytest.raises(NotFoundError):
                await it.reception.access.revoke(who, issued.id)
        await it.reception.access.revoke(ada, issued.id)
        assert await it.reception.tokens.by_token(issued.secret) is None
        assert ended == [issued.id]
        assert (await it.deeds(ada.account))[0] == (ADA, "token.revoked", issued.id)
        with pytest.raises(NotFoundError):
            await it.reception.access.revoke(ada, issued.id)


async def test_a_session_is_no_token_to_be_revoked(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        assert ada.credential is not None
        assert await it.reception.access.listed(ada) == []
        with pytest.raises(NotFoundError):
            await it.reception.access.revoke(ada, ada.credential.id)


async def test_there_are_only_so_many(
    db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "tokens_per_account_max", 2)
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        await made(it, ada, expires_ms=clock.now_ms() + 1_000)
        await made(it, ada)
        with pytest.raises(LimitExceededError, match="tokens_per_account_max: expected at most 2"):
            await made(it, ada)
        await clock.advance(1_000)  # the first one's time is over
        await made(it, ada)


async def test_sessions_are_listed_and_ended_by_whose_they_are(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        sessions = it.reception.sessions
        one, two, eve = await it.sign_in(ADA), await it.sign_in(ADA), await it.sign_in("eve@example.org")
        assert one.credential is not None
        assert two.credential is not None
        listed = await sessions.listed(one)
        assert [each.id for each in listed] == [one.credential.id, two.credential.id]
        assert {each.label for each in listed} == {"Firefox"}
        with pytest.raises(NotFoundError):
            await sessions.end_one(eve, one.credential.id)
        await sessions.end_one(two, one.credential.id)
        assert [each.id for each in await sessions.listed(two)] == [two.credential.id]
        await it.sign_in(ADA)
        await sessions.end_all(two)
        assert await sessions.listed(two) == []
        assert len(await sessions.listed(eve)) == 1


async def test_a_session_by_a_token_is_listed_where_nobody_has_signed_in(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        sessions = it.reception.sessions
        await sessions.begin(await it.token(it.operator), "curl")
        await it.sign_in(ADA)
        (found,) = await sessions.listed(it.operator)
        assert (found.label, found.person) == ("curl", None)
        assert "house" not in found.scopes.split()
