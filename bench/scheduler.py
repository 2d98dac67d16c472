"""S1, S2 and S5: durable tasks a second, and how soon an accepted task starts; the shipped parts, SQLite FULL, one process."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import uvloop

from bench.rows import Row
from server.bus.memory import MemoryBus
from server.clock import SystemClock
from server.executions.logs import Logs
from server.executions.runner import LocalRunner
from server.kinds.contract import Context
from server.model import ExecutionState, NewBatch, NewTask, Outcome, Work
from server.scheduler.loop import Scheduler
from server.settings import load
from server.store.accounts import add_account
from server.store.database import Database
from server.store.ids import Ids
from server.store.migrations import upgrade
from server.store.offices import add_office
from simulation.inputs import Ended, Input, Started

REPEATS = 5
TASKS = 20_000
SINGLES = 200
DONE = Outcome(state=ExecutionState.DONE, result=b'{"text":"%s"}' % (b"x" * 119))


class NothingKind:
    """Ends at once with a result of 130 bytes; stands for an inline function until there is a kind for those."""

    name = "nothing"
    attempts = 1

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
        return dict(params)

    async def perform(self, work: Work, context: Context) -> Outcome:
        return DONE


@dataclass
class Bench:
    """The parts under measurement, over one store."""

    db: Database
    bus: MemoryBus
    scheduler: Scheduler


@asynccontextmanager
async def store(offices: int, tier: str) -> AsyncIterator[tuple[Path, Database]]:
    with tempfile.TemporaryDirectory() as folder:
        url = load(data=Path(folder), samples=False).store_url
        await upgrade(url)
        db = Database(url)
        async with db.write() as tx:
            for number in range(offices):
                await add_account(tx.conn, account=f"a{number}", name="Ann", tier=tier, now_ms=0)
                await add_office(tx.conn, office=f"o{number}", account=f"a{number}", name="Office", now_ms=0)
        yield Path(folder), db
        await db.close()


def parts(folder: Path, db: Database, *, running_max: int) -> Bench:
    settings, clock, bus = load(data=folder, samples=False), SystemClock(), MemoryBus()
    logs = Logs(settings.logs_folder, clock, log_bytes_max=1 << 20, logs_bytes_max=1 << 30)
    runner = LocalRunner({"nothing": NothingKind()}, clock, logs, settings)
    scheduler = Scheduler(
        db=db,
        bus=bus,
        clock=clock,
        ids=Ids(clock),
        runner=runner,
        running_max=running_max,
        quota_enforced=False,
    )
    return Bench(db, bus, scheduler)


def batch() -> NewBatch:
    return NewBatch(name="bench", kind="nothing", params={}, attempts=1, timeout_ms=60_000)


async def tasks(count: int) -> AsyncIterator[Sequence[NewTask]]:
    made = [NewTask(title=f"Task {number}", input=b'{"n":%d}' % number) for number in range(count)]
    for start in range(0, count, 1_000):
        yield made[start : start + 1_000]


def all_of(bus: MemoryBus, kind: type, count: int) -> asyncio.Event:
    """Set once so many facts of this kind were told."""
    told, seen = asyncio.Event(), 0

    def heard(_office: str, facts: Sequence[Input]) -> None:
        nonlocal seen
        seen += sum(isinstance(fact, kind) for fact in facts)
        if seen >= count:
            told.set()

    bus.listen(None, heard)
    return told


async def throughput(offices: int, tier: str) -> float:
    """Tasks a second, all stored beforehand, from a scheduler's start to the last committed end."""
    async with store(offices, tier) as (folder, db):
        closed = parts(folder, db, running_max=0).scheduler  # stores, and starts nothing
        await closed.start()
        for number in range(offices):
            await closed.submit(f"o{number}", batch(), tasks(TASKS // offices))
        await closed.stop(0)
        bench = parts(folder, db, running_max=10_000)
        ended = all_of(bench.bus, Ended, TASKS // offices * offices)
        began = time.perf_counter()
        await bench.scheduler.start()
        await ended.wait()
        took = time.perf_counter() - began
        await bench.scheduler.stop(0)
        return TASKS / took


async def latencies() -> list[float]:
    """Milliseconds from a submission's acceptance to its only task's start, one at a time on an idle scheduler."""
    async with store(1, "enterprise") as (folder, db):
        bench = parts(folder, db, running_max=10_000)
        await bench.scheduler.start()
        found = []
        for _ in range(SINGLES):
            started, ended = all_of(bench.bus, Started, 1), all_of(bench.bus, Ended, 1)
            began = time.perf_counter()
            await bench.scheduler.submit("o0", batch(), tasks(1))
            accepted = time.perf_counter()
            await started.wait()
            found.append(max(time.perf_counter() - max(accepted, began), 0.0) * 1000)
            await ended.wait()
            await bench.scheduler.settled()
        await bench.scheduler.stop(0)
        return found


def rows() -> list[Row]:
    """Measure all of them."""
    one = [uvloop.run(throughput(1, "enterprise")) for _ in range(REPEATS)]
    many = [uvloop.run(throughput(1_000, "starter")) for _ in range(REPEATS)]
    soon = [quantiles(uvloop.run(latencies()), n=100) for _ in range(REPEATS)]
    kind = {"unit": "tasks/s", "bar": 10_000.0, "more_is_better": True}
    return [
        Row(id="S1", what="durable tasks, one office with 50 slots", values=one, **kind),
        Row(id="S2", what="durable tasks, 1,000 offices with 3 slots each", values=many, **kind),
        Row(
            id="S5 p50",
            what="accepted to started when idle",
            unit="ms",
            values=[q[49] for q in soon],
            bar=5.0,
        ),
        Row(
            id="S5 p99",
            what="accepted to started when idle",
            unit="ms",
            values=[q[98] for q in soon],
            bar=20.0,
        ),
    ]
