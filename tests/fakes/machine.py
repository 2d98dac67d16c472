"""The scheduler on a store in memory beside the ledger: what the state machine plays on, before its rules."""

import asyncio
import sqlite3
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from structlog.testing import capture_logs

from server.model import ExecutionState, Outcome, Reason, Tier
from server.scheduler.loop import Scheduler
from server.scheduler.pulling import Lease
from server.store.accounts import add_account
from server.store.database import Database
from server.store.offices import add_office
from server.store.tables import metadata
from tests.fakes.clock import FakeClock
from tests.fakes.inline import Driver, Gate, inline, quiet_loop
from tests.fakes.ledger import Ledger
from tests.fakes.ledger_things import Ask, Batch, Office, Plan, Said, Task
from tests.fakes.office import Heard, chunks_of, counting_ids, new_batch
from tests.fakes.told import ToldRunner

PLANS = {
    "small": Plan(slots=1, quota=4, weight=1),
    "middle": Plan(slots=3, quota=9, weight=2),
    "large": Plan(slots=6, quota=25, weight=4),
    "soft": Plan(slots=8, quota=3, weight=8, soft=True),
}
TURN_MS = 1_796_083_200_000  # 2026-12-01T00:00:00Z
AWAKE_MS_MAX = 55 * 60_000  # within the hour, for then a scheduler forgets which idle office came last
NAMES = count()
KINDS = ["demo", "chat", "external"]
PUT_BACK = Said(state="cancelled", put_back=True)
HOW = st.sampled_from([
    Said(state="done"), Said(state="done"), Said(state="failed", reason="exit"),
    Said(state="failed", reason="timeout", message="no answer within 5 s"), Said(state="failed", retryable=False),
    Said(state="failed", halts=True, message="the key was refused"), Said(state="cancelled"), Said(state="lost"),
    PUT_BACK,
])  # fmt: skip
SAYS = st.sampled_from([
    Said(state="done"), Said(state="done"), Said(state="failed", reason="exit"), Said(state="failed", retryable=False),
    PUT_BACK, None, None,
])  # fmt: skip
"""What the user's own runners say; None: that they are alive."""


@dataclass(frozen=True)
class Held:
    """A lease that was handed out, whatever has become of it."""

    office: Office
    batch: Batch
    task: Task
    execution: str
    fence: int

    @property
    def goes_on(self) -> bool:
        return self.task.ended(self.fence) == "running"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(f"lease {self.fence} of task {self.task.position}")


def tier(name: str, plan: Plan) -> Tier:
    return Tier(
        name=name, title=name, price=None, slots=plan.slots, slots_with_key=plan.slots, quota=plan.quota,
        quota_soft=plan.soft, links=None, viewers=1, recording_days=None, weight=plan.weight,
    )  # fmt: skip


TIERS = {name: tier(name, plan) for name, plan in PLANS.items()}


