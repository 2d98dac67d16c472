"""S9 and S10: who gets the slots, and how soon a cap holds. The shipped scheduler, runner and store, on a clock that jumps."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.house import folder
from bench.rows import Row
from bench.stores import office_of, open_accounts
from server.bus.memory import MemoryBus
from server.executions.logs import Logs
from server.executions.runner import LocalRunner
from server.kinds.demo import DemoKind
from server.model import NewBatch, NewTask
from server.scheduler.loop import Scheduler
from server.settings import load
from server.store.database import Database, Transaction
from server.store.ids import Ids
from simulation.inputs import Ended, Input, Started
from tests.fakes.clock import FakeClock

SLOTS = (1, 3, 10, 20, 50)
EVEN_SLOTS = (2, 4, 6, 10, 20)
ODD_SLOTS = (1, 3, 5, 7, 15)
TASKS = 150
SHORT_S, LONG_S = 1, 60
WARM_MS, WINDOW_MS = 120_000, 360_000
CHANGES = 60
SEEDS = (7, 8, 9, 10, 11)
RUNNING_MAX = 10_000
JUMPS = "scheduler, runner and store in the benchmark's process, on a clock that jumps from timer to timer"


class CountedDatabase(Database):
    """Counts the transactions that go first: the cycles."""

    cycles = 0

    def write(self, *, first: bool = False) -> AbstractAsyncContextManager[Transaction]:
        self.cycles += first
        return super().write(first=first)


@dataclass(kw_only=True)
class Watched:
    """A scheduler at work, and what it told: who started in which order, what runs now, for how long each batch ran."""

    clock: FakeClock
    db: CountedDatabase
    scheduler: Scheduler
    office: str
    order: list[str] = field(default_factory=list)
    running: dict[str, tuple[str, int]] = field(default_factory=dict)
    peak: int = 0
    last_cycle: int = 0
    from_ms: int = 0
    slot_ms: Counter[str] = field(default_factory=Counter)

    def hear(self, _office: str, facts: Sequence[Input]) -> None:
        for fact in facts:
            if isinstance(fact, Started):
                self.order.append(fact.batch)
                self.running[fact.execution] = (fact.batch, fact.at_ms)
                self.peak = max(self.peak, len(self.running))
                self.last_cycle = self.db.cycles
            elif isinstance(fact, Ended):
                batch, began_ms = self.running.pop(fact.execution)
                self._count(batch, began_ms, fact.at_ms)

    def shares(self) -> dict[str, float]:
        """Each batch's part of all slot-time since `from_ms`."""
        now_ms = self.clock.now_ms()
        for batch, began_ms in self.running.values():
            self._count(batch, began_ms, now_ms)
        return {batch: spent / self.slot_ms.total() for batch, spent in self.slot_ms.items()}

    def _count(self, batch: str, began_ms: int, ended_ms: int) -> None:
        self.slot_ms[batch] += max(ended_ms - max(began_ms, self.from_ms), 0)


async def _tasks(count: int) -> AsyncIterator[Sequence[NewTask]]:
    yield [NewTask(title=f"Task {number}", input=b'{"n":%d}' % number) for number in range(count)]


@asynccontextmanager
async def backlogged(
    data: Path, batches: Sequence[tuple[float, int]]
) -> AsyncIterator[tuple[Watched, list[str]]]:
    """Batches of (seconds a body takes, number of tasks) that were all there before the first one starts."""
    clock, bus, settings = FakeClock(), MemoryBus(), load(data=data, samples=False)
    db, office = CountedDatabase(settings.store_url), office_of(0)
    logs = Logs(settings.logs_folder, clock, log_bytes_max=1 << 20, logs_bytes_max=1 << 30)
    runner = LocalRunner({"demo": DemoKind()}, clock, logs, settings)

    def scheduler(running_max: int) -> Scheduler:
        return Scheduler(
            db=db, bus=bus, clock=clock, ids=Ids(clock, lambda _: 0), runner=runner, running_max=running_max,
            quota_enforced=False,
        )  # fmt: skip

    closed, names = scheduler(0), []  # takes in, and starts nothing
    await closed.start()
    for seconds, count in batches:
        new = NewBatch(
            name="a list",
            kind="demo",
            params={"seconds": [seconds, seconds], "fail": 0},
            attempts=1,
            timeout_ms=10**9,
        )
        names.append((await closed.submit(office, new, _tasks(count))).id)
    watched = Watched(clock=clock, db=db, scheduler=scheduler(RUNNING_MAX), office=office)
    clock.settle = watched.scheduler.settled
    bus.listen(office, watched.hear)
    await watched.scheduler.start()
    await watched.scheduler.settled()
    yield watched, names
    clock.settle = None
    stopping = asyncio.create_task(watched.scheduler.stop(0))
    while not stopping.done():
        await clock.advance(1)
        await asyncio.sleep(0.001)  # the store's thread does its part in real time
    await stopping
    await db.close()


