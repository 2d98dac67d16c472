"""Sign-in by a one-time link, with a real SMTP server at the other end."""

import asyncio
import hashlib

import pytest
from sqlalchemy import select

from server.accounts.sessions import SESSION_MS
from server.accounts.signin import letter_ms
from server.errors import ForbiddenError, LetterEndedError, TooManyAttemptsError, UnavailableError
from server.model import Role, Scope
from server.settings import SignUp
from server.store.database import Database
from server.store.peopletables import letters, people
from tests.accounts.reception import opened
from tests.fakes.clock import FakeClock
from tests.fakes.smtp import link_in

ADA = "ada@example.org"


async def test_a_stranger_gets_an_account_with_one_office_of_the_first_tier(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        who = await it.sign_in()
        assert (who.role, who.scopes) == (Role.OWNER, frozenset(Scope) - {Scope.HOUSE})
        (place,) = await it.places(ADA)
        assert (place.account, place.office, place.tier) == (who.account, who.office, "free")
        assert who.account != it.operator.account
        assert await it.deeds(who.account) == [(ADA, "session.begun", ADA), (ADA, "account.made", ADA)]


async def test_who_comes_back_finds_the_same_office(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        first, second = await it.sign_in(), await it.sign_in()
        assert (first.account, first.office) == (second.account, second.office)
        assert first.credential != second.credential


async def test_the_secret_lies_in_the_fragment_and_only_its_hash_in_the_store(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        it.reception.signin.ask(ADA, None)
        await it.reception.post.settled()
        message = it.box.next()
        head, _, secret = link_in(message).partition("#signin=")
        assert (head, message["To"]) == ("https://desk.example/", ADA)
        assert secret.startswith("tdl_")
        assert len(secret) == 4 + 43
        async with db.read() as conn:
            (row,) = (await conn.execute(select(letters))).all()
        assert row.hash == hashlib.sha256(secret.encode()).digest()
        assert secret not in str(tuple(row))


async def test_a_link_works_once(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        secret = await it.ask()
        await it.reception.signin.begin(secret, None)
        with pytest.raises(LetterEndedError):
            await it.reception.signin.begin(secret, None)


async def test_a_link_lasts_a_quarter_of_an_hour(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        one, two = await it.ask(), await it.ask()
        await clock.advance(letter_ms - 1)
        await it.reception.signin.begin(one, None)
        await clock.advance(1)
        with pytest.raises(LetterEndedError):
            await it.reception.signin.begin(two, None)


@pytest.mark.parametrize(
    "wrong", ["", ":key", "tdl_", "tdl_" + "a" * 43, "tds_" + "a" * 43, "tdl_" + "a" * 44]
)
async def test_what_is_no_letter_of_ours_opens_nothing(db: Database, clock: FakeClock, wrong: str) -> None:
    async with opened(db, clock) as it:
        await it.ask()
        with pytest.raises(LetterEndedError):
            await it.reception.signin.begin(wrong, None)


async def test_a_letter_is_no_token_and_no_session(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        secret = await it.ask()
        for text in (secret, secret.replace("tdl_", "tds_"), secret.replace("tdl_", "tdc_")):
            assert await it.reception.tokens.by_token(text) is None
            assert await it.reception.sessions.by_cookie(text) is None


async def test_where_sign_up_is_closed_a_stranger_gets_no_letter_and_no_other_answer(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock, signup=SignUp.CLOSED) as it:
        await it.reception.register.make(it.operator, ADA, tier="pro", name="Ada")
        it.reception.signin.ask("eve@example.org", None)
        secret = await it.ask(ADA)  # the only one that was sent
        assert it.box.empty
        who = await it.who(await it.reception.signin.begin(secret, None))
        assert [place.name for place in await it.places(ADA)] == ["Ada"]
        assert (who.role, await it.places("eve@example.org")) == (Role.OWNER, [])
        async with db.read() as conn:
            assert (await conn.execute(select(people.c.email))).scalars().all() == [ADA]


async def test_nobody_is_let_in_who_belongs_nowhere_where_sign_up_is_closed(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock, signup=SignUp.CLOSED) as it:
        await it.reception.register.make(it.operator, ADA, tier="pro", name=None)
        owner = await it.sign_in(ADA)
        bob = await it.joined(owner, "bob@example.org", Role.VIEWER)
        secret = await it.ask("bob@example.org")
        assert bob.credential is not None
        await it.reception.members.remove(owner, bob.credential.person or "")
        with pytest.raises(ForbiddenError, match="sign-up is closed here"):
            await it.reception.signin.begin(secret, None)


async def test_one_address_may_have_so_many_links_sent_an_hour(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock, signins_per_email_max=2) as it:
        await it.ask(address="203.0.113.1")
        await it.ask(address="203.0.113.2")
        with pytest.raises(
            TooManyAttemptsError, match=r"signins_per_email_max: .* 2 links an hour"
        ) as caught:
            it.reception.signin.ask(ADA, "203.0.113.3")
        assert caught.value.extra == {"retry": 1_800}
        await it.ask("bob@example.org")
        await clock.advance(1_800_000)
        await it.ask(address="203.0.113.3")


async def test_so_many_links_an_hour_may_be_asked_for_from_one_place(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock, signins_per_address_max=3) as it:
        for number in range(3):
            await it.ask(f"p{number}@example.org")
        with pytest.raises(TooManyAttemptsError, match="signins_per_address_max"):
            it.reception.signin.ask("p3@example.org", "203.0.113.7")
        await it.ask("p3@example.org", "203.0.113.8")
        await it.ask("p4@example.org", None)


async def test_a_relay_that_refuses_is_asked_again(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        it.box.refusals = 1
        it.reception.signin.ask(ADA, None)
        waiting = asyncio.ensure_future(it.reception.post.settled())
        while not waiting.done():
            await asyncio.sleep(0.01)  # the SMTP server is real, and so is its time
            await clock.advance(1_000)
        assert it.box.next()["To"] == ADA


async def test_without_a_relay_nobody_signs_in_by_mail(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock, smtp_url=None) as it:
        assert not it.reception.signin.by_mail
        with pytest.raises(UnavailableError, match="TENDESKS_SMTP_URL"):
            it.reception.signin.ask(ADA, None)


async def test_a_session_ends_after_ninety_days(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        session = await it.reception.signin.begin(await it.ask(), None)
        await clock.advance(SESSION_MS - 1)
        assert await it.reception.sessions.by_cookie(session) is not None
        await clock.advance(1)
        assert await it.reception.sessions.by_cookie(session) is None
