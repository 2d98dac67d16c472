"""A whole scheduler on a real SQLite file, a fake clock and a fake runner, with one office or more."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import SQLITE_FULL, OperationalError

from server.bus.contract import Bus
from server.executions.contract import Runner
from server.model import NewBatch, NewTask, Outcome, Work
from server.scheduler.loop import Scheduler
from server.store.accounts import add_account
from server.store.batches import BatchRow, batch_row
from server.store.database import Database, Transaction
from server.store.ids import Ids
from server.store.offices import add_office
from server.store.statements import fetch
from server.store.tables import metadata
from server.webhooks.contract import SILENCE, Herald
from simulation.inputs import Input
from tests.fakes.clock import FakeClock
from tests.fakes.runner import FakeRunner, done, minute


class Heard:
    """A bus that remembers; satisfies server.bus.contract.Bus as far as a scheduler needs it."""

    def __init__(self) -> None:
        self.facts: list[tuple[str, Input]] = []

    def publish(self, office: str, facts: Sequence[Input]) -> None:
        self.facts += [(office, fact) for fact in facts]

    def has_listener(self, office: str) -> bool:
        return True

    def listen(
        self, office: str | None, listener: Callable[[str, Sequence[Input]], None]
    ) -> Callable[[], None]:
        raise NotImplementedError("nobody listens here, tests read `facts`")

    def of(self, kind: type) -> list[Input]:
        return [fact for _, fact in self.facts if isinstance(fact, kind)]


def new_batch(name: str = "List", **changes: object) -> NewBatch:
    given = {"name": name, "kind": "demo", "params": {"seconds": 60}, "attempts": 1, "timeout_ms": 1_200_000}
    return NewBatch(**{**given, **changes})  # type: ignore[arg-type]


async def chunks_of(count: int, size: int = 1_000) -> AsyncIterator[list[NewTask]]:
    tasks = [NewTask(title=f"Task {number}", input=b'{"line":"%d"}' % number) for number in range(count)]
    for start in range(0, count, size):
        yield tasks[start : start + size]


class FlakyDatabase(Database):
    """A store that fails when it is told to: `before` the commit, or `after` it, so that only the answer is lost."""

    failing: str | None = None

    @asynccontextmanager
    async def write(self, *, first: bool = False) -> AsyncIterator[Transaction]:
        failing = self.failing
        async with super().write(first=first) as tx:
            yield tx if failing is None else Transaction(tx.conn)  # what is called after the commit is not
            if failing == "before":
                error = OperationalError("database or disk is full")
                error.sqlite_errorcode = SQLITE_FULL
                raise error
        if failing == "after":
            raise OperationalError("disk I/O error")


@dataclass
class House:
    """What a test needs at hand."""

    db: FlakyDatabase
    clock: FakeClock
    bus: Heard
    runner: FakeRunner
    scheduler: Scheduler

    async def submit(
        self, count: int, name: str = "List", *, office: str = "o1", **changes: object
    ) -> BatchRow:
        row = await self.scheduler.submit(office, new_batch(name, **changes), chunks_of(count))
        await self.scheduler.settled()
        return row

    async def row(self, batch: str, office: str = "o1") -> BatchRow:
        async with self.db.read() as conn:
            return await batch_row(conn, office, batch)

    async def select(self, statement: str, **values: object) -> list[tuple]:
        async with self.db.read() as conn:
            return await fetch(conn, statement, **values)

    async def states(self, batch: str) -> dict[str, int]:
        rows = await self.select(
            "SELECT state, count(*) FROM tasks WHERE batch = :batch GROUP BY state", batch=batch
        )
        return dict(rows)

    async def minutes(self, count: float) -> None:
        await self.clock.advance(round(count * 60_000))


async def prepare(path: Path, tier: str, offices: int = 1) -> FlakyDatabase:
    """Make a store with accounts a1… and their offices o1…"""
    db = FlakyDatabase(f"sqlite+aiosqlite:///{path}")
    async with db.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
        for number in range(1, offices + 1):
            await add_account(tx.conn, account=f"a{number}", name="Ann", tier=tier, now_ms=0)
            await add_office(tx.conn, office=f"o{number}", account=f"a{number}", name="Office", now_ms=0)
    return db


def counting_ids(clock: FakeClock) -> Ids:
    return Ids(clock, start=lambda _most: 0)


def scheduler_over(
    db: Database,
    clock: FakeClock,
    bus: Bus,
    runner: Runner,
    *,
    running_max: int = 500,
    quota_enforced: bool = False,
    herald: Herald = SILENCE,
) -> Scheduler:
    scheduler = Scheduler(
        db=db, bus=bus, clock=clock, ids=counting_ids(clock), runner=runner, running_max=running_max,
        quota_enforced=quota_enforced, herald=herald,
    )  # fmt: skip
    clock.settle = scheduler.settled
    return scheduler


@asynccontextmanager
async def house(
    path: Path, *, tier: str = "pro", offices: int = 1, running_max: int = 500, quota_enforced: bool = False,
    lasting: Callable[[Work], int | None] = minute, outcome: Callable[[Work], Outcome] = done,
) -> AsyncIterator[House]:  # fmt: skip
    """Start a scheduler over a new store, and stop both at the end."""
    db = await prepare(path / "house.sqlite3", tier, offices)
    clock = FakeClock()
    bus, runner = Heard(), FakeRunner(clock, lasting, outcome)
    scheduler = scheduler_over(db, clock, bus, runner, running_max=running_max, quota_enforced=quota_enforced)
    await scheduler.start()
    it = House(db=db, clock=clock, bus=bus, runner=runner, scheduler=scheduler)
    try:
        yield it
    finally:
        await it.scheduler.stop(0)  # a test may have put another one there
        await db.close()
