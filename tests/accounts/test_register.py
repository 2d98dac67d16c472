"""Everybody's accounts, and how mail is set up."""

import pytest

from server.accounts.reception import open_reception
from server.accounts.register import Register
from server.billing.tiers import TIERS
from server.errors import ConfigurationError, ConflictError, NotFoundError
from server.model import Role, Scope
from server.settings import Mode, Settings
from server.store.database import Database
from server.store.ids import Ids
from tests.accounts.reception import opened
from tests.fakes.clock import FakeClock

ADA = "ada@example.org"


async def test_an_operator_makes_an_account_that_its_owner_signs_in_to(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        row = await it.reception.register.make(it.operator, ADA, tier="starter", name="Acme")
        assert (row.name, row.office_name, row.tier, row.slots, row.suspended_ms) == (
            ADA, "Acme", "starter", None, None,
        )  # fmt: skip
        ada = await it.sign_in(ADA)
        assert (ada.account, ada.role) == (row.id, Role.OWNER)
        assert (await it.deeds(row.id))[-1] == ("operator", "account.made", ADA)
        with pytest.raises(ConflictError, match="has one"):
            await it.reception.register.make(it.operator, ADA, tier="pro", name=None)


async def test_who_is_a_member_elsewhere_can_have_an_account_too(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        ada = await it.sign_in(ADA)
        await it.joined(ada, "bob@example.org", Role.VIEWER)
        row = await it.reception.register.make(it.operator, "bob@example.org", tier="pro", name=None)
        assert [place.account for place in await it.places("bob@example.org")] == [row.id, ada.account]


async def test_accounts_are_listed_newest_first_and_found_by_their_owner(
    db: Database, clock: FakeClock
) -> None:
    async with opened(db, clock) as it:
        register: Register = it.reception.register
        made = [
            (await register.make(it.operator, f"p{n}@example.org", tier="free", name=None)).id for n in "123"
        ]
        assert [row.id for row in await register.listed(limit=10)] == [*reversed(made), it.operator.account]
        assert [row.id for row in await register.listed(limit=1, after=made[2])] == [made[1]]
        assert [row.id for row in await register.listed(limit=9, email="p1@example.org")] == [made[0]]
        assert (await register.one(made[0])).id == made[0]
        for nobody in ("nothing1", ""):
            with pytest.raises(NotFoundError):
                await register.one(nobody)


async def test_a_token_for_an_owner_never_looks_after_the_house(db: Database, clock: FakeClock) -> None:
    async with opened(db, clock) as it:
        row = await it.reception.register.make(it.operator, ADA, tier="free", name=None)
        for scopes, found in (
            (None, set(Scope) - {Scope.HOUSE}),
            (frozenset({Scope.HOUSE, Scope.READ}), {Scope.READ}),
        ):
            issued, _ = await it.reception.register.give_token(
                it.operator, row.id, label="first", scopes=scopes, expires_ms=None
            )
            identity = await it.reception.tokens.by_token(issued.secret)
            assert identity is not None
            assert (identity.account, identity.scopes, identity.actor) == (row.id, found, ADA)
        with pytest.raises(NotFoundError, match="is this server's own"):
            await it.reception.register.give_token(
                it.operator, it.operator.account, label="x", scopes=None, expires_ms=None
            )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"smtp_url": "smtp://127.0.0.1:1", "public_url": None},
            "TENDESKS_PUBLIC_URL: expected where people open",
        ),
        ({"smtp_url": "mail:hunter2"}, "TENDESKS_SMTP_URL: expected a URL such as smtp://"),
        (
            {"mail_from": "nobody"},
            "TENDESKS_MAIL_FROM: expected `Name <address>` or an address, got 'nobody'",
        ),
        ({"mail_from": "a@b\nBcc: c@d"}, "TENDESKS_MAIL_FROM"),
    ],
)
def test_mail_that_is_set_up_in_part_stops_the_start(
    db: Database, clock: FakeClock, given: dict[str, str], said: str
) -> None:
    settings = Settings(**{"mode": Mode.HOSTED, "public_url": "https://desk.example", **given})

    async def name(_office: str) -> str:
        return ""

    with pytest.raises(ConfigurationError) as caught:
        open_reception(settings=settings, db=db, clock=clock, ids=Ids(clock), tiers=TIERS, office_name=name)
    assert caught.value.detail.startswith(said)
    assert "hunter2" not in caught.value.detail
