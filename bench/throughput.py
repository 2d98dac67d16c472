"""S1 and S2: durable tasks a second, in one office with 50 slots and in 1,000 offices with 3 each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.house import ServedHouse, copy_of, folder, serving
from bench.meter import Meter
from bench.rows import Row, number
from bench.stores import csv_of, open_accounts, open_slots

REPEATS = 5
TASKS = 30_000
OFFICES = 1_000
DONE = "SELECT sum(done) FROM batches"
WITHIN_S = 120
QUOTA = {"quota": "enforce"}


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Tasks a second, and microseconds of processor time a task: of all threads, and of the event loop's alone."""

    tasks_s: float
    task_us: float
    loop_us: float


@contextmanager
def queued(offices: int, tier: str, tasks: int, body: str) -> Iterator[Path]:
    """A data folder in which every office has a batch of tasks, handed in over HTTP while nobody had a slot."""
    with folder() as data:
        tokens = open_accounts(data, offices, tier)
        with serving(data, **QUOTA) as house:
            rows = csv_of(tasks // offices)
            for token in tokens:
                house.submit(token, body, rows)
            house.stop()
        open_slots(data)
        yield data


def pace(house: ServedHouse, total: int) -> Pace:
    """Measure from when the house answers to the last end, as its rows have it; what ended before does not count."""
    with Meter(house.pid) as meter:
        house.await_rows(DONE, total, within_s=WITHIN_S)
    ready_ms = house.ready_s * 1000
    sql = "SELECT count(*), max(ended_ms) FROM executions WHERE ended_ms > ?"
    ((ended, last_ms),) = house.rows(sql, ready_ms)
    took_s = (last_ms - ready_ms) / 1000
    used = meter.used_s(house.ready_s, last_ms / 1000), meter.used_by_main_s(house.ready_s, last_ms / 1000)
    return Pace(tasks_s=ended / took_s, task_us=used[0] / ended * 1e6, loop_us=used[1] / ended * 1e6)


def paces(offices: int, tier: str, tasks: int = TASKS, repeats: int = REPEATS) -> list[Pace]:
    """Hand the tasks in once, and measure several times, each time with a copy of that store."""
    found = []
    with queued(offices, tier, tasks, "nothing") as template:
        for _ in range(repeats):
            with copy_of(template) as data, serving(data, **QUOTA) as house:
                found.append(pace(house, tasks // offices * offices))
    return found


def row(id_: str, what: str, found: list[Pace]) -> Row:
    """The row of a list of measurements, with the processor time in its notes."""
    task_us = sorted(one.task_us for one in found)[len(found) // 2]
    loop_us = sorted(one.loop_us for one in found)[len(found) // 2]
    return Row(
        id=id_, what=what, unit="tasks/s", values=[one.tasks_s for one in found], bar=10_000, more_is_better=True,
        notes=f"{number(task_us)} µs of processor time a task, {number(loop_us)} of them in the event loop's thread",
    )  # fmt: skip


def one_office() -> list[Row]:
    """S1."""
    return [row("S1", "durable tasks, one office with 50 slots", paces(1, "enterprise"))]


def many_offices() -> list[Row]:
    """S2."""
    return [row("S2", f"durable tasks, {OFFICES:,} offices with 3 slots each", paces(OFFICES, "starter"))]
