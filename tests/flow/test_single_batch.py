"""One batch from its submission to its end, on a fake clock, with tasks of a minute each."""

import math
from pathlib import Path

import pytest

from server.model import BatchState
from simulation.inputs import Ended, Started
from tests.fakes.clock import START_MS
from tests.fakes.office import house


async def test_five_tasks_on_free_end_one_after_another_at_five_minutes(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        batch = await it.submit(5)
        await it.minutes(5)
        row = await it.row(batch.id)
        assert (row.state, row.done, row.ended_ms) == (BatchState.DONE, 5, START_MS + 5 * 60_000)
        assert it.runner.most == 1
        begun = [fact.at_ms - START_MS for fact in it.bus.of(Started)]
        ended = [fact.at_ms - START_MS for fact in it.bus.of(Ended)]
        assert begun == [minute * 60_000 for minute in range(5)]
        assert ended == [minute * 60_000 for minute in range(1, 6)]
        assert [work.title for work in it.runner.begun] == [f"Task {number}" for number in range(5)]


@pytest.mark.parametrize(("tier", "slots"), [("free", 1), ("starter", 3), ("pro", 10)])
async def test_a_hundred_tasks_take_the_rounds_that_the_slots_need(
    tmp_path: Path, tier: str, slots: int
) -> None:
    minutes = math.ceil(100 / slots)
    async with house(tmp_path, tier=tier) as it:
        batch = await it.submit(100)
        await it.minutes(minutes - 0.01)
        assert (await it.row(batch.id)).state is BatchState.RUNNING
        await it.minutes(0.01)
        row = await it.row(batch.id)
        assert (row.state, row.done) == (BatchState.DONE, 100)
        assert row.ended_ms == START_MS + minutes * 60_000
        assert it.runner.most == slots
        assert await it.states(batch.id) == {"done": 100}
