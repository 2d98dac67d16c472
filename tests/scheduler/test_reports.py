"""Reports under the newest fence are told and kept; all others change nothing. (More of it: test_cycle, test_events.)"""

from pathlib import Path

import pytest

from server.executions.contract import Report
from server.scheduler.reports import Reports
from simulation.inputs import Progressed, Waiting
from tests.fakes.office import house
from tests.fakes.runner import DONE


@pytest.mark.parametrize("late", [-1, 1])
async def test_another_fence_changes_nothing(tmp_path: Path, late: int) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        batch = await it.submit(1)
        (work,) = it.runner.begun
        reports: Report = it.scheduler.reports
        assert isinstance(reports, Reports)
        reports.progressed(work.execution, work.fence + late, 500, None, "half way")
        reports.waiting(work.execution, work.fence + late, 5)
        assert reports.reserve(work.execution, work.fence + late, "key", 1) == 0
        reports.ended(work.execution, work.fence + late, DONE)
        await it.scheduler.settled()
        assert (it.bus.of(Progressed), it.bus.of(Waiting)) == ([], [])
        assert (await it.row(batch.id)).running == 1


async def test_the_first_end_counts(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        batch = await it.submit(2)
        (work,) = it.runner.begun
        for _ in range(3):
            it.scheduler.reports.ended(work.execution, work.fence, DONE)
        await it.scheduler.settled()
        assert (await it.row(batch.id)).done == 1
