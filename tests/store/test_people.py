"""People, their places and their letters as rows."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.store.audit import Deed, add_deed, audit_page
from server.store.database import Database
from server.store.ids import Ids
from server.store.letters import (
    LetterRow,
    add_letter,
    drop_expired_letters,
    drop_invitations_to,
    drop_letter,
    invitations,
    use_letter,
)
from server.store.people import (
    add_person,
    assign,
    join,
    leave,
    members,
    person_by_email,
    person_by_subject,
    person_row,
    places,
    tie,
)
from server.store.register import account_row, accounts_owned, accounts_page, tiers_in_use
from tests.fakes.clock import FakeClock
from tests.fakes.office import prepare


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await prepare(tmp_path / "test.sqlite3", "pro", offices=3)
    yield database
    await database.close()


def letter(
    id_: str, account: str | None = "a1", *, email: str = "ada@example.org", until: int = 10
) -> LetterRow:
    return LetterRow(id=id_, email=email, account=account, role="viewer", created_ms=1, expires_ms=until)


async def test_a_letter_is_used_once(db: Database) -> None:
    async with db.write() as tx:
        await add_letter(tx.conn, letter("l1"), b"one")
        assert await use_letter(tx.conn, b"two") is None
        assert await use_letter(tx.conn, b"one") == letter("l1")
        assert await use_letter(tx.conn, b"one") is None


async def test_invitations_of_an_account_are_those_that_still_can_be_used(db: Database) -> None:
    async with db.write() as tx:
        for id_, row in {
            "l1": letter("l1"), "l2": letter("l2", until=5), "l3": letter("l3", "a2"), "l4": letter("l4", None),
            "l5": letter("l5", email="bob@example.org"),
        }.items():  # fmt: skip
            await add_letter(tx.conn, row, id_.encode())
        assert [row.id for row in await invitations(tx.conn, "a1", 5)] == ["l1", "l5"]
        assert await drop_letter(tx.conn, "a2", "l1") is None
        assert await drop_letter(tx.conn, "a1", "l1") == letter("l1")
        await drop_invitations_to(tx.conn, "a1", "bob@example.org")
        await drop_expired_letters(tx.conn, 5)
        assert await invitations(tx.conn, "a1", 0) == []
        assert await use_letter(tx.conn, b"l3") is not None
        assert await use_letter(tx.conn, b"l4") is not None


async def test_a_person_is_found_by_address_and_by_subject(db: Database) -> None:
    async with db.write() as tx:
        await add_person(tx.conn, person="p1", email="ada@example.org", now_ms=1)
        await tie(tx.conn, "p1", "https://id.example 7")
        found = await person_by_email(tx.conn, "ada@example.org")
        assert (
            found
            == await person_by_subject(tx.conn, "https://id.example 7")
            == await person_row(tx.conn, "p1")
        )
        assert await person_by_email(tx.conn, "bob@example.org") is None
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            await add_person(tx.conn, person="p2", email="ada@example.org", now_ms=1)


async def test_places_begin_with_ones_own(db: Database) -> None:
    async with db.write() as tx:
        await add_person(tx.conn, person="p1", email="ada@example.org", now_ms=1)
        for number, (account, role) in enumerate([("a1", "viewer"), ("a2", "owner"), ("a3", "operator")]):
            assert await join(tx.conn, account=account, person="p1", role=role, now_ms=number)
        assert not await join(tx.conn, account="a1", person="p1", role="owner", now_ms=9)
        assert [(place.account, place.role) for place in await places(tx.conn, "p1")] == [
            ("a2", "owner"), ("a1", "viewer"), ("a3", "operator"),
        ]  # fmt: skip
        await assign(tx.conn, "a1", "p1", "owner")
        await leave(tx.conn, "a3", "p1")
        assert [(place.account, place.role) for place in await places(tx.conn, "p1")] == [
            ("a1", "owner"), ("a2", "owner"),
        ]  # fmt: skip
        assert [(row.person, row.email, row.role) for row in await members(tx.conn, "a1")] == [
            ("p1", "ada@example.org", "owner")
        ]
        assert [row.id for row in await accounts_owned(tx.conn, "ada@example.org", limit=5)] == ["a2", "a1"]


async def test_accounts_page_by_page(db: Database) -> None:
    async with db.read() as conn:
        assert [row.id for row in await accounts_page(conn, limit=2)] == ["a3", "a2"]
        assert [row.id for row in await accounts_page(conn, limit=2, after="a2")] == ["a1"]
        row = await account_row(conn, "a1")
        assert row is not None
        assert (row.id, row.office, row.name, row.tier) == ("a1", "o1", "Ann", "pro")
        assert await account_row(conn, "a9") is None
        assert await tiers_in_use(conn) == {"pro"}


async def test_deeds_are_read_page_by_page_newest_first(db: Database) -> None:
    ids = Ids(FakeClock())
    async with db.write() as tx:
        for number in range(5):
            account = "a2" if number == 2 else "a1"
            deed = Deed(
                account=account, actor="owner", what="token.made", about=f"t{number}", at_ms=number, detail={"n": number}
            )  # fmt: skip
            await add_deed(tx.conn, ids, deed)
        first = await audit_page(tx.conn, "a1", limit=2)
        rest = await audit_page(tx.conn, "a1", limit=9, after=first[-1].id)
    assert [row.about for row in [*first, *rest]] == ["t4", "t3", "t1", "t0"]
    assert (first[0].detail, first[0].at_ms) == ({"n": 4}, 4)
