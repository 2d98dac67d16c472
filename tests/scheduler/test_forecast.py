"""Promises: told again only when they moved, honest about pauses and the quota."""

from pathlib import Path

import pytest

from server.model import Blocked
from server.scheduler.forecast import due, has_moved, mean_ms, reckon
from tests.fakes.clock import START_MS
from tests.fakes.office import house

MINUTE = 60_000


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
        assert not due(office, START_MS + 999)
        assert due(office, START_MS + 1_000)