class MachineHouse(RuleBasedStateMachine):
    """The scheduler on a store in memory beside the ledger."""

    def __init__(self) -> None:
        super().__init__()
        self._closing: list[Any] = []
        self.process = self._enter(inline(Gate()))
        self.loop = self._enter(quiet_loop())
        self.asking: list[tuple[Office, asyncio.Task[list[Lease]], Ask]] = []
        self.leases: list[Held] = []
        self.ran: dict[str, int] = {}
        self.logs: list[Any] = self._enter(capture_logs())
        self.url = f"file:/machine{next(NAMES)}?vfs=memdb"
        self.rows = sqlite3.connect(self.url, uri=True)  # also keeps the store there while no process is up

    def _enter(self, manager: Any) -> Any:
        self._closing.append(manager)
        return manager.__enter__()

    @initialize(
        plans=st.lists(st.sampled_from(sorted(PLANS)), min_size=1, max_size=3),
        own=st.sampled_from([None, None, 2]),
        running_max=st.sampled_from([2, 5, 50]),
        enforced=st.sampled_from([True, True, False]),
        before_ms=st.sampled_from([60_000, 20 * 60_000, 3_600_000]),
        kinds=st.sampled_from(
            [["external"], ["external"], ["chat"], ["chat", "external"], ["demo"], ["demo", "chat"]]
        ),
    )
    def open(
        self,
        plans: list[str],
        own: int | None,
        running_max: int,
        enforced: bool,
        before_ms: int,
        kinds: list[str],
    ) -> None:
        offices = [Office(id=f"o{number}", plan=plan) for number, plan in enumerate(plans)]
        offices[0].own_slots = own
        self.ledger = Ledger(
            PLANS, offices, running_max=running_max, enforced=enforced, now_ms=TURN_MS - before_ms
        )
        self.enforced, self.running_max = enforced, running_max
        self.awake_ms = 0
        self.clock = FakeClock(self.ledger.now_ms)
        self.db = Database(f"sqlite+aiosqlite:///{self.url}&uri=true")
        self.perform(self._prepare())
        self.perform(self._start())
        for kind in kinds:
            self._submit(offices[0], 14, cap=None, kind=kind, priority=1, attempts=2, timeout_ms=1_200_000)

    async def _prepare(self) -> None:
        async with self.db.write() as tx:
            await tx.conn.run_sync(metadata.create_all)
            for office in self.ledger.offices.values():
                await add_account(
                    tx.conn, account=f"a{office.id}", name="Ann", tier=office.plan, now_ms=0, slots=office.own_slots
                )  # fmt: skip
                await add_office(tx.conn, office=office.id, account=f"a{office.id}", name="Office", now_ms=0)

    async def _start(self) -> None:
        self.clock.settle = self.loop.quiet
        self.bus, self.runner = Heard(), ToldRunner()
        self.scheduler = Scheduler(
            db=self.db, bus=self.bus, clock=self.clock, ids=counting_ids(self.clock), runner=self.runner,
            running_max=self.running_max, quota_enforced=self.enforced, tiers=TIERS,
        )  # fmt: skip
        await self.scheduler.start()

    def perform(self, call: Awaitable[Any]) -> Any:
        async def until_quiet() -> Any:
            try:
                return await call
            finally:
                await self.loop.quiet()

        return self.loop.run_until_complete(until_quiet())

    def _submit(self, office: Office, tasks: int, *, cap: int | None, **given: Any) -> None:
        new = new_batch(slots=cap, **given, **({} if given["kind"] == "demo" else {"params": {}}))
        row = self.perform(self.scheduler.submit(office.id, new, chunks_of(tasks, size=3)))
        ids = [
            id_ for (id_,) in self.select("SELECT id FROM tasks WHERE batch = ? ORDER BY position", row.id)
        ]
        assert len(ids) == row.total == tasks
        self.ledger.submit(office, Batch(id=row.id, order=len(office.batches), turn=0, cap=cap, **given), ids)

    async def _die(self) -> None:
        self.process.driver.kill()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        with suppress(Exception):  # the pools let go of connections that are dead already
            await self.db.close()
        self.process.driver = Driver(Gate())

    def teardown(self) -> None:
        if hasattr(self, "scheduler"):
            self.perform(self._die())
        self.rows.close()
        for manager in reversed(self._closing):
            manager.__exit__(None, None, None)

    # Looking.

    def expect(self, refused: bool, error: type[Exception], call: Awaitable[Any]) -> bool:
        if refused:
            with pytest.raises(error):
                self.perform(call)
        else:
            self.perform(call)
        return not refused

    def select(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self.rows.execute(statement, values).fetchall()

    def chats(self) -> list[tuple[Batch, Task]]:
        return [found for found in self.ledger.running(pulled=False) if found[0].kind == "chat"]

    def execution_of(self, task: Task) -> str:
        return next(work.execution for work, _ in self.runner.bodies.values() if work.task == task.id)


def outcome_of(said: Said) -> Outcome:
    return Outcome(
        state=ExecutionState(said.state), result=b'{"ok":true}' if said.state == "done" else None,
        reason=None if said.reason is None else Reason(said.reason), message=said.message or None,
        retryable=said.retryable, put_back=said.put_back, halts=said.halts,
    )  # fmt: skip


def key_of(batch: Batch) -> str:
    """All batches of an office share two keys."""
    return "ab"[batch.order % 2]


def id_of(found: tuple[Batch, Task]) -> str:
    return found[1].id
