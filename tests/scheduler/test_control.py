"""What people may do to the queue, each through rows, index and news."""

from pathlib import Path

import pytest

from server.errors import AlreadyEndedError, ConflictError, InvalidInputError, NotFoundError
from server.model import BatchState, ExecutionState, Outcome, Reason
from server.scheduler.control import Control
from simulation.inputs import BatchChanged, Ended, OfficeChanged, QueueChanged, SlotsChanged
from tests.fakes.office import House, house

FAILED = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="exit 1")


async def tasks_of(it: House, batch: str) -> list[str]:
    rows = await it.select("SELECT id FROM tasks WHERE batch = :batch ORDER BY position", batch=batch)
    return [task for (task,) in rows]


def queue(it: House) -> QueueChanged:
    return it.bus.of(QueueChanged)[-1]  # type: ignore[return-value]


async def test_a_paused_batch_starts_nothing_and_the_queue_says_so(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        batch = await it.submit(10)
        row = await it.scheduler.pause("o1", batch.id)
        assert (row.state, row.running, row.waiting) == (BatchState.PAUSED, 3, 7)
        await it.minutes(5)
        row = await it.row(batch.id)
        assert (row.state, row.done, row.waiting) == (BatchState.PAUSED, 3, 7)
        assert (queue(it).blocked, queue(it).waiting, row.eta_ms) == ("paused", 7, None)
        await it.scheduler.resume("o1", batch.id)
        await it.minutes(3)
        assert (await it.row(batch.id)).state is BatchState.DONE
        assert queue(it).blocked is None


async def test_a_cancelled_batch_ends_when_its_bodies_have(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        batch = await it.submit(10)
        it.runner.cancel = it.runner.asked.append
        row = await it.scheduler.cancel("o1", batch.id)
        assert (row.state, row.running, row.cancelled, row.cancelling) == (BatchState.RUNNING, 3, 7, True)
        assert sorted(it.runner.asked) == sorted(it.runner.running)
        first, *rest = list(it.runner.running)
        it.runner.end(first)  # done before the signal came: the first committed end wins
        for execution in rest:
            it.runner.end(execution, Outcome(state=ExecutionState.CANCELLED))
        await it.scheduler.settled()
        row = await it.row(batch.id)
        assert (row.state, row.done, row.cancelled) == (BatchState.CANCELLED, 1, 9)
        assert await it.states(batch.id) == {"done": 1, "cancelled": 9}
        with pytest.raises(AlreadyEndedError):
            await it.scheduler.cancel("o1", batch.id)


async def test_a_waiting_task_is_cancelled_at_once_and_never_starts(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        batch = await it.submit(3)
        first, second, third = await tasks_of(it, batch.id)
        await it.scheduler.cancel_task("o1", second)
        assert (await it.row(batch.id)).cancelled == 1
        await it.minutes(2)
        assert [work.task for work in it.runner.begun] == [first, third]
        for task in (first, second):
            with pytest.raises(AlreadyEndedError):
                await it.scheduler.cancel_task("o1", task)


async def test_cancelling_a_running_task_is_a_request(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        batch = await it.submit(2)
        first, _ = await tasks_of(it, batch.id)
        await it.scheduler.cancel_task("o1", first)
        assert (await it.row(batch.id)).running == 1
        await it.clock.advance(1)
        assert [fact.state for fact in it.bus.of(Ended)] == ["cancelled"]
        assert (await it.row(batch.id)).cancelled == 1


async def test_a_task_in_backoff_can_be_cancelled(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", outcome=lambda _work: FAILED) as it:
        batch = await it.submit(1, attempts=3)
        await it.minutes(1)
        (ended,) = it.bus.of(Ended)
        assert ended.retry_ms is not None
        assert ended.retry_ms > it.clock.now_ms()
        await it.scheduler.cancel_task("o1", (await tasks_of(it, batch.id))[0])
        await it.minutes(30)
        assert len(it.runner.begun) == 1
        assert (await it.row(batch.id)).state is BatchState.CANCELLED


async def test_attempts_are_used_up_with_growing_waits_that_hold_no_slot(tmp_path: Path) -> None:
    async with house(
        tmp_path, tier="free", outcome=lambda work: FAILED if work.title == "Task 0" else DONE
    ) as it:
        batch = await it.submit(2, attempts=3)
        await it.minutes(10)
        assert [(work.title[-1], work.attempt, work.fence) for work in it.runner.begun] == [
            ("0", 1, 1), ("1", 1, 1), ("0", 2, 2), ("0", 3, 3),
        ]  # fmt: skip
        row = await it.row(batch.id)
        assert (row.state, row.done, row.failed) == (BatchState.DONE, 1, 1)
        assert await it.select("SELECT reason, message FROM tasks WHERE state = 'failed'") == [
            ("exit", "exit 1")
        ]
        assert await it.select("SELECT used FROM usage") == [(2,)]


DONE = Outcome(state=ExecutionState.DONE)


async def test_retrying_opens_a_finished_batch_again_without_counting_twice(tmp_path: Path) -> None:
    outcomes = iter([FAILED, DONE, FAILED, DONE, DONE])
    async with house(tmp_path, tier="free", outcome=lambda _work: next(outcomes)) as it:
        batch = await it.submit(3)
        await it.minutes(3)
        assert (await it.row(batch.id)).state is BatchState.DONE
        row = await it.scheduler.retry("o1", batch.id)
        assert (row.state, row.failed, row.waiting, row.ended_ms) == (BatchState.QUEUED, 0, 2, None)
        await it.minutes(2)
        row = await it.row(batch.id)
        assert (row.state, row.done, row.failed) == (BatchState.DONE, 3, 0)
        assert await it.select("SELECT used FROM usage") == [(3,)]
        with pytest.raises(ConflictError):
            await it.scheduler.retry("o1", batch.id)


async def test_one_task_can_be_retried_after_it_failed_or_was_cancelled(tmp_path: Path) -> None:
    outcomes = iter([FAILED, DONE])
    async with house(tmp_path, tier="free", outcome=lambda _work: next(outcomes)) as it:
        batch = await it.submit(1)
        (task,) = await tasks_of(it, batch.id)
        with pytest.raises(ConflictError):
            await it.scheduler.retry_task("o1", task)
        await it.minutes(1)
        await it.scheduler.retry_task("o1", task)
        await it.minutes(1)
        assert await it.states(batch.id) == {"done": 1}


async def test_a_batch_that_ended_long_ago_can_still_be_retried(tmp_path: Path) -> None:
    outcomes = iter([FAILED, DONE])
    async with house(tmp_path, tier="free", outcome=lambda _work: next(outcomes)) as it:
        batch = await it.submit(1)
        await it.minutes(200)
        assert it.scheduler._index.offices == {}
        await it.scheduler.retry("o1", batch.id)
        await it.minutes(1)
        assert (await it.row(batch.id)).done == 1


async def test_a_batch_gets_another_name_priority_and_cap(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        batch = await it.submit(30)
        row = await it.scheduler.patch("o1", batch.id, name="New", priority=4, slots=2)
        assert (row.name, row.priority, row.slots) == ("New", 4, 2)
        assert it.bus.of(BatchChanged)[-1].name == "New"
        assert (await it.row(batch.id)).slots == 2
        assert (await it.scheduler.patch("o1", batch.id, slots=0)).slots is None
        for wrong in ({"priority": 3}, {"slots": -1}):
            with pytest.raises(InvalidInputError):
                await it.scheduler.patch("o1", batch.id, **wrong)


async def test_tier_and_name_are_told(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        await it.scheduler.change_tier("a1", "starter")
        await it.scheduler.rename_office("o1", "Acme")
        assert it.bus.of(SlotsChanged) == [SlotsChanged(slots=3)]
        assert it.bus.of(OfficeChanged)[-1] == OfficeChanged(name="Acme", tier="starter")
        assert await it.select("SELECT tier FROM accounts") == [("starter",)]
        with pytest.raises(InvalidInputError):
            await it.scheduler.change_tier("a1", "gold")
        with pytest.raises(NotFoundError):
            await it.scheduler.change_tier("a2", "free")


@pytest.mark.parametrize("call", ["pause", "resume", "cancel", "retry"])
async def test_what_is_not_there_is_not_found(tmp_path: Path, call: str) -> None:
    async with house(tmp_path, offices=2) as it:
        batch = await it.submit(1)
        for office, name in (("o1", "none"), ("o2", batch.id), ("o9", batch.id)):
            with pytest.raises(NotFoundError):
                await getattr(Control(it.scheduler._engine), call)(office, name)


async def test_the_quota_holds_back_says_until_when_and_lets_go_on_an_upgrade(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", quota_enforced=True, lasting=lambda _work: 1_000) as it:
        batch = await it.submit(100)
        await it.minutes(2)
        row = await it.row(batch.id)
        assert (row.done, row.waiting, row.state, row.blocked) == (50, 50, BatchState.WAITING, "quota")
        assert (queue(it).blocked, queue(it).until_ms) == ("quota", row.until_ms)
        await it.scheduler.change_tier("a1", "starter")
        await it.minutes(1)
        assert (await it.row(batch.id)).state is BatchState.DONE


async def test_the_quota_lets_go_by_itself_at_the_turn_of_the_month(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", quota_enforced=True, lasting=lambda _work: 1_000) as it:
        batch = await it.submit(60)
        await it.minutes(2)
        until_ms = (await it.row(batch.id)).until_ms
        assert until_ms is not None
        await it.clock.advance(until_ms - it.clock.now_ms() - 1)
        assert len(it.runner.begun) == 50
        await it.clock.advance(1)
        assert len(it.runner.begun) == 51
        await it.minutes(1)
        assert (await it.row(batch.id)).state is BatchState.DONE
        assert await it.select("SELECT used FROM usage ORDER BY month") == [(50,), (10,)]
