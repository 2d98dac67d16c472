"""Who belongs to an office, what they may do there, and how that ends."""

import pytest

from server.accounts import members as module
from server.accounts.members import invitation_ms
from server.errors import (
    ConflictError,
    ForbiddenError,
    LastOwnerError,
    LetterEndedError,
    LimitExceededError,
    NotFoundError,
    TooManyAttemptsError,
)
from server.model import Identity, Role, Scope
from server.store.database import Database
from tests.accounts.reception import opened
from tests.fakes.clock import FakeClock

ADA, BOB = "ada@example.org", "bob@example.org"


def person(who: Identity) -> str:
    assert who.credential is not None
    return who.credential.person or ""


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        (Role.OWNER, {Scope.READ, Scope.SUBMIT, Scope.CONTROL, Scope.ADMIN}),
        (Role.OPERATOR, {Scope.READ, Scope.SUBMIT, Scope.CONTROL}),
        (Role.VIEWER, {Scope.READ}),
    ],
)
async def test_whoever_is_invited_joins_in_that_role(
    db: Database, clock: FakeClock, role: Role, scopes: set[Scope]
) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        bob = await it.joined(ada, BOB, role)
        assert (bob.account, bob.office, bob.role, bob.scopes) == (ada.account, ada.office, role, scopes)
        staff = await it.reception.members.staff(ada.account)
        assert [(each.email, each.role) for each in staff.members] == [(ADA, "owner"), (BOB, role)]
        assert staff.invited == []
        assert (await it.deeds(ada.account))[:3] == [
            (BOB, "session.begun", BOB), (BOB, "member.joined", BOB), (ADA, "member.invited", BOB),
        ]  # fmt: skip


