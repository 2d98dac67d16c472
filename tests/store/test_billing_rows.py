"""Rows of customers, subscriptions and events: the queue of looks loses nothing that is asked for meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.store import customers, stripe_events, subscriptions
from server.store.accounts import add_account
from server.store.customers import (
    CustomerRow,
    add_customer,
    ask_look,
    customer_of,
    due_customers,
    look_later,
    looked_at,
    next_due_ms,
)
from server.store.database import Database
from server.store.stripe_events import EventRow, add_event, drop_old_events, events_done, was_heard
from server.store.subscriptions import Subscription, put_subscription, subscriptions_of
from server.store.tables import metadata

ONE = Subscription(
    id="sub_1", status="active", price="p", item="si", period_end_ms=9, cancel_ms=None, behind_ms=3
)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    found = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with found.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
    async with found.write() as tx:
        await add_account(tx.conn, account="acc1", name="ada", tier="free", now_ms=1)
        await add_customer(tx.conn, account="acc1", customer="cus_1", now_ms=1)
    yield found
    await found.close()


async def row(db: Database) -> CustomerRow:
    async with db.read() as conn:
        found = await customer_of(conn, "acc1")
    assert found is not None
    return found


async def test_a_look_that_was_asked_for_meanwhile_stays_due(db: Database) -> None:
    async with db.write() as tx:
        assert await ask_look(tx.conn, "cus_1", 100) == 1
    before = await row(db)
    async with db.write() as tx:
        assert await ask_look(tx.conn, "cus_1", 120) == 2
        await looked_at(tx.conn, before, applied="pro", due_ms=None, spared_ms=None, now_ms=130)
    after = await row(db)
    assert (after.applied, after.due_ms, after.asked) == ("pro", 100, 2)
    async with db.write() as tx:
        await looked_at(tx.conn, after, applied="pro", due_ms=500, spared_ms=None, now_ms=140)
    assert (await row(db)).due_ms == 500
    async with db.read() as conn:
        assert await due_customers(conn, 499, 10) == []
        assert await next_due_ms(conn, 499) == 500
        assert [each.account for each in await due_customers(conn, 500, 10)] == ["acc1"]


async def test_what_failed_is_put_off_unless_it_was_asked_for_again(db: Database) -> None:
    async with db.write() as tx:
        await ask_look(tx.conn, "cus_1", 100)
    before = await row(db)
    async with db.write() as tx:
        await look_later(tx.conn, before, 900)
    assert ((await row(db)).due_ms, (await row(db)).tries) == (900, 1)
    async with db.write() as tx:
        await ask_look(tx.conn, "cus_1", 200)
        await look_later(tx.conn, before, 900)
    assert ((await row(db)).due_ms, (await row(db)).tries) == (200, 0)


async def test_nobody_is_asked_to_be_looked_at(db: Database) -> None:
    async with db.write() as tx:
        assert await ask_look(tx.conn, "cus_none", 1) is None
    async with db.read() as conn:
        assert await customers.customer_row(conn, "cus_none") is None


async def test_subscriptions_are_written_over(db: Database) -> None:
    async with db.write() as tx:
        await put_subscription(tx.conn, "acc1", ONE, 1)
        await put_subscription(tx.conn, "acc1", ONE, 2)
    async with db.read() as conn:
        assert await subscriptions_of(conn, "acc1") == [ONE]
        assert await subscriptions.subscriptions_of_many(conn, '["acc1"]') == {"acc1": [ONE]}


async def test_events_are_heard_once_done_and_dropped(db: Database) -> None:
    async with db.write() as tx:
        for name, asked in (("evt_1", 1), ("evt_2", 2), ("evt_3", None)):
            await add_event(
                tx.conn, EventRow(id=name, kind="x", customer="cus_1", asked=asked, received_ms=10)
            )
        await events_done(tx.conn, "cus_1", 1, 20)
        await drop_old_events(tx.conn, 11)
    async with db.read() as conn:
        assert [await was_heard(conn, f"evt_{n}") for n in (1, 2, 3)] == [False, True, False]
    assert stripe_events.__doc__ is not None
