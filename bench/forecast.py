"""How good the forecast is: simulated weeks through the shipped scheduler over SQLite, and what it had promised.

Time jumps from timer to timer and bodies only last; all else is the shipped code. A promise is taken as it is told on
the bus when a quarter, half and three quarters of a batch's tasks are over, and held against the moment its last task
ended. A forecast cannot know of batches that come later, and their coming delays the others: so a promise counts as
`alone` when no batch came to its office between it and the end that it was for, and rows are of these. What all came to
is in the notes.
"""

import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import uvloop

from bench.forecast_plot import drawn
from bench.jumping import Bodies, JumpingClock
from bench.rows import Row
from bench.week import TIMEOUT_MS, Load, week
from server.bus.memory import MemoryBus
from server.model import NewBatch, NewTask
from server.scheduler.loop import Scheduler
from server.settings import load as settings_of
from server.store.accounts import add_account
from server.store.database import Database
from server.store.ids import Ids
from server.store.migrations import upgrade
from server.store.offices import add_office
from simulation.inputs import BatchChanged, Input

SEEDS = (31, 32, 33, 34, 35)
OFFICES = {3: "starter", 10: "pro", 20: "pro"}  # slots; the last is an account with a number of its own
BATCHES = 24
PARTS = (0.25, 0.5, 0.75)
NEAR = 0.15
STEP_MS = 8_000  # promises are told in steps of so much
MONDAY_MS = 1_794_787_200_000  # 2026-11-16T00:00:00Z
PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "forecast.svg"


@dataclass(kw_only=True)
class Promise:
    """What was said at some part of a batch, and what came of it. `alone`: nothing came in between."""

    office: str
    batch: str
    part: float
    at_ms: int
    eta_ms: tuple[int, int]
    end_ms: int = 0
    alone: bool = True

    @property
    def ratio(self) -> float:
        """What was promised ÷ what it took, from then on."""
        return max(self.eta_ms[0] - self.at_ms, 1) / max(self.end_ms - self.at_ms, 1)

    @property
    def near(self) -> bool:
        return abs(self.ratio - 1) <= NEAR

    @property
    def near_or_step(self) -> bool:
        return self.near or abs(self.eta_ms[0] - self.end_ms) <= STEP_MS

    @property
    def kept(self) -> bool:
        return self.end_ms <= self.eta_ms[1]


@dataclass
class Ear:
    """Hears what is told, and notes promises and ends."""

    clock: JumpingClock
    promises: list[Promise] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)

    def heard(self, office: str, facts: Sequence[Input]) -> None:
        for fact in facts:
            if isinstance(fact, BatchChanged):
                self._batch(office, fact)

    def _batch(self, office: str, fact: BatchChanged) -> None:
        if fact.ended_ms is not None:
            self.ends[fact.batch] = fact.ended_ms
        number, over = self.parts.get(fact.batch, 0), (fact.done + fact.failed) / fact.total
        while number < len(PARTS) and over >= PARTS[number]:
            if fact.eta_ms is not None:
                self.promises.append(
                    Promise(
                        office=office, batch=fact.batch, part=PARTS[number], at_ms=self.clock.now_ms(),
                        eta_ms=fact.eta_ms,
                    )
                )  # fmt: skip
            number += 1
        self.parts[fact.batch] = number


async def lived(seed: int) -> list[Promise]:
    """Let a week pass in all offices at once, and return what was promised in it."""
    weeks = {f"office{slots}": week(f"{seed} {slots}", slots, BATCHES) for slots in OFFICES}
    loads = {load.name: load for loads_ in weeks.values() for load in loads_}
    clock, bus = JumpingClock(MONDAY_MS), MemoryBus()
    ear = Ear(clock)
    bus.listen(None, ear.heard)
    with tempfile.TemporaryDirectory() as folder:
        url = settings_of(data=Path(folder), samples=False).store_url
        await upgrade(url)
        db = Database(url)
        async with db.write() as tx:
            for slots, tier in OFFICES.items():
                await add_account(tx.conn, account=f"a{slots}", name="Ann", tier=tier, now_ms=0, slots=slots)
                await add_office(
                    tx.conn, office=f"office{slots}", account=f"a{slots}", name="Office", now_ms=0
                )
        scheduler = Scheduler(
            db=db, bus=bus, clock=clock, ids=Ids(clock), runner=Bodies(clock, loads), running_max=500,
            quota_enforced=False,
        )  # fmt: skip
        await scheduler.start()
        arrivals = await _pass(scheduler, clock, weeks, ear)
        await scheduler.stop(0)
        await db.close()
    for promise in ear.promises:
        promise.end_ms = ear.ends[promise.batch]
        promise.alone = not any(promise.at_ms < at_ms < promise.end_ms for at_ms in arrivals[promise.office])
    return ear.promises


