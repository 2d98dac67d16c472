"""Links as rows: what is stored is what is read, ids are theirs alone, and one key serves all processes."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from server.errors import NotFoundError
from server.store.accounts import add_account
from server.store.database import Database
from server.store.links import (
    NewLink,
    add_link,
    delete_old_links,
    grant_key,
    lan_wanted,
    link_row,
    links_page,
    live_links,
    new_link_id,
    office_link,
    revoke_link,
    rotate_link,
)
from server.store.offices import add_office
from server.store.tables import metadata

LINK = NewLink(
    id="a" * 19, account="acc", office="off", hash=b"hash", label="Wall", view="batches", recording=None, from_ms=None,
    to_ms=None, batch=None, origins=("https://one", "https://two"), card=True, lan=False, created_ms=5, expires_ms=100,
)  # fmt: skip


@pytest.fixture
async def db(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
        await add_account(tx.conn, account="acc", name="A", tier="pro", now_ms=1)
        await add_office(tx.conn, office="off", account="acc", name="Nice office", now_ms=1)
    yield database
    await database.close()


async def stored(db: Database, *links: NewLink) -> None:
    async with db.write() as tx:
        for link in links:
            await add_link(tx.conn, link)


async def test_a_link_is_read_as_it_was_stored_with_its_tier_and_the_names_of_what_it_shows(
    db: Database,
) -> None:
    await stored(db, LINK)
    async with db.read() as conn:
        row = await link_row(conn, LINK.id)
    assert row is not None
    assert {name: getattr(row, name) for name in NewLink.__dataclass_fields__} == {
        name: getattr(LINK, name) for name in NewLink.__dataclass_fields__
    }
    assert (row.tier, row.office_name, row.batch_name, row.gone) == ("pro", "Nice office", None, False)


@pytest.mark.parametrize("field", ["recording", "batch"])
async def test_a_link_to_what_is_not_there_is_gone(db: Database, field: str) -> None:
    await stored(db, replace(LINK, **{field: "nothing"}))
    async with db.read() as conn:
        row = await link_row(conn, LINK.id)
    assert row is not None
    assert row.gone


async def test_a_link_belongs_to_one_office(db: Database) -> None:
    await stored(db, LINK)
    async with db.write() as tx:
        assert (await office_link(tx.conn, "off", LINK.id)).id == LINK.id
        for office, link in (("other", LINK.id), ("off", "b" * 19), ("off", ""), ("off", ":link")):
            with pytest.raises(NotFoundError):
                await office_link(tx.conn, office, link)
        await revoke_link(tx.conn, "other", LINK.id, 7)
        assert (await office_link(tx.conn, "off", LINK.id)).revoked_ms is None


async def test_pages_are_newest_first_and_leave_out_what_ended_long_ago(db: Database) -> None:
    links = [
        replace(LINK, id=f"{number}" * 19, created_ms=number // 2, expires_ms=100 + number)
        for number in range(6)
    ]
    await stored(db, *links)
    async with db.write() as tx:
        await revoke_link(tx.conn, "off", links[4].id, 50)
        first = await links_page(tx.conn, "off", limit=2, since_ms=100)
        assert [row.id[0] for row in first] == ["5", "3"]
        after = (first[-1].created_ms, first[-1].id)
        rest = await links_page(tx.conn, "off", limit=9, since_ms=100, after=after)
        assert [row.id[0] for row in rest] == ["2", "1"]
        assert await links_page(tx.conn, "other", limit=9, since_ms=0) == []
        await delete_old_links(tx.conn, "off", 101)
        left = await links_page(tx.conn, "off", limit=9, since_ms=0)
        assert [row.id[0] for row in left] == ["5", "3", "2"]


async def test_the_first_revocation_counts_and_the_live_ones_are_counted(db: Database) -> None:
    await stored(db, LINK, replace(LINK, id="b" * 19, lan=True))
    async with db.write() as tx:
        assert (await live_links(tx.conn, "acc", 99), await live_links(tx.conn, "acc", 100)) == (2, 0)
        assert (await lan_wanted(tx.conn, 99), await lan_wanted(tx.conn, 100)) == (True, False)
        await revoke_link(tx.conn, "off", "b" * 19, 7)
        await revoke_link(tx.conn, "off", "b" * 19, 9)
        assert (await office_link(tx.conn, "off", "b" * 19)).revoked_ms == 7
        assert await live_links(tx.conn, "acc", 99) == 1
        assert not await lan_wanted(tx.conn, 99)


async def test_a_rotation_is_an_edition_more(db: Database) -> None:
    await stored(db, LINK)
    async with db.write() as tx:
        await rotate_link(tx.conn, LINK.id, digest=b"new", former=b"hash", former_until_ms=9)
        row = await office_link(tx.conn, "off", LINK.id)
    assert (row.hash, row.edition, row.former, row.former_until_ms) == (b"new", 1, b"hash", 9)


async def test_the_key_of_grants_is_made_once(db: Database) -> None:
    key = await grant_key(db)
    assert len(key) == 32
    assert await grant_key(db) == key


def test_ids_have_96_bits() -> None:
    ids = {new_link_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[a-z0-9]{19}", each) for each in ids)
    assert 2**96 <= 36**19
