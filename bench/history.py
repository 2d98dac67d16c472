"""S8: what a task costs in a store with 1,000,000 tasks, against one with 1,000, all of one office and done."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.fill import Filling, live_through
from bench.house import folder, serving
from bench.rows import Row, number
from bench.stores import CLOSED, csv_of, open_accounts, open_slots
from bench.throughput import Pace, pace

REPEATS = 5
FEW = 1_000
MANY = 1_000_000
BATCH = 10_000
TASKS = 10_000
DONE = "SELECT sum(done) FROM batches"


@contextmanager
def lived(tasks: int) -> Iterator[tuple[Path, str]]:
    """A store in which so many tasks are done, and the token of its office."""
    with folder() as data:
        (token,) = open_accounts(data, 1, "enterprise")
        each = min(tasks, BATCH)
        live_through(data, [Filling(office=0, batches=tasks // each, tasks=each, body="nothing")])
        yield data, token


def measured(data: Path, token: str) -> Pace:
    """Hand tasks in over HTTP, and measure them in a house that was started anew. They stay in the store."""
    open_slots(data, CLOSED)
    with serving(data) as house:
        house.submit(token, "nothing", csv_of(TASKS))
        total = house.rows(DONE)[0][0] + TASKS
        house.stop()
    open_slots(data)
    with serving(data) as house:
        found = pace(house, total)
        house.stop()
    return found


def histories(repeats: int = REPEATS, many: int = MANY) -> list[Row]:
    """S8, small and large by turns; the small store is a fresh one each time, the large one goes on."""
    cost, wall, few_us, many_us = [], [], [], []
    with lived(FEW) as (small, small_token), lived(many) as (large, large_token), folder() as place:
        for turn in range(repeats):
            copy = place / str(turn)
            shutil.copytree(small, copy)
            few, much = measured(copy, small_token), measured(large, large_token)
            few_us.append(few.task_us)
            many_us.append(much.task_us)
            cost.append(much.task_us / few.task_us)
            wall.append(few.tasks_s / much.tasks_s)
    what = f"cost per task at {many:,} tasks in the store ÷ at {FEW:,}"
    notes = (
        f"{number(median(many_us))} µs at {many:,}, {number(median(few_us))} µs at {FEW:,}; one office, all of its tasks "
        f"done; {TASKS:,} no-op tasks more"
    )
    return [
        Row(id="S8", what=f"{what}, processor time", unit="", values=cost, bar=1.3, notes=notes),
        Row(id="S8 wall", what=f"{what}, wall time", unit="", values=wall, bar=1.3),
    ]
