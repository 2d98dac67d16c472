"""What becomes of an end that is said of pulled work: recorded now, recorded already, or refused, whatever the store does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.errors import NotFoundError, StaleTokenError, UnavailableError
from server.model import ExecutionState, Outcome, Work
from server.scheduler.leases import ROUND_MS
from server.scheduler.plan import LEASE_MS
from tests.fakes.office import House, chunks_of, house, new_batch
from tests.fakes.runner import DONE

FAILED = Outcome(state=ExecutionState.FAILED, message="no answer")


@asynccontextmanager
async def leased(path: Path, tasks: int = 1) -> AsyncIterator[tuple[House, Work]]:
    """A house with a batch for runners of one's own, and the first of its tasks as it was leased."""
    async with house(path, tier="pro") as it:
        new = new_batch(kind="external", params={}, attempts=3)
        await it.scheduler.submit("o1", new, chunks_of(tasks))
        (lease,) = await it.scheduler.lease("o1", None, 1, 0)
        await it.scheduler.settled()
        yield it, lease.work


async def says(it: House, work: Work, outcome: Outcome) -> None:
    saying = asyncio.ensure_future(it.scheduler.finish("o1", work.execution, work.fence, outcome))
    await it.scheduler.settled()  # an end may wait for others to share its cycle, and the clock stands still
    await saying


async def standing(it: House) -> list[tuple[str, str, int]]:
    return await it.select(
        "SELECT t.state, e.state, t.losses FROM executions AS e JOIN tasks AS t ON t.id = e.task ORDER BY e.id"
    )


@pytest.mark.parametrize("outcome", [DONE, FAILED, Outcome(state=ExecutionState.CANCELLED, put_back=True)])
async def test_the_same_end_twice_is_recorded_once(tmp_path: Path, outcome: Outcome) -> None:
    async with leased(tmp_path) as (it, work):
        await says(it, work, outcome)
        await says(it, work, outcome)
        assert len(await standing(it)) == 1


async def test_both_at_once_are_recorded_once_and_another_end_is_refused(tmp_path: Path) -> None:
    async with leased(tmp_path) as (it, work):
        said = [says(it, work, DONE), says(it, work, DONE), says(it, work, FAILED)]
        first, second, other = await asyncio.gather(*said, return_exceptions=True)
        assert (first, second) == (None, None)
        assert isinstance(other, StaleTokenError)
        assert await standing(it) == [("done", "done", 0)]


async def test_an_end_said_while_the_loss_is_being_written_is_refused(tmp_path: Path) -> None:
    async with leased(tmp_path) as (it, work):
        running = it.scheduler._index.executions[work.execution]
        it.clock._now_ms += LEASE_MS + ROUND_MS
        it.scheduler._leases.arm(0)
        advancing = asyncio.ensure_future(it.clock.advance(0))
        while not running.reported:  # noqa: ASYNC110 - its loss is planned, and not committed yet
            await asyncio.sleep(0)
        with pytest.raises(StaleTokenError):
            await says(it, work, DONE)
        await advancing
        assert await standing(it) == [("waiting", "lost", 1)]


async def test_who_confirms_a_cancel_twice_is_told_the_same_twice(tmp_path: Path) -> None:
    async with leased(tmp_path) as (it, work):
        await it.scheduler.cancel_task("o1", work.task)
        await says(it, work, FAILED)
        await says(it, work, FAILED)
        assert await standing(it) == [("cancelled", "cancelled", 0)]
        with pytest.raises(StaleTokenError):
            await says(it, work, DONE)


async def test_an_end_whose_answer_was_lost_may_be_said_again_at_once(tmp_path: Path) -> None:
    async with leased(tmp_path) as (it, work):
        it.db.failing = "after"
        with pytest.raises(UnavailableError):
            await says(it, work, DONE)
        it.db.failing = None
        again = asyncio.ensure_future(says(it, work, DONE))
        await it.clock.advance(2_000)
        await asyncio.wait_for(again, 5)
        assert await standing(it) == [("done", "done", 0)]


async def test_an_end_that_the_store_does_not_take_is_told_so_and_recorded_later(tmp_path: Path) -> None:
    async with leased(tmp_path) as (it, work):
        it.db.failing = "before"
        with pytest.raises(UnavailableError):
            await says(it, work, DONE)
        it.db.failing = None
        await it.clock.advance(2_000)
        await says(it, work, DONE)
        assert await standing(it) == [("done", "done", 0)]


async def test_who_says_an_end_that_rows_contradict_is_answered(tmp_path: Path) -> None:
    async with leased(tmp_path) as (it, work):
        async with it.db.write() as tx:
            await tx.conn.exec_driver_sql("UPDATE executions SET fence = fence + 1")
        with pytest.raises(UnavailableError):
            await says(it, work, DONE)
        with pytest.raises(StaleTokenError):
            await says(it, work, DONE)


async def test_what_was_admitted_by_a_commit_whose_answer_was_lost_is_handed_out_at_no_cost(
    tmp_path: Path,
) -> None:
    async with leased(tmp_path, tasks=2) as (it, work):
        it.db.failing = "after"
        asking = asyncio.ensure_future(it.scheduler.lease("o1", None, 1, 30_000))
        while it.scheduler._engine.trouble is None:  # noqa: ASYNC110 - the commit is made, nobody has heard of it
            await asyncio.sleep(0)
        it.db.failing = None
        await it.clock.advance(2_000)
        (lease,) = await asyncio.wait_for(asking, 5)
        assert (lease.work.title, lease.work.fence, lease.work.attempt) == ("Task 1", 2, 1)
        await says(it, lease.work, DONE)
        await says(it, work, DONE)
        assert [losses for _, _, losses in await standing(it)] == [0, 0, 0]


async def test_who_still_asks_when_an_empty_office_is_forgotten_is_given_what_comes(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        await it.scheduler.account("o1")
        asking = asyncio.ensure_future(it.scheduler.lease("o1", None, 1, 300_000))
        await it.clock.advance(1_000)
        it.clock.set_wall(
            it.clock.now_ms() - 3_600_000
        )  # all alarms ring within a minute, that of forgetting among them
        await it.clock.advance(61_000)
        await it.scheduler.submit("o1", new_batch(kind="external", params={}), chunks_of(1))
        await it.clock.advance(0)
        assert asking.done()
        assert len(await asking) == 1


async def test_a_token_of_nothing_is_told_apart_from_one_that_is_too_old(tmp_path: Path) -> None:
    async with leased(tmp_path) as (it, work):
        with pytest.raises(NotFoundError):
            await it.scheduler.finish("o1", "e00000000000", 1, DONE)
        with pytest.raises(StaleTokenError):
            await it.scheduler.finish("o1", work.execution, work.fence + 1, DONE)
        await says(it, work, DONE)
        with pytest.raises(StaleTokenError):
            await it.scheduler.renew("o1", work.execution, work.fence)
