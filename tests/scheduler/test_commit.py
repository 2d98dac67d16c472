"""A plan becomes rows in the same few statements and one trip, whatever the number of its changes."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from server.model import ExecutionState, Outcome
from server.scheduler import commit
from server.scheduler.plan import End, Plan
from server.store.ids import Ids
from server.store.statements import Row, Statement
from tests.fakes.office import house


@pytest.mark.parametrize("count", [1, 50])
async def test_a_cycle_takes_one_trip_and_the_same_statements_for_one_task_and_for_fifty(
    tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, tier="enterprise", lasting=lambda _work: None) as it:
        await it.submit(1_000)
        trips: list[int] = []
        through = commit.carry_out

        async def counting(conn: AsyncConnection, statements: Sequence[Statement]) -> list[list[Row]]:
            trips.append(len(statements))
            return await through(conn, statements)

        monkeypatch.setattr(commit, "carry_out", counting)
        for execution in list(it.runner.running)[:count]:
            it.runner.end(execution)
        await it.scheduler.settled()
        assert len(trips) == 1
        assert trips[0] in {7, 8}  # with or without reading ahead
        assert len(it.runner.begun) == 50 + count


async def test_rows_that_are_not_what_the_index_says_stop_the_cycle(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        await it.submit(3)
        done = Outcome(state=ExecutionState.DONE)
        plan = Plan(it.scheduler._index, 0)
        plan.end(
            [
                End(running=running, outcome=done, at_ms=0)
                for running in it.scheduler._index.executions.values()
            ]
        )
        with pytest.raises(commit.OutOfStepError, match="3 were not") as caught:
            async with it.db.write() as tx:
                await tx.conn.exec_driver_sql("UPDATE executions SET fence = 7")
                await commit.write(tx.conn, plan, Ids(it.clock))
        assert caught.value.offices == {"o1"}
