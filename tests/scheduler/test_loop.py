"""The scheduler's other calls: estimates, the account, and facts of offices that nobody has heard of."""

from pathlib import Path

import pytest

from server.errors import InvalidInputError, NotFoundError
from server.scheduler.loop import Scheduler
from simulation.inputs import OfficeChanged, QueueChanged, QuotaChanged, SlotsChanged
from tests.fakes.office import house


async def test_an_idle_office_is_read_when_someone_looks(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        facts = await it.scheduler.facts("o1")
        assert OfficeChanged(name="Office", tier="starter") in facts
        assert SlotsChanged(slots=3) in facts
        assert [fact.limit for fact in facts if isinstance(fact, QuotaChanged)] == [500]
        with pytest.raises(NotFoundError):
            await it.scheduler.facts("o7")


async def test_estimates_name_every_tier_or_the_one_asked_for(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        said = await it.scheduler.estimate("o1", 100)
        assert [(each.tier, each.workers, each.minutes, each.now, each.later) for each in said] == [
            ("free", 1, 50, 50, 50), ("starter", 3, 34, 100, 0), ("pro", 10, 10, 100, 0), ("enterprise", 50, 2, 100, 0),
        ]  # fmt: skip
        (one,) = await it.scheduler.estimate("o1", 50, "starter")
        assert one.minutes == 17
        for tasks, tier in ((0, None), (5, "gold")):
            with pytest.raises(InvalidInputError):
                await it.scheduler.estimate("o1", tasks, tier)


async def test_the_account_shows_what_runs_and_what_was_used(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        await it.submit(10)
        account = await it.scheduler.account("o1")
        assert (account.tier, account.slots, account.running, account.used, account.limit) == (
            "starter",
            3,
            3,
            3,
            500,
        )


async def test_an_unknown_batch_has_no_promise(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        assert isinstance(it.scheduler, Scheduler)
        assert it.scheduler.eta("o1", "none") is None


async def test_a_queue_that_has_come_to_its_end_promises_nothing_more(tmp_path: Path) -> None:
    async with house(tmp_path, tier="pro") as it:
        await it.submit(3)
        await it.clock.advance(59_000)
        assert it.bus.of(QueueChanged)[-1].eta_ms is not None
        await it.clock.advance(2_000)
        last = it.bus.of(QueueChanged)[-1]
        assert (last.waiting, last.eta_ms) == (0, None)