async def starts_apart(data: Path) -> int:
    """The largest difference in starts of two equal batches while both have tasks that wait."""
    async with backlogged(data, [(SHORT_S, TASKS)] * 2) as (watched, (one, other)):
        while Counter(watched.order)[one] < TASKS and Counter(watched.order)[other] < TASKS:
            await watched.clock.advance(SHORT_S * 1_000)
        counts, apart = Counter[str](), 0
        for batch in watched.order:
            counts[batch] += 1
            apart = max(apart, abs(counts[one] - counts[other]))
            if TASKS in counts.values():
                break
        return apart


async def unfairness(data: Path, slots: int) -> float:
    """By how many percent of a half the slot-time of short tasks differs from a half, beside long ones."""
    most = (WARM_MS + WINDOW_MS) // 1_000
    batches = [(SHORT_S, most * slots), (LONG_S, most * slots // LONG_S + slots)]
    async with backlogged(data, batches) as (watched, (short, _)):
        await watched.clock.advance(WARM_MS)
        watched.from_ms = watched.clock.now_ms()
        await watched.clock.advance(WINDOW_MS)
        return abs(watched.shares()[short] - 0.5) / 0.5 * 100


async def caps(data: Path, seed: int) -> tuple[int, int]:
    """Change a batch's cap again and again: most cycles until it was used to the full, starts above it."""
    chance, cycles, above = random.Random(seed), 0, 0
    async with backlogged(data, [(SHORT_S, 60 * CHANGES)]) as (watched, (batch,)):
        for _ in range(CHANGES):
            await watched.clock.advance(chance.randrange(100, 1_500))
            cap, before = chance.randrange(1, 21), watched.db.cycles
            ran, begun, watched.peak = len(watched.running), len(watched.order), 0
            await watched.scheduler.patch(watched.office, batch, slots=cap)
            await watched.scheduler.settled()
            if len(watched.order) > begun:
                cycles = max(cycles, watched.last_cycle - before)
            await watched.clock.advance(chance.randrange(100, 1_500))
            above += max(watched.peak - max(cap, ran), 0)
    return cycles, above


def _in_store(slots: int, measure: object, *given: int) -> float:
    with folder() as data:
        open_accounts(data, 1, "enterprise", slots=slots)
        return asyncio.run(measure(data, *given))  # type: ignore[operator]


def shares() -> list[Row]:
    """S9."""
    even = [_in_store(slots, unfairness, slots) for slots in EVEN_SLOTS]
    odd = [_in_store(slots, unfairness, slots) for slots in ODD_SLOTS]
    what = f"slot-time of {SHORT_S} s tasks beside {LONG_S} s tasks: off a half by"
    return [
        Row(
            id="S9 starts", what="starts of two equal batches backlogged at the same moment: apart by at most",
            unit="", values=[_in_store(slots, starts_apart) for slots in SLOTS], bar=1,
            notes=f"{', '.join(map(str, SLOTS))} slots, {JUMPS}",
        ),
        Row(
            id="S9 share", what=what, unit="%", values=even, bar=5,
            notes=f"{', '.join(map(str, EVEN_SLOTS))} slots, {WINDOW_MS // 60_000} minutes, {JUMPS}",
        ),
        Row(
            id="S9 odd", what=f"{what} (numbers of slots that cannot be halved)", unit="%", values=odd, bar=5,
            notes=f"{', '.join(map(str, ODD_SLOTS))} slots, {JUMPS}",
        ),
    ]  # fmt: skip


def changed_caps() -> list[Row]:
    """S10."""
    found = [_in_store(20, caps, seed) for seed in SEEDS]
    what = f"a batch's cap changed {CHANGES} times while it runs"
    notes = f"seeds {', '.join(map(str, SEEDS))}, {JUMPS}"
    return [
        Row(id="S10", what=f"{what}: cycles until it holds", unit="", values=[one[0] for one in found], bar=1,
            notes=notes),
        Row(id="S10 above", what=f"{what}: times it was exceeded", unit="", values=[one[1] for one in found], bar=0,
            notes=notes),
    ]  # fmt: skip
