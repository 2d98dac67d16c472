"""What an operator changes of an account acts at once, while work runs."""

from pathlib import Path

import pytest

from server.errors import InvalidInputError, NotFoundError
from server.scheduler.account import PlanChange
from server.store.audit import Deed, audit_page
from simulation.inputs import QueueChanged, SlotsChanged
from tests.fakes.office import FakeRunner, Heard, House, house, scheduler_over


def deed(what: str = "account.changed") -> Deed:
    return Deed(account="a1", actor="operator", what=what, about="a1", at_ms=1, detail={"why": "test"})


async def change(it: House, **members: object) -> None:
    await it.scheduler.change_plan("a1", PlanChange(**members), deed())
    await it.scheduler.settled()


async def test_a_number_of_ones_own_wins_and_goes(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        await it.submit(20)
        await it.scheduler.settled()
        await change(it, slots=4)
        assert len(it.runner.begun) == 4
        assert await it.select("SELECT slots FROM accounts") == [(4,)]
        await change(it, slots=0)
        assert await it.select("SELECT slots FROM accounts") == [(None,)]
        assert [fact.slots for fact in it.bus.of(SlotsChanged)][-2:] == [4, 1]


async def test_a_suspended_account_starts_nothing_and_what_runs_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: 1_000) as it:
        batch = await it.submit(9)
        await it.scheduler.settled()
        await change(it, suspended=True)
        await it.minutes(1)
        row = await it.row(batch.id)
        assert (row.done, row.running, row.waiting) == (3, 0, 6)
        told = it.bus.of(QueueChanged)[-1]
        assert (told.blocked, told.waiting, told.eta_ms) == ("suspended", 6, None)
        assert (await it.scheduler.account("o1")).suspended
        await change(it, suspended=False)
        await it.minutes(1)
        assert (await it.row(batch.id)).done == 9
        assert it.bus.of(QueueChanged)[-1].blocked is None


async def test_an_account_is_suspended_also_after_a_restart(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await change(it, suspended=True)
        await it.scheduler.stop(0)
        it.bus, it.runner = Heard(), FakeRunner(it.clock)
        it.scheduler = scheduler_over(it.db, it.clock, it.bus, it.runner)
        await it.scheduler.start()
        await it.submit(3)
        assert it.runner.begun == []
        assert await it.select("SELECT count(*) FROM tasks WHERE state = 'waiting'") == [(3,)]


async def test_another_account_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, offices=2) as it:
        await change(it, suspended=True)
        await it.submit(2, office="o1")
        await it.submit(2, office="o2")
        await it.scheduler.settled()
        assert {work.office for work in it.runner.begun} == {"o2"}


async def test_the_deed_is_written_with_it_or_not_at_all(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await change(it, tier="free", slots=2)
        with pytest.raises(InvalidInputError):
            await change(it, tier="gold")
        with pytest.raises(InvalidInputError, match="slots: expected a number from 1"):
            await change(it, slots=-1)
        with pytest.raises(NotFoundError):
            await it.scheduler.change_plan("a9", PlanChange(tier="free"), deed())
        async with it.db.read() as conn:
            (row,) = await audit_page(conn, "a1", limit=10)
        assert (row.actor, row.what, row.about, row.detail) == (
            "operator", "account.changed", "a1", {"why": "test"},
        )  # fmt: skip
