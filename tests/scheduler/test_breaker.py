"""Ten equal failures in a row pause a batch, with the reason; anything else does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.model import BatchState, ExecutionState, Outcome, Reason
from server.scheduler.breaker import STREAK_MAX, Streak
from tests.fakes.office import house

DONE = Outcome(state=ExecutionState.DONE, result=b"1")


def failure(message: str = "exit 1: invalid key", reason: Reason = Reason.EXIT, **more: bool) -> Outcome:
    return Outcome(state=ExecutionState.FAILED, reason=reason, message=message, **more)


def said_of(outcomes: list[Outcome]) -> list[str | None]:
    streak = Streak()
    return [streak.hear(outcome) for outcome in outcomes]


def test_the_tenth_equal_failure_says_why() -> None:
    said = said_of([failure()] * STREAK_MAX)
    assert said[:-1] == [None] * 9
    assert said[-1] == "10 equal failures in a row: exit 1: invalid key"


def test_numbers_in_a_message_make_no_difference() -> None:
    outcomes = [failure(f"exit 1: request req_{n:04x}f at line {n} refused") for n in range(STREAK_MAX)]
    assert said_of(outcomes)[-1] is not None


@pytest.mark.parametrize(
    "other", [DONE, failure("exit 1: out of memory"), failure(reason=Reason.TIMEOUT)], ids=["done", "words", "reason"]
)  # fmt: skip
def test_anything_else_in_between_begins_anew(other: Outcome) -> None:
    assert said_of([failure()] * 9 + [other] + [failure()] * 9) == [None] * 19


@pytest.mark.parametrize("state", [ExecutionState.CANCELLED, ExecutionState.LOST])
def test_what_was_cancelled_or_lost_says_nothing(state: ExecutionState) -> None:
    said = said_of([failure()] * 9 + [Outcome(state=state)] + [failure()])
    assert said[-1] is not None


async def test_a_batch_with_a_wrong_key_pauses_with_its_reason_and_goes_on_when_it_is_resumed(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, tier="starter", outcome=lambda _work: failure()) as it:
        batch = await it.submit(100)
        other = await it.submit(4, name="Other", attempts=1)
        await it.minutes(60)
        row = await it.row(batch.id)
        assert (row.state, row.reason) == (
            BatchState.PAUSED,
            "10 equal failures in a row: exit 1: invalid key",
        )
        assert STREAK_MAX <= row.failed < STREAK_MAX + 3  # what ran beside the tenth ends as it does
        assert (await it.row(other.id)).state is BatchState.DONE  # four failures are no streak
        await it.scheduler.resume("o1", batch.id)
        await it.scheduler.settled()
        resumed = await it.row(batch.id)
        assert (resumed.state, resumed.reason) == (BatchState.RUNNING, None)
        await it.minutes(60)
        assert (await it.row(batch.id)).failed < 2 * (STREAK_MAX + 3)


async def test_attempts_that_are_tried_again_count_too(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", outcome=lambda _work: failure()) as it:
        batch = await it.submit(100, attempts=3)
        await it.minutes(60)
        row = await it.row(batch.id)
        assert row.state is BatchState.PAUSED
        assert len(it.runner.begun) == STREAK_MAX


async def test_a_batch_that_has_nothing_left_to_hold_back_just_ends(tmp_path: Path) -> None:
    async with house(tmp_path, outcome=lambda _work: failure()) as it:
        batch = await it.submit(10)
        await it.minutes(5)
        row = await it.row(batch.id)
        assert (row.state, row.reason, row.failed) == (BatchState.DONE, None, 10)


async def test_a_body_that_says_that_no_other_can_do_better_pauses_at_once_and_costs_nothing(
    tmp_path: Path,
) -> None:
    outcomes: Iterator[Outcome] = iter([failure("the values of KEY are gone; submit again", halts=True)])
    async with house(tmp_path, tier="free", outcome=lambda _work: next(outcomes, DONE)) as it:
        batch = await it.submit(3)
        await it.minutes(5)
        row = await it.row(batch.id)
        assert (row.state, row.reason) == (BatchState.PAUSED, "the values of KEY are gone; submit again")
        assert (row.failed, row.waiting, row.running) == (0, 3, 0)
        await it.scheduler.resume("o1", batch.id)
        await it.minutes(5)
        attempts = await it.select("SELECT attempt FROM tasks ORDER BY position")
        assert attempts == [(1,), (1,), (1,)]
        assert [work.attempt for work in it.runner.begun] == [1, 1, 1, 1]


@pytest.mark.parametrize("halts", [True, False])
async def test_what_began_before_somebody_resumed_pauses_nothing_any_more(
    tmp_path: Path, *, halts: bool
) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        batch = await it.submit(100, attempts=1)
        for _ in range(1 if halts else STREAK_MAX):
            it.runner.end(next(iter(it.runner.running)), failure("no module named x", halts=halts))
            await it.scheduler.settled()
        assert (await it.row(batch.id)).state is BatchState.PAUSED
        before = list(it.runner.running)
        assert before
        await it.scheduler.resume("o1", batch.id)
        for token in before:
            it.runner.end(token, failure("no module named x", halts=True))
        await it.scheduler.settled()
        assert (await it.row(batch.id)).state is BatchState.RUNNING
        it.runner.end(next(iter(it.runner.running)), failure("no module named x", halts=True))
        await it.scheduler.settled()
        row = await it.row(batch.id)
        assert (row.state, row.reason) == (BatchState.PAUSED, "no module named x")


async def test_a_store_that_fails_once_ends_no_streak_and_counts_nothing_twice(tmp_path: Path) -> None:
    async with house(
        tmp_path, tier="free", lasting=lambda _work: None, outcome=lambda _work: failure()
    ) as it:
        batch = await it.submit(30)
        for failed in range(1, 11):
            assert (await it.row(batch.id)).reason is None
            it.db.failing = "before" if failed % 3 == 0 else None
            it.runner.end(next(iter(it.runner.running)), failure())
            await it.scheduler.settled()
            it.db.failing = None
            await it.clock.advance(2_000)
            assert (await it.row(batch.id)).failed == failed
        assert (await it.row(batch.id)).reason == "10 equal failures in a row: exit 1: invalid key"


async def test_the_reason_outlives_a_restart(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", outcome=lambda _work: failure()) as it:
        batch = await it.submit(100)
        await it.minutes(60)
        (row,) = await it.select("SELECT state, reason FROM batches WHERE id = :id", id=batch.id)
        assert row == ("paused", "10 equal failures in a row: exit 1: invalid key")
