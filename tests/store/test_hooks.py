"""Webhooks as rows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.errors import NotFoundError
from server.store.database import Database
from server.store.deliveries import (
    DeliveryState,
    add_delivery,
    announce,
    backlog,
    deliveries_page,
    delivery_row,
    drop_old_deliveries,
    heads,
    next_due_ms,
    tried,
)
from server.store.hooks import (
    HookRow,
    OffReason,
    add_hook,
    drop_hook,
    hook_row,
    switch_off,
    went_ill,
    went_well,
)
from server.store.hooksecrets import (
    abandon,
    add_secret,
    count_secrets,
    good_secrets,
    judge_key,
    retire,
    under_others,
)
from server.store.ids import Ids
from server.store.keys import KeyRow, KeyState, masters_in_use
from server.store.statements import carry_out
from tests.fakes.clock import START_MS, FakeClock
from tests.fakes.office import prepare
from tests.webhooks.test_herald import row

NOW_MS = START_MS


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    found = await prepare(tmp_path / "a.sqlite3", "pro", 2)
    async with found.write() as tx:
        for hook, account in (("h1", "a1"), ("h2", "a1"), ("h3", "a2")):
            await add_hook(tx.conn, row(hook, account))
    yield found
    await found.close()


async def say(db: Database, *events: tuple[str, str], at_ms: int = NOW_MS) -> None:
    async with db.write() as tx:
        rows = [(event, account, f"b{event}", "batch.done", "{}", at_ms) for event, account in events]
        await carry_out(tx.conn, [announce(rows)])


async def due(db: Database, now_ms: int = NOW_MS, **changes: object) -> list[str]:
    given = {"tiers": ["pro"], "busy": [], "full": [], "most": 100, **changes}
    async with db.read() as conn:
        return [each.id for each in await heads(conn, now_ms=now_ms, **given)]  # type: ignore[arg-type]


async def test_an_event_is_a_row_for_each_address_that_is_on(db: Database) -> None:
    async with db.write() as tx:
        assert await switch_off(tx.conn, "h2", 0, NOW_MS, OffReason.GONE) is not None
    await say(db, ("e1", "a1"), ("e2", "a2"), ("e3", "nobody"))
    assert sorted(await due(db)) == ["e1h1", "e2h3"]


async def test_of_each_address_the_oldest_comes_first_and_what_cannot_go_hides_nothing(db: Database) -> None:
    await say(db, *((f"e{number}", "a1") for number in range(5)))
    assert sorted(await due(db)) == ["e0h1", "e0h2"]
    assert sorted(await due(db, busy=["e0h1"])) == ["e0h2", "e1h1"]
    assert await due(db, full=["h1"]) == ["e0h2"]
    assert await due(db, tiers=["enterprise"]) == []
    assert await due(db, now_ms=NOW_MS - 1) == []
    async with db.write() as tx:
        await went_ill(tx.conn, "h1", 0, NOW_MS, None)
    assert await due(db) == ["e0h2", "e0h1"], "who answers goes first"
    async with db.write() as tx:
        await went_ill(tx.conn, "h1", 0, NOW_MS, NOW_MS + 9)
    assert await due(db) == ["e0h2"]
    async with db.read() as conn:
        assert await next_due_ms(conn, NOW_MS) == NOW_MS + 9
        assert (await backlog(conn)).count == 10


async def test_suspended_and_leaving_accounts_are_told_nothing(db: Database) -> None:
    await say(db, ("e1", "a1"))
    for column in ("suspended_ms", "deletes_ms"):
        async with db.write() as tx:
            await tx.conn.exec_driver_sql(f"UPDATE accounts SET {column} = 1")
        assert await due(db) == []
        async with db.write() as tx:
            await tx.conn.exec_driver_sql(f"UPDATE accounts SET {column} = NULL")
    assert len(await due(db)) == 2


async def test_an_attempt_is_written_and_only_of_what_waits(db: Database) -> None:
    await say(db, ("e1", "a1"))
    async with db.write() as tx:
        await carry_out(tx.conn, [tried([("e1h1", "waiting", 1, NOW_MS + 5, 500, "No", 0)])])
        await carry_out(
            tx.conn, [tried([("e1h2", "delivered", 1, 0, 200, "", NOW_MS)]), went_well([("h2", NOW_MS)])]
        )
        await carry_out(tx.conn, [tried([("e1h2", "failed", 2, 0, 500, "late", NOW_MS)])])
        first, second = await delivery_row(tx.conn, "h1", "e1h1"), await delivery_row(tx.conn, "h2", "e1h2")
        assert (first.state, first.attempts, first.due_ms, first.status, first.reason) == (
            DeliveryState.WAITING, 1, NOW_MS + 5, 500, "No",
        )  # fmt: skip
        assert (second.state, second.attempts, second.due_ms, second.reason) == (
            DeliveryState.DELIVERED,
            1,
            None,
            None,
        )
        assert (await hook_row(tx.conn, "a1", "h2")).delivered_ms == NOW_MS
        with pytest.raises(NotFoundError):
            await delivery_row(tx.conn, "h1", "e1h2")


async def test_who_was_changed_meanwhile_is_not_judged_by_what_was_before(db: Database) -> None:
    async with db.write() as tx:
        assert await went_ill(tx.conn, "h1", 0, NOW_MS, None) == NOW_MS
        assert await went_ill(tx.conn, "h1", 0, NOW_MS + 7, None) == NOW_MS
        assert await went_ill(tx.conn, "h1", 1, NOW_MS, None) is None
        assert await switch_off(tx.conn, "h1", 1, NOW_MS, OffReason.FAILING) is None
        assert await switch_off(tx.conn, "h1", 0, NOW_MS, OffReason.FAILING) is not None
        assert await switch_off(tx.conn, "h1", 1, NOW_MS, OffReason.FAILING) is None, "it is off"
        with pytest.raises(NotFoundError):
            await hook_row(tx.conn, "a2", "h1")


async def test_what_is_thirty_days_old_is_forgotten_and_pages_are_in_order(db: Database) -> None:
    clock = FakeClock()
    ids = Ids(clock)
    async with db.write() as tx:
        for _ in range(4):
            id_ = ids.new() + "h1"
            await add_delivery(
                tx.conn, id_=id_, hook="h1", account="a1", kind="ping", body="{}", at_ms=clock.now_ms()
            )
            await clock.advance(1_000)
        page = await deliveries_page(tx.conn, "h1", limit=3)
        rest = await deliveries_page(tx.conn, "h1", limit=3, after=page[-1].id)
        assert [each.created_ms - START_MS for each in [*page, *rest]] == [3_000, 2_000, 1_000, 0]
        assert await drop_old_deliveries(tx.conn, START_MS + 2_000) is False
        assert len(await deliveries_page(tx.conn, "h1", limit=10)) == 2
        await drop_hook(tx.conn, "h1")
        assert await deliveries_page(tx.conn, "h1", limit=10) == []


def secret(version: str, made_ms: int, master: str = "k1") -> KeyRow:
    return KeyRow(
        account="a1", provider="webhook", base="h1", version=version, last="", state=KeyState.OK, master=master, wrapped=b"w",
        body=b"b", added_ms=made_ms,
    )  # fmt: skip


async def test_former_secrets_end_and_master_keys_know_what_they_hold(db: Database) -> None:
    async with db.write() as tx:
        await add_secret(tx.conn, secret("v1", 1))
        await retire(tx.conn, "h1", now_ms=10, until_ms=100)
        await add_secret(tx.conn, secret("v2", 10, "k2"))
        assert [each.version for each in await good_secrets(tx.conn, "h1", 99)] == ["v2", "v1"]
        assert [each.version for each in await good_secrets(tx.conn, "h1", 100)] == ["v2"]
        assert await masters_in_use(tx.conn) == {"k1": 1, "k2": 1}
        (other,) = await under_others(tx.conn, "k2", ("", ""), 10)
        assert (other.base, other.version, other.provider) == ("h1", "v1", "webhook")
        assert await judge_key(tx.conn, other, KeyState.UNDECRYPTABLE)
        assert not await judge_key(tx.conn, other, KeyState.UNDECRYPTABLE)
        assert await masters_in_use(tx.conn) == {"k2": 1}
        await retire(tx.conn, "h1", now_ms=100, until_ms=200)
        assert await count_secrets(tx.conn, "h1") == 1, "what is over is forgotten"
        assert await abandon(tx.conn, '["k1"]') == [("a1", "h1")]


def test_a_row_says_all_that_the_table_has() -> None:
    assert set(HookRow.__dataclass_fields__) >= {"edition", "failing_ms", "resume_ms", "off_reason"}
