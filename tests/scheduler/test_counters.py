"""What the scheduler counts is what happened."""

from pathlib import Path

from server.model import ExecutionState, Outcome
from server.scheduler.leases import ROUND_MS
from server.scheduler.plan import LEASE_MS
from tests.fakes.office import house


async def test_admissions_ends_by_state_and_what_waits_and_runs(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        await it.submit(4)
        figures = it.scheduler.figures()
        assert (figures.offices, figures.waiting, figures.running, figures.admissions_total) == (1, 3, 1, 1)
        for state in (
            ExecutionState.DONE,
            ExecutionState.FAILED,
            ExecutionState.DONE,
            ExecutionState.CANCELLED,
        ):
            work = it.runner.begun[-1]
            it.runner.running.pop(work.execution, None)
            it.scheduler.reports.ended(work.execution, work.fence, Outcome(state=state))
            await it.scheduler.settled()
        figures = it.scheduler.figures()
        assert (figures.waiting, figures.running, figures.admissions_total) == (0, 0, 4)
        assert figures.ends_total == {"done": 2, "failed": 1, "cancelled": 1, "lost": 0}
        assert figures.cycles_total >= 5
        assert (figures.failures_total, figures.leases_lost_total) == (0, 0)


async def test_an_end_that_is_told_twice_counts_once(tmp_path: Path) -> None:
    async with house(tmp_path, lasting=lambda _work: None) as it:
        await it.submit(1)
        (work,) = it.runner.begun
        for _ in range(2):
            it.scheduler.reports.ended(work.execution, work.fence, Outcome(state=ExecutionState.DONE))
            await it.scheduler.settled()
        assert it.scheduler.figures().ends_total[ExecutionState.DONE] == 1


async def test_a_lease_that_ran_out_counts_and_so_does_the_execution_that_was_lost(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        await it.submit(1)
        it.runner.running.clear()
        await it.clock.advance(LEASE_MS + ROUND_MS)
        figures = it.scheduler.figures()
        assert (figures.leases_lost_total, figures.ends_total[ExecutionState.LOST]) == (1, 1)


async def test_cycles_that_the_store_does_not_take_count_until_it_does(tmp_path: Path) -> None:
    async with house(tmp_path, lasting=lambda _work: None) as it:
        await it.submit(2)
        cycles = it.scheduler.figures().cycles_total
        it.db.failing = "before"
        it.runner.end(it.runner.begun[0].execution)
        await it.scheduler.settled()
        figures = it.scheduler.figures()
        assert (figures.cycles_total, figures.failures_total, figures.troubled) == (cycles, 1, True)
        assert figures.ends_total[ExecutionState.DONE] == 0
        it.db.failing = None
        await it.clock.advance(1_000)
        figures = it.scheduler.figures()
        assert (figures.failures_total, figures.troubled, figures.ends_total[ExecutionState.DONE]) == (
            1,
            False,
            1,
        )
