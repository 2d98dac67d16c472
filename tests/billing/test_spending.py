"""What may be taken of the platform's key: counted once it is taken, held while it is asked for, by month and tier."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.billing.spending import Spending
from server.billing.tiers import TIERS
from server.kinds.ceilings import UNLIMITED, Ceiling, NoCeilings
from server.model import Reason
from server.store.accounts import change_tier
from server.store.spending import add_spending, spending_of
from server.store.statements import fetch
from tests.fakes.clock import FakeClock
from tests.fakes.office import FlakyDatabase, prepare

FREE = TIERS["free"]
TASK, MONTH = FREE.chat_tokens_task or 0, FREE.chat_tokens_month or 0


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[FlakyDatabase]:
    found = await prepare(tmp_path / "store.sqlite3", "free", 2)
    yield found
    await found.close()


async def taken(db: FlakyDatabase, account: str = "a1") -> int:
    async with db.read() as conn:
        found = await spending_of(conn, account, "2026-11")
    assert found is not None
    return found[1]


async def test_a_task_may_take_so_much(db: FlakyDatabase) -> None:
    spending = Spending(db, FakeClock(), TIERS)
    assert (await spending.reserve("a1", TASK)).refusal(TASK) is None
    refusal = (await spending.reserve("a1", TASK + 1)).refusal(TASK + 1)
    assert refusal is not None
    assert (refusal.reason, refusal.retryable, refusal.halts) == (Reason.LIMIT, False, False)
    assert refusal.message == (
        "about 4,001 tokens are asked for; Free has 4,000 for each task with this server's key, and no limit with a key of your own"
    )


async def test_a_month_has_so_much_and_the_next_one_begins_anew(db: FlakyDatabase) -> None:
    clock = FakeClock()
    spending = Spending(db, clock, TIERS)
    await spending.spent("a1", 0, MONTH - 10)
    assert (await spending.reserve("a1", 10)).left == 10
    await spending.spent("a1", 10, 10)
    ceiling = await spending.reserve("a1", 1)
    refusal = ceiling.refusal(1)
    assert refusal is not None
    assert (refusal.reason, refusal.halts) == (Reason.LIMIT, True)
    assert refusal.message == (
        "the month's 100,000 tokens of Free with this server's key are used up; they begin anew on 1 December,"
        " and a key of your own has no limit"
    )
    assert (await spending.reserve("a2", 1)).left == MONTH, "another's is another's"
    async with db.write() as tx:
        await change_tier(tx.conn, "a1", "pro")
    assert (await spending.reserve("a1", 1)).refusal(1) is None, "an upgrade acts at once"
    async with db.write() as tx:
        await change_tier(tx.conn, "a1", "free")
    await clock.advance(ceiling.resets_ms - clock.now_ms())
    assert (await spending.reserve("a1", 1)).left == MONTH - 1, "but for what is reserved still"


async def test_what_is_asked_for_at_once_is_held(db: FlakyDatabase) -> None:
    spending = Spending(db, FakeClock(), TIERS)
    asked = 40 * [TASK]
    found = await asyncio.gather(*(spending.reserve("a1", tokens) for tokens in asked))
    let = sum(ceiling.refusal(TASK) is None for ceiling in found)
    assert let * TASK <= MONTH < (let + 1) * TASK + 1
    for _ in range(let):
        await spending.spent("a1", TASK, 0)
    assert (await spending.reserve("a1", 0)).left == MONTH, "what was not taken is there again"
    assert await taken(db) == 0


async def test_counts_that_come_together_are_one_write(db: FlakyDatabase) -> None:
    spending = Spending(db, FakeClock(), TIERS)
    writes = 0
    write = db.write

    def counted(**given: bool) -> object:
        nonlocal writes
        writes += 1
        return write(**given)

    db.write = counted  # type: ignore[method-assign,assignment]
    await asyncio.gather(
        *(spending.spent("a1", 0, 1) for _ in range(500)), *(spending.spent("a2", 0, 2) for _ in range(500))
    )
    assert writes <= 3
    assert (await taken(db, "a1"), await taken(db, "a2")) == (500, 1_000)


async def test_what_the_store_does_not_take_is_owed_and_counts(db: FlakyDatabase) -> None:
    spending = Spending(db, FakeClock(), TIERS)
    db.failing = "before"
    await spending.spent("a1", 0, 1_000)
    assert (await spending.reserve("a1", 0)).left == MONTH - 1_000
    db.failing = None
    await spending.spent("a1", 0, 1)
    assert await taken(db) == 1_001
    assert (await spending.reserve("a1", 0)).left == MONTH - 1_001


async def test_enterprise_and_nobody(db: FlakyDatabase) -> None:
    spending = Spending(db, FakeClock(), TIERS)
    assert await spending.reserve("nobody", 1 << 40) == UNLIMITED
    assert UNLIMITED.refusal(1 << 40) is None
    free = NoCeilings()
    assert await free.reserve("a1", 1) == UNLIMITED
    await free.spent("a1", 1, 1)
    assert Ceiling(month=5, left=5).refusal(5) is None


async def test_rows_are_added_up(db: FlakyDatabase) -> None:
    async with db.write() as tx:
        await add_spending(tx.conn, [("a1", "2026-11", 3)])
        await add_spending(tx.conn, [("a1", "2026-11", 4), ("a1", "2026-12", 1)])
        assert await fetch(tx.conn, "SELECT month, tokens FROM spending ORDER BY month") == [
            ("2026-11", 7),
            ("2026-12", 1),
        ]
