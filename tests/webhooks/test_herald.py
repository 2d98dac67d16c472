"""Every end of a batch is written down once for each address, in the transaction of the end itself, whatever fails."""

import random
from pathlib import Path
from typing import Any

import pytest

from server.errors import TenDesksError
from server.model import ExecutionState, Outcome, Work
from server.routes.shapes import batch_facts
from server.scheduler.telling import told
from server.settings import Settings
from server.store.hooks import HookRow, accounts_with_hooks, add_hook
from server.webhooks.contract import SILENCE
from server.webhooks.herald import HookHerald, open_herald
from tests.fakes.clock import FakeClock
from tests.fakes.office import Heard, House, counting_ids, prepare, scheduler_over
from tests.fakes.runner import FakeRunner

HOOKS = {"a1": ["h1", "h2"], "a2": ["h3"], "a3": []}


def row(hook: str, account: str) -> HookRow:
    return HookRow(
        id=hook, account=account, url="https://a.example/", label=None, enabled=True, edition=0, off_reason=None, off_ms=None,
        failing_ms=None, resume_ms=None, delivered_ms=None, created_ms=0,
    )  # fmt: skip


class Fickle(FakeRunner):
    """Bodies that last and end as chance has it."""

    def __init__(self, clock: FakeClock, chance: random.Random) -> None:
        super().__init__(clock, lambda _work: chance.choice([0, 500, 5_000, 40_000]), self._end)
        self._chance = chance

    def _end(self, _work: Work) -> Outcome:
        state = self._chance.choice([ExecutionState.DONE, ExecutionState.DONE, ExecutionState.FAILED])
        return (
            Outcome(state=state, retryable=False)
            if state is ExecutionState.FAILED
            else Outcome(state=state, result=b"1")
        )


async def act(house: House, chance: random.Random, batches: list[tuple[str, str]]) -> None:
    """One thing that somebody may do, or a store that fails for a while."""
    office, batch = chance.choice(batches) if batches else ("o1", "none")
    kind = chance.choice(
        ["submit", "submit", "cancel", "retry", "pause", "resume", "task", "before", "after", "time", "time"]
    )
    if kind == "submit":
        office = chance.choice(["o1", "o2", "o3"])
        found = await house.submit(chance.choice([1, 2, 7]), office=office, attempts=1)
        batches.append((office, found.id))
    elif kind in {"cancel", "retry", "pause", "resume"}:
        await getattr(house.scheduler, kind)(office, batch)
    elif kind == "task":
        ((task,),) = await house.select(
            "SELECT id FROM tasks WHERE batch = :batch ORDER BY id LIMIT 1", batch=batch
        )
        await house.scheduler.cancel_task(office, task)
    elif kind in {"before", "after"}:
        house.db.failing = kind
        await house.clock.advance(chance.choice([0, 2_000]))
        house.db.failing = None
    await house.clock.advance(chance.choice([0, 0, 700, 6_000]))


async def restarted(house: House, herald: HookHerald) -> None:
    """A server that was killed: all that is left is rows."""
    house.clock.settle = None
    old = house.scheduler._cycles
    assert old._task is not None
    old._task.cancel()
    house.runner.running.clear()
    await house.clock.advance(1)  # ids are moments: no two servers are ever at work in one and the same
    house.scheduler = scheduler_over(house.db, house.clock, house.bus, house.runner, herald=herald)
    await house.scheduler.start()


@pytest.mark.parametrize("seed", range(24))
async def test_every_end_has_one_row_for_each_address(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    db = await prepare(tmp_path / "house.sqlite3", "enterprise", 3)
    async with db.write() as tx:
        for account, names in HOOKS.items():
            for name in names:
                await add_hook(tx.conn, row(name, account))
        # Rows alone know how often a batch has ended: a trigger counts, which knows nothing of how that is told.
        await tx.conn.exec_driver_sql("CREATE TABLE ends (batch TEXT, office TEXT, state TEXT)")
        await tx.conn.exec_driver_sql(
            "CREATE TRIGGER ended AFTER UPDATE ON batches WHEN old.ended_ms IS NULL AND new.ended_ms IS NOT NULL "
            "BEGIN INSERT INTO ends VALUES (new.id, new.office, new.state); END"
        )
    clock = FakeClock()
    settings, ids = Settings(mode="hosted"), counting_ids(clock)
    from server.billing.tiers import TIERS

    herald = await open_herald(settings, TIERS, db, ids, batch_facts)
    runner = Fickle(clock, chance)
    scheduler = scheduler_over(db, clock, Heard(), runner, herald=herald)
    await scheduler.start()
    house = House(db=db, clock=clock, bus=Heard(), runner=runner, scheduler=scheduler)
    batches: list[tuple[str, str]] = []
    for step in range(60):
        if step % 20 == 19 and chance.random() < 0.5:
            await restarted(house, herald)
        try:
            await act(house, chance, batches)
        except (TenDesksError, ValueError):
            house.db.failing = None  # refused, or there was no such task
    await clock.advance(200_000)
    ends = await house.select("SELECT batch, 'batch.' || state FROM ends ORDER BY 1, 2")
    assert ends, seed
    for account, names in HOOKS.items():
        office = f"o{account[1:]}"
        mine = await house.select(
            "SELECT batch, 'batch.' || state FROM ends WHERE office = :o ORDER BY rowid", o=office
        )
        for name in names:
            rows = await house.select("SELECT batch, kind FROM hook_deliveries WHERE hook = :h", h=name)
            assert sorted(rows) == sorted(mine), (seed, name)
    assert await house.select("SELECT count(*) FROM hook_deliveries WHERE account = 'a3'") == [(0,)]
    await house.scheduler.stop(0)
    await db.close()


async def test_a_plan_without_webhooks_hears_nothing_on_a_hosted_server(tmp_path: Path) -> None:
    from server.billing.tiers import TIERS

    db = await prepare(tmp_path / "house.sqlite3", "pro", 2)
    async with db.write() as tx:
        await add_hook(tx.conn, row("h1", "a1"))
        assert await accounts_with_hooks(tx.conn) == {"a1"}
    ids = counting_ids(FakeClock())
    by_mode: dict[str, Any] = {}
    for mode in ("hosted", "local"):
        herald = await open_herald(Settings(mode=mode), TIERS, db, ids, batch_facts)
        by_mode[mode] = [[herald.hears(account, TIERS[tier]) for tier in TIERS] for account in ("a1", "a2")]
    assert by_mode == {
        "hosted": [[False, False, False, True], [False] * 4],
        "local": [[True] * 4, [False] * 4],
    }
    await db.close()


def test_silence_is_never_asked_to_say_anything() -> None:
    assert told([], SILENCE) == []
    SILENCE.wake()
    with pytest.raises(AssertionError):
        SILENCE.announce([])
