"""S7: a house starts with 500,000 tasks in its queue: how soon something runs, and what it takes in memory."""

import time
from pathlib import Path
from statistics import median

from bench.fill import Filling, queue_up
from bench.house import copy_of, folder, serving
from bench.meter import peak_mb
from bench.rows import Row, number
from bench.stores import open_accounts

REPEATS = 5
OFFICES = 100
BATCHES = 5
TASKS = 1_000
AFTER_S = 1
WITHIN_S = 60
FIRST = "SELECT min(started_ms) FROM executions"


def restarts(repeats: int = REPEATS, tasks: int = TASKS) -> list[Row]:
    """S7, against the same house with an empty queue."""
    from_process, from_open, extra = [], [], []
    with folder() as empty, folder() as full:
        for data in (empty, full):
            open_accounts(data, OFFICES, "starter", slots=None)
        queue_up(full, [Filling(office=n, batches=BATCHES, tasks=tasks, body="hour") for n in range(OFFICES)])
        for _ in range(repeats):
            bare_mb = _idle_mb(empty)
            with copy_of(full) as data, serving(data) as house:
                house.await_rows(FIRST, 1, within_s=WITHIN_S, every_s=0.02)
                first_s = house.rows(FIRST)[0][0] / 1000
                time.sleep(AFTER_S)
                extra.append(peak_mb(house.pid) - bare_mb)
                from_process.append(first_s - house.begun_s)
                from_open.append(first_s - _opened_s(data))
    queued = (
        f"restart with {OFFICES * BATCHES * tasks:,} queued tasks ({OFFICES} offices, {BATCHES} batches each)"
    )
    return [
        Row(
            id="S7", what=f"{queued}: from the process's start to the first start of a task", unit="s",
            values=from_process, bar=1, notes=f"{number(median(from_open))} s of them from when the data folder is locked; the store's file is in the page cache",
        ),
        Row(id="S7 open", what=f"{queued}: from the folder's lock to the first start", unit="s", values=from_open),
        Row(
            id="S7 memory", what=f"{queued}: memory at its peak, more than with an empty queue", unit="MB",
            values=extra, bar=64,
        ),
    ]  # fmt: skip


def _idle_mb(template: Path) -> float:
    with copy_of(template) as data, serving(data) as house:
        time.sleep(AFTER_S)
        return peak_mb(house.pid)


def _opened_s(data: Path) -> float:
    """When the lock was taken: the copy had no such file, and nobody writes to it."""
    return (data / "lock").stat().st_mtime
