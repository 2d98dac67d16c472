"""S1 and S2: durable tasks a second, in one office with 50 slots and in 1,000 offices with 3 each."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.house import ServedHouse, copy_of, folder, serving, watched
from bench.meter import Meter
from bench.rows import Row, number
from bench.stores import csv_of, open_accounts, open_slots

REPEATS = 5
TASKS = 30_000
OFFICES = 1_000
DONE = "SELECT sum(done) FROM batches"
WITHIN_S = 120
ENDED = "SELECT count(*), max(ended_ms) FROM executions WHERE ended_ms > ?"
QUOTA = {"quota": "enforce"}


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Tasks a second, and microseconds of processor time a task: of all threads, and of the event loop's alone."""

    tasks_s: float
    task_us: float
    loop_us: float


@contextmanager
def queued(offices: int, tier: str, tasks: int, body: str) -> Iterator[tuple[Path, list[str]]]:
    """A data folder in which every office has a batch of tasks, handed in over HTTP while nobody had a slot; the tokens."""
    with folder() as data:
        tokens = open_accounts(data, offices, tier)
        with serving(data, **QUOTA) as house:
            rows = csv_of(tasks // offices)
            for token in tokens:
                house.submit(token, body, rows)
            house.stop()
        open_slots(data)
        yield data, tokens


def pace(house: ServedHouse, total: int) -> Pace:
    """Measure from now to the last end, as the house's rows have it; what ended before does not count."""
    from_s = time.time()
    with Meter(house.pid) as meter:
        house.await_rows(DONE, total, within_s=WITHIN_S)
    ((ended, last_ms),) = house.rows(ENDED, from_s * 1000)
    to_s = last_ms / 1000
    used_s, loop_s = meter.used_s(from_s, to_s), meter.used_by_main_s(from_s, to_s)
    return Pace(tasks_s=ended / (to_s - from_s), task_us=used_s / ended * 1e6, loop_us=loop_s / ended * 1e6)


def paces(offices: int, tier: str, *, seen: bool, tasks: int = TASKS, repeats: int = REPEATS) -> list[Pace]:
    """Hand the tasks in once, and measure several times, each time with a copy of that store.

    `seen`: somebody looks at the first office meanwhile.
    """
    found = []
    with queued(offices, tier, tasks, "nothing") as (template, tokens):
        for _ in range(repeats):
            with (
                copy_of(template) as data,
                serving(data, **QUOTA) as house,
                watched(house, tokens[0]) if seen else nullcontext(),
            ):
                found.append(pace(house, tasks // offices * offices))
    return found


def row(id_: str, what: str, found: list[Pace]) -> Row:
    """The row of a list of measurements, with the processor time in its notes."""
    task_us, loop_us = median(one.task_us for one in found), median(one.loop_us for one in found)
    return Row(
        id=id_, what=what, unit="tasks/s", values=[one.tasks_s for one in found], bar=10_000, more_is_better=True,
        notes=f"{number(task_us)} µs of processor time a task, {number(loop_us)} of them in the event loop's thread",
    )  # fmt: skip


def one_office() -> list[Row]:
    """S1, while somebody has the office's page open, and while nobody has."""
    what = "durable tasks, one office with 50 slots"
    return [
        row("S1", f"{what}, one viewer", paces(1, "enterprise", seen=True)),
        row("S1 unseen", f"{what}, no viewer", paces(1, "enterprise", seen=False)),
    ]


def many_offices() -> list[Row]:
    """S2."""
    what = f"durable tasks, {OFFICES:,} offices with 3 slots each, one viewer of one of them"
    return [row("S2", what, paces(OFFICES, "starter", seen=True))]