async def test_an_invitation_says_by_whom_and_where_to(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        await it.reception.members.invite(ada, BOB, Role.VIEWER)
        await it.reception.post.settled()
        text = it.box.next().get_content()
        assert "ada@example.org invites you to the office Ada's office on Ten Desks, as viewer." in text
        assert "https://desk.example/#signin=tdl_" in text


async def test_a_person_may_belong_to_several_offices_and_chooses_by_session(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        ada, bob = await it.sign_in(ADA), await it.sign_in(BOB)
        there = await it.joined(ada, BOB, Role.OPERATOR)
        assert [(place.office, place.role) for place in await it.places(BOB)] == [
            (bob.office, "owner"), (ada.office, "operator"),
        ]  # fmt: skip
        session = await it.reception.signin.begin(await it.ask(BOB), None)
        assert (await it.who(session)).office == bob.office
        ended: list[str] = []
        it.reception.tokens.changed = ended.extend
        await it.reception.sessions.move(await it.who(session), ada.office)
        moved = await it.who(session)
        assert (moved.office, moved.role, moved.scopes) == (ada.office, Role.OPERATOR, there.scopes)
        assert moved.credential is not None
        assert ended == [moved.credential.id]


async def test_nobody_chooses_an_office_that_is_not_theirs(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada, bob = await it.sign_in(ADA), await it.sign_in(BOB)
        with pytest.raises(NotFoundError):
            await it.reception.sessions.move(bob, ada.office)
        token = await it.reception.tokens.by_token(await it.token(bob))
        assert token is not None
        with pytest.raises(ForbiddenError, match="expected the session of somebody who signed in"):
            await it.reception.sessions.move(token, bob.office)


async def test_another_role_holds_at_once_for_sessions_and_tokens(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        session = await it.reception.signin.begin(await it.invite(ada, BOB, Role.OWNER), None)
        bob = await it.who(session)
        token = await it.token(bob)
        await it.reception.members.assign(ada, person(bob), Role.VIEWER)
        assert (await it.who(session)).scopes == {Scope.READ}
        known = await it.reception.tokens.by_token(token)
        assert known is not None
        assert (known.role, known.scopes) == (Role.VIEWER, {Scope.READ})


async def test_a_token_does_not_grow_with_its_person(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        bob = await it.joined(ada, BOB, Role.OPERATOR)
        token = await it.token(bob, role=Role.OPERATOR)
        await it.reception.members.assign(ada, person(bob), Role.OWNER)
        known = await it.reception.tokens.by_token(token)
        assert known is not None
        assert (known.role, Scope.ADMIN in known.scopes) == (Role.OPERATOR, False)


async def test_who_is_removed_is_out_at_once_and_keeps_what_is_elsewhere(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        ada, home = await it.sign_in(ADA), await it.sign_in(BOB)
        session = await it.reception.signin.begin(await it.invite(ada, BOB, Role.OPERATOR), None)
        bob = await it.who(session)
        token, own = await it.token(bob), await it.token(home)
        ended: list[str] = []
        it.reception.tokens.ended = ended.extend
        await it.reception.members.remove(ada, person(bob))
        assert await it.reception.sessions.by_cookie(session) is None
        assert await it.reception.tokens.by_token(token) is None
        assert await it.reception.tokens.by_token(own) is not None
        assert len(ended) == 2
        assert [place.office for place in await it.places(BOB)] == [home.office]


async def test_an_office_keeps_an_owner(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        for act in (
            it.reception.members.remove(ada, person(ada)),
            it.reception.members.assign(ada, person(ada), Role.VIEWER),
        ):
            with pytest.raises(LastOwnerError):
                await act
        bob = await it.joined(ada, BOB, Role.OWNER)
        await it.reception.members.remove(bob, person(ada))
        staff = await it.reception.members.staff(ada.account)
        assert [each.email for each in staff.members] == [BOB]


async def test_an_invitation_can_be_taken_back_and_a_new_one_ends_the_former(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        first = await it.invite(ada, BOB, Role.VIEWER)
        second = await it.invite(ada, BOB, Role.OPERATOR)
        with pytest.raises(LetterEndedError):
            await it.reception.signin.begin(first, None)
        (letter,) = (await it.reception.members.staff(ada.account)).invited
        await it.reception.members.remove(ada, letter.id)
        with pytest.raises(LetterEndedError):
            await it.reception.signin.begin(second, None)


async def test_an_invitation_lasts_seven_days(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        secret = await it.invite(await it.sign_in(ADA), BOB, Role.VIEWER)
        await clock.advance(invitation_ms)
        with pytest.raises(LetterEndedError):
            await it.reception.signin.begin(secret, None)


async def test_another_accounts_members_and_invitations_are_not_ones_own(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        ada, eve = await it.sign_in(ADA), await it.sign_in("eve@example.org")
        await it.invite(ada, BOB, Role.VIEWER)
        (letter,) = (await it.reception.members.staff(ada.account)).invited
        for act in (
            it.reception.members.remove(eve, letter.id),
            it.reception.members.remove(eve, person(ada)),
            it.reception.members.assign(eve, person(ada), Role.VIEWER),
        ):
            with pytest.raises(NotFoundError):
                await act


async def test_who_belongs_to_it_is_not_invited(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        with pytest.raises(ConflictError, match="belongs to this office already"):
            await it.reception.members.invite(ada, ADA, Role.VIEWER)


async def test_there_are_only_so_many(
    db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "members_max", 2)
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        await it.invite(ada, BOB, Role.VIEWER)
        await it.invite(ada, BOB, Role.VIEWER)
        with pytest.raises(LimitExceededError, match="members_max: expected at most 2"):
            await it.reception.members.invite(ada, "c@example.org", Role.VIEWER)


async def test_so_many_invitations_a_day(
    db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "invitations_per_day_max", 2)
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        await it.invite(ada, BOB, Role.VIEWER)
        await it.invite(ada, BOB, Role.VIEWER)
        with pytest.raises(TooManyAttemptsError, match="invitations_per_day_max: expected at most 2"):
            await it.reception.members.invite(ada, BOB, Role.VIEWER)
