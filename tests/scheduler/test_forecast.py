"""Promises: told again only when they moved, honest about pauses and the quota."""

import sys
from datetime import datetime
from pathlib import Path

import pytest

from server.model import Blocked, ExecutionState, Outcome, Work
from server.scheduler.forecast import due, every_ms, has_moved, mean_ms, reckon, turn_ms
from server.scheduler.throughput import Throughput
from tests.fakes.clock import START_MS
from tests.fakes.office import house
from tests.fakes.runner import DONE

MINUTE = 60_000
FAILED = Outcome(state=ExecutionState.FAILED, message="exit 1")


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        (None, None, False),
        (None, (9, 9), True),
        ((100_000, 100_000), (107_999, 100_000), False),
        ((100_000, 100_000), (100_000, 108_000), True),
        ((1_000_000, 1_000_000), (1_020_000, 1_020_000), False),  # 3 % of the rest is more than 8 s here
        ((1_000_000, 1_000_000), (1_040_000, 1_040_000), True),
    ],
)
def test_a_promise_is_told_again_when_it_moved_by_eight_seconds_and_three_percent(
    before, after, moved
) -> None:
    assert has_moved(before, after, 0) is moved


async def test_a_batch_that_just_came_is_promised_from_an_assumed_minute_a_task(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        batch = await it.submit(100)
        eta = it.scheduler.eta("o1", batch.id)
        assert eta is not None
        assert eta[0] == START_MS + 34 * MINUTE


async def test_measured_durations_take_over_and_the_promise_is_kept(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: 6_000) as it:
        batch = await it.submit(100)
        await it.minutes(1)
        assert mean_ms(it.scheduler._index.offices["o1"]) == 6_000
        eta = it.scheduler.eta("o1", batch.id)
        await it.minutes(4)
        ended_ms = (await it.row(batch.id)).ended_ms
        assert eta is not None
        assert ended_ms is not None
        assert abs(eta[0] - ended_ms) <= 8_000
        assert it.scheduler.eta("o1", batch.id) is None


async def test_paused_batches_promise_nothing_and_the_others_speed_up(tmp_path: Path) -> None:
    async with house(tmp_path, tier="pro") as it:
        first, second = await it.submit(100), await it.submit(100)
        await it.minutes(0.1)
        before = it.scheduler.eta("o1", second.id)
        await it.scheduler.pause("o1", first.id)
        await it.minutes(0.1)
        after = it.scheduler.eta("o1", second.id)
        assert it.scheduler.eta("o1", first.id) is None
        assert before is not None
        assert after is not None
        assert after[0] < before[0]


async def test_what_the_quota_holds_back_is_promised_after_the_months_turn(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", quota_enforced=True) as it:
        batch = await it.submit(100)
        eta = it.scheduler.eta("o1", batch.id)
        resets_ms = (await it.scheduler.account("o1")).resets_ms
        assert eta is not None
        assert eta[0] > resets_ms
        assert (await it.row(batch.id)).blocked is not Blocked.CAPACITY


async def test_forecasts_are_made_once_a_second_at_most(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.submit(10)
        office = it.scheduler._index.offices["o1"]
        reckon(it.scheduler._index, office, START_MS)
        assert not due(office, START_MS + 999, 1)
        assert due(office, START_MS + 1_000, 1)


async def test_durations_are_kept_by_batch_and_outlive_an_office_that_is_read_again(tmp_path: Path) -> None:
    async with house(tmp_path, lasting=lambda _work: 6_000) as it:
        batch = await it.submit(100)
        await it.minutes(0.5)
        office = it.scheduler._index.offices["o1"]
        kept = office.throughput.paces._of[batch.id].durations
        assert kept.measured == office.batches[batch.id].figures.measured > 0
        it.scheduler._engine.stale.add("o1")
        it.scheduler._engine.wake()
        await it.minutes(0.2)
        again = it.scheduler._index.offices["o1"]
        assert again is not office
        assert again.throughput.paces._of[batch.id].durations is kept


async def test_a_forecast_goes_on_after_a_restart_with_what_the_store_knows(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: 6_000) as it:
        batch = await it.submit(100)
        await it.minutes(1)
        before = it.scheduler.eta("o1", batch.id)
        index, office = it.scheduler._index, it.scheduler._index.offices["o1"]
        office.throughput = Throughput()  # all that is in memory alone
        reckon(index, office, it.clock.now_ms())
        after = it.scheduler.eta("o1", batch.id)
        assert before is not None
        assert after is not None
        assert abs(after[0] - before[0]) < 0.2 * (before[0] - START_MS)


async def test_a_paused_batch_holds_its_slots_until_what_it_runs_has_ended(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        first = await it.submit(3)
        await it.minutes(0.1)
        second = await it.submit(3)
        await it.scheduler.pause("o1", first.id)
        await it.minutes(0.1)
        eta = it.scheduler.eta("o1", second.id)
        assert it.scheduler.eta("o1", first.id) is None
        assert eta is not None
        assert eta[0] >= START_MS + 2 * MINUTE - 1_000


async def test_a_list_beyond_several_quotas_is_promised_for_the_month_that_lets_it_end(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, tier="free", quota_enforced=True) as it:
        batch = await it.submit(220)
        eta = it.scheduler.eta("o1", batch.id)
        assert eta is not None
        assert eta[0] == turn_ms("2026-11", 4) + 20 * MINUTE


@pytest.mark.parametrize(
    ("month", "months", "turn"), [("2026-11", 1, "2026-12-01"), ("2026-11", 2, "2027-01-01"), ("2026-12", 13, "2028-01-01")]
)  # fmt: skip
def test_turns_of_months_are_counted_over_years(month: str, months: int, turn: str) -> None:
    assert turn_ms(month, months) == datetime.fromisoformat(f"{turn}T00:00:00+00:00").timestamp() * 1000


async def test_failures_that_are_tried_again_are_reckoned_with(tmp_path: Path) -> None:
    def outcome(work: Work) -> Outcome:
        return DONE if work.attempt > 1 else FAILED

    async with house(tmp_path, tier="starter", lasting=lambda _work: 6_000, outcome=outcome) as it:
        batch = await it.submit(90, attempts=3)
        await it.minutes(3)
        office = it.scheduler._index.offices["o1"]
        assert mean_ms(office) == pytest.approx(12_000, rel=0.2)
        eta = it.scheduler.eta("o1", batch.id)
        await it.minutes(6)
        ended_ms = (await it.row(batch.id)).ended_ms
        assert eta is not None
        assert ended_ms is not None
        assert abs(eta[0] - ended_ms) < 0.15 * (ended_ms - START_MS - 3 * MINUTE)


async def test_a_provider_that_wants_to_hear_nothing_delays_the_promise(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        batch = await it.submit(10)
        index, office = it.scheduler._index, it.scheduler._index.offices["o1"]
        figures = office.batches[batch.id].figures
        before = it.scheduler.eta("o1", batch.id)
        figures.blocked, figures.until_ms = Blocked.RATELIMIT, START_MS + 100_000
        reckon(index, office, START_MS)
        after = it.scheduler.eta("o1", batch.id)
        assert before is not None
        assert after is not None
        assert after[0] == before[0] + 100_000


async def test_a_forecast_of_sixty_batches_takes_a_limited_number_of_calls(tmp_path: Path) -> None:
    async with house(tmp_path, lasting=lambda work: 20_000 + 1_000 * (len(work.task) % 7)) as it:
        for _ in range(60):
            await it.submit(20)
        await it.minutes(10)
        index, office = it.scheduler._index, it.scheduler._index.offices["o1"]
        calls = []
        profile = sys.getprofile()
        sys.setprofile(lambda _frame, event, _arg: calls.append(event))
        try:
            reckon(index, office, it.clock.now_ms())
        finally:
            sys.setprofile(profile)
        # Time is not measured in tests, calls are; some 170 a batch with what runs, and fresh curves for a few.
        assert len(calls) / 2 < 60 * 600


def test_many_offices_are_forecast_less_often_each_and_no_office_seldom() -> None:
    assert [every_ms(offices) for offices in (0, 1, 100, 101, 500, 1_000, 50_000)] == [
        1_000, 1_000, 1_000, 1_010, 5_000, 10_000, 10_000,
    ]  # fmt: skip
