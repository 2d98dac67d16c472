"""The shared state: rows are read again when memory cannot be trusted, and what is over is forgotten."""

from pathlib import Path

import pytest

from server.errors import UnavailableError
from server.scheduler import forecast
from server.scheduler.engine import Engine
from server.scheduler.load import SHOWN_MS
from simulation.inputs import QueueChanged
from tests.fakes.office import house


async def test_a_change_whose_answer_was_lost_is_read_from_rows(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        batch = await it.submit(10)
        it.db.failing = "after"
        with pytest.raises(UnavailableError):
            await it.scheduler.pause("o1", batch.id)
        it.db.failing = None
        await it.clock.advance(2_000)
        assert it.scheduler._index.offices["o1"].batches[batch.id].figures.state == "paused"
        await it.minutes(2)
        assert len(it.runner.begun) == 3


async def test_an_office_is_forgotten_an_hour_after_its_last_batch(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        batch = await it.submit(1)
        await it.minutes(1)
        await it.clock.advance(SHOWN_MS - 1)
        assert batch.id in it.scheduler._index.offices["o1"].batches
        await it.clock.advance(60_000)
        assert it.scheduler._index.offices == {}
        await it.submit(1)
        assert len(it.runner.begun) == 2


async def test_rows_and_records_say_the_same(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        batch = await it.submit(30)
        engine = it.scheduler._engine
        assert isinstance(engine, Engine)
        office = engine.index.offices["o1"]
        said = engine.row(office, office.batches[batch.id])
        assert said.eta_ms is not None
        stored = await it.row(batch.id)
        assert {name: getattr(said, name) for name in stored.__dataclass_fields__ if name != "eta_ms"} == {
            name: getattr(stored, name) for name in stored.__dataclass_fields__ if name != "eta_ms"
        }


async def test_a_promise_is_made_anew_while_the_last_task_hangs(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        await it.submit(2)
        it.runner.end(it.runner.begun[0].execution)
        await it.clock.advance(1_200_000)
        told = it.bus.of(QueueChanged)[-1]
        assert isinstance(told, QueueChanged)
        assert told.eta_ms is not None
        assert told.eta_ms[1] > it.clock.now_ms() - forecast.REFRESH_MS
