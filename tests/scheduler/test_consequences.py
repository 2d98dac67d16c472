"""After a commit first the index changes, then everyone is told, and only then do bodies begin."""

from pathlib import Path

from server.model import TaskState, Work
from server.scheduler.consequences import OVER
from simulation.inputs import Ended, Started
from tests.fakes.office import house


async def test_a_body_begins_when_its_start_is_in_the_index_and_told(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        seen: list[tuple[bool, bool]] = []
        begin = it.runner.begin

        def begun(work: Work, report: object) -> None:
            told = any(
                fact.execution == work.execution for fact in it.bus.of(Started) if isinstance(fact, Started)
            )
            seen.append((work.execution in it.scheduler._index.executions, told))
            begin(work, report)  # type: ignore[arg-type]

        it.runner.begin = begun  # type: ignore[method-assign]
        await it.submit(2)
        it.runner.end(it.runner.begun[0].execution)
        await it.scheduler.settled()
        assert seen == [(True, True)] * 2
        assert len(it.bus.of(Ended)) == 1


async def test_only_what_is_over_counts_as_throughput(tmp_path: Path) -> None:
    assert {TaskState.DONE, TaskState.FAILED} == OVER
    async with house(tmp_path, tier="free") as it:
        batch = await it.submit(3)
        await it.minutes(1)
        office = it.scheduler._index.offices["o1"]
        assert office.throughput.perhour(it.clock.now_ms()) == 60
        await it.scheduler.cancel("o1", batch.id)
        await it.scheduler.settled()
        assert office.throughput.perhour(it.clock.now_ms()) == 60
