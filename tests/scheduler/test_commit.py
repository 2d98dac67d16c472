"""A plan becomes rows in the same few statements, whatever the number of its changes."""

from pathlib import Path

import pytest

from server.model import ExecutionState, Outcome
from server.scheduler import commit
from server.scheduler.plan import End, Plan
from server.store import statements
from tests.fakes.office import house


@pytest.mark.parametrize("count", [1, 50])
async def test_a_cycle_takes_the_same_statements_for_one_task_and_for_fifty(
    tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, tier="enterprise", lasting=lambda _work: None) as it:
        await it.submit(1_000)
        executed: list[str] = []
        driver = statements._sqlite

        def counting(conn):
            executed.append("statement")
            return driver(conn)

        monkeypatch.setattr(statements, "_sqlite", counting)
        for execution in list(it.runner.running)[:count]:
            it.runner.end(execution)
        await it.scheduler.settled()
        assert len(executed) <= 9
        assert len(it.runner.begun) == 50 + count


async def test_rows_that_are_not_what_the_index_says_stop_the_cycle(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        await it.submit(3)
        done = Outcome(state=ExecutionState.DONE)
        ends = [
            End(running=running, outcome=done, at_ms=0) for running in it.scheduler._index.executions.values()
        ]
        async with it.db.write() as tx:
            await tx.conn.exec_driver_sql("UPDATE executions SET fence = 7")
            with pytest.raises(commit.OutOfStepError, match="3 were not") as caught:
                await commit.write_ends(tx.conn, Plan(it.scheduler._index, 0), ends)
            await tx.conn.exec_driver_sql("UPDATE executions SET fence = 1")
        assert caught.value.offices == {"o1"}