async def _pass(
    scheduler: Scheduler, clock: JumpingClock, weeks: dict[str, list[Load]], ear: Ear
) -> dict[str, list[int]]:
    """Submit every load when it comes, and wait for the last end. Returns when batches came, by office."""
    arrivals: dict[str, list[int]] = {office: [] for office in weeks}
    coming = sorted(
        ((load.at_ms, office, load) for office, loads in weeks.items() for load in loads),
        key=lambda one: one[0],
    )
    for at_ms, office, load in coming:
        await clock.go_to(MONDAY_MS + at_ms, scheduler)
        new = NewBatch(
            name=load.name, kind="demo", params={"load": load.name}, attempts=load.attempts, timeout_ms=TIMEOUT_MS,
            slots=load.slots, priority=load.priority,
        )  # fmt: skip
        await scheduler.submit(office, new, _tasks(load))
        arrivals[office].append(clock.now_ms())
    while len(ear.ends) < len(coming):
        await clock.go_to(clock.now_ms() + 3_600_000, scheduler)
    return arrivals


async def _tasks(load: Load) -> AsyncIterator[list[NewTask]]:
    yield [NewTask(title=f"Task {number}", input=b"{}") for number in range(load.count)]


def share(promises: Sequence[Promise], what: Callable[[Promise], bool]) -> float:
    """Per cent of promises."""
    return 100 * sum(map(what, promises)) / max(1, len(promises))


def rows() -> list[Row]:
    """Measure all of them, print each week's figures, and draw the picture."""
    weeks = {}
    for seed in SEEDS:
        began = time.perf_counter()
        weeks[seed] = uvloop.run(lived(seed))
        print(
            f"forecast: seed {seed}, {len(weeks[seed])} promises, {time.perf_counter() - began:.0f} s",
            flush=True,
        )
    every = [promise for promises in weeks.values() for promise in promises]
    PICTURE.write_text(drawn(every, PARTS, NEAR))
    return [row for part in PARTS for row in _rows_of(part, weeks)]


def _rows_of(part: float, weeks: dict[int, list[Promise]]) -> list[Row]:
    there = [[promise for promise in promises if promise.part == part] for promises in weeks.values()]
    alone = [[promise for promise in promises if promise.alone] for promises in there]
    every = [promise for promises in there for promise in promises]
    seeds = (
        f"seeds {', '.join(map(str, weeks))}; {sum(map(len, alone))} of {len(every)} with no later arrival"
    )
    return [
        Row(
            id=f"forecast {part:.0%}", what=f"promises at {part:.0%} of a batch within {NEAR:.0%} of what was left",
            unit="%", values=[share(promises, lambda one: one.near) for promises in alone], bar=50,
            more_is_better=True, notes=f"{seeds}; {_pooled(alone, every)}",
        ),
        Row(
            id=f"forecast {part:.0%} p90", what=f"batches that ended within the range promised at {part:.0%}; 85 to 95",
            unit="%", values=[share(promises, lambda one: one.kept) for promises in alone], bar=85,
            more_is_better=True, notes=f"{share([*chain(*alone)], lambda one: one.kept):.0f} % of these together, "
            f"{share(every, lambda one: one.kept):.0f} % with the others",
        ),
    ]  # fmt: skip


def _pooled(alone: list[list[Promise]], every: list[Promise]) -> str:
    """Say what all weeks together come to."""
    these = [*chain(*alone)]
    return (
        f"{share(these, lambda one: one.near):.0f} % of these together, {share(these, lambda one: one.near_or_step):.0f} % "
        f"within {NEAR:.0%} or the {STEP_MS // 1000} s in which promises are told; "
        f"{share(every, lambda one: one.near):.0f} % with the others"
    )
