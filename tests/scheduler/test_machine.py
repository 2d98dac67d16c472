"""Any history of submissions, controls, ends, late reports, hours and restarts, step by step against the rules in plain Python."""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from structlog.testing import capture_logs

from server.errors import AlreadyEndedError, ConflictError, StaleTokenError
from server.model import ExecutionState, Outcome, RateFacts, Reason, Tier
from server.scheduler.loop import Scheduler
from server.scheduler.pulling import Lease
from server.store.accounts import add_account
from server.store.database import Database
from server.store.offices import add_office
from server.store.tables import metadata
from tests.fakes.clock import FakeClock
from tests.fakes.inline import Driver, Gate, inline, quiet_loop
from tests.fakes.ledger import LEASE_MS, End, Ledger
from tests.fakes.ledger_rows import (
    executions_are_as_the_rules_say,
    nothing_exceeds_its_limits,
    rows_are_as_the_rules_say,
    what_runs_is_what_the_rules_say,
    what_was_told_is_true,
)
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


class Machine(RuleBasedStateMachine):
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

    # Rules.

    @rule(
        data=st.data(), tasks=st.sampled_from([1, 2, 3, 5, 7, 14]), priority=st.sampled_from([1, 1, 2, 4]),
        cap=st.sampled_from([None, None, 1, 2]), attempts=st.sampled_from([1, 2, 3]),
        kind=st.sampled_from(KINDS), timeout_ms=st.sampled_from([1_200_000, 90_000]),
    )  # fmt: skip
    def submit(self, data: Any, tasks: int, **given: Any) -> None:
        self._submit(
            self.ledger.offices[data.draw(st.sampled_from(sorted(self.ledger.offices)))], tasks, **given
        )

    def _submit(self, office: Office, tasks: int, *, cap: int | None, **given: Any) -> None:
        new = new_batch(slots=cap, **given, **({} if given["kind"] == "demo" else {"params": {}}))
        row = self.perform(self.scheduler.submit(office.id, new, chunks_of(tasks, size=3)))
        ids = [
            id_ for (id_,) in self.select("SELECT id FROM tasks WHERE batch = ? ORDER BY position", row.id)
        ]
        assert len(ids) == row.total == tasks
        self.ledger.submit(office, Batch(id=row.id, order=len(office.batches), turn=0, cap=cap, **given), ids)

    @precondition(lambda self: self.ledger.batches())
    @rule(data=st.data(), what=st.sampled_from(["pause", "resume", "cancel"]))
    def control(self, data: Any, what: str) -> None:
        batch = data.draw(st.sampled_from(self.ledger.batches()), "batch")
        call = getattr(self.scheduler, what)(self.ledger.office_of(batch).id, batch.id)
        if self.expect(batch.over, AlreadyEndedError, call):
            getattr(self.ledger, what)(batch)

    @precondition(lambda self: self.ledger.batches())
    @rule(data=st.data())
    def retry(self, data: Any) -> None:
        batch = data.draw(st.sampled_from(self.ledger.batches()), "batch")
        failed = [task for task in batch.tasks if task.state == "failed"]
        call = self.scheduler.retry(self.ledger.office_of(batch).id, batch.id)
        if self.expect(not failed, ConflictError, call):
            self.ledger.retry(batch, failed)

    @precondition(lambda self: self.ledger.batches())
    @rule(data=st.data())
    def cancel_task(self, data: Any) -> None:
        batch, task = data.draw(st.sampled_from(self.ledger.tasks()), "task")
        call = self.scheduler.cancel_task(self.ledger.office_of(batch).id, task.id)
        if self.expect(task.state not in {"waiting", "running"}, AlreadyEndedError, call):
            self.ledger.cancel_task(task)

    @precondition(lambda self: self.ledger.batches())
    @rule(data=st.data())
    def retry_task(self, data: Any) -> None:
        batch, task = data.draw(st.sampled_from(self.ledger.tasks()), "task")
        call = self.scheduler.retry_task(self.ledger.office_of(batch).id, task.id)
        if self.expect(task.state not in {"failed", "cancelled"}, ConflictError, call):
            self.ledger.retry(batch, [task])

    @precondition(lambda self: self.ledger.batches())
    @rule(data=st.data(), priority=st.sampled_from([None, 1, 2, 4]), cap=st.sampled_from([None, 0, 1, 3]))
    def patch(self, data: Any, priority: int | None, cap: int | None) -> None:
        batch = data.draw(st.sampled_from(self.ledger.batches()), "batch")
        office = self.ledger.office_of(batch)
        self.perform(self.scheduler.patch(office.id, batch.id, priority=priority, slots=cap))
        self.ledger.patch(batch, priority, cap)

    @rule(data=st.data(), plan=st.sampled_from(sorted(PLANS)))
    def change_tier(self, data: Any, plan: str) -> None:
        office = data.draw(st.sampled_from(list(self.ledger.offices.values())), "office")
        self.perform(self.scheduler.change_tier(f"a{office.id}", plan))
        self.ledger.change_plan(office, plan)

    @precondition(lambda self: self.runner.bodies)
    @rule(data=st.data(), passed_ms=st.sampled_from([0, 1, 400]))
    def bodies_end(self, data: Any, passed_ms: int) -> None:
        self.pass_time(passed_ms)
        running = self.ledger.running(pulled=False)
        chosen = data.draw(
            st.lists(st.sampled_from(running), min_size=1, max_size=4, unique_by=id_of), "bodies"
        )
        self._end([(batch, task, data.draw(HOW, "how")) for batch, task in chosen])

    @precondition(lambda self: self.runner.bodies)
    @rule(data=st.data(), rounds=st.sampled_from([1, 4, 12]), retryable=st.sampled_from([False, False, True]))
    def bodies_fail_alike(self, data: Any, rounds: int, retryable: bool) -> None:
        """What is wrong is the key of the whole list, and each time it is said with another number."""
        batch, _ = data.draw(st.sampled_from(self.ledger.running(pulled=False)), "batch")
        for number in range(rounds):
            said = Said(
                state="failed",
                reason="exit",
                message=f"bad key {number} of a 7-day plan",
                retryable=retryable,
            )
            self._end([(batch, task, said) for task in batch.tasks if task.state == "running"])

    def _end(self, ends: list[End]) -> None:
        for _, task, said in ends:
            self.runner.end(self.execution_of(task), outcome_of(said))
        self.perform(self.scheduler.settled())  # ends may wait for others to share their cycle
        self.ledger.end(ends)
        self._learn_backoffs()

    def _learn_backoffs(self) -> None:
        """How long a task waits is drawn: it must lie around 2 s, doubled with each attempt, a quarter more or less."""
        for _, task in self.ledger.tasks():
            if task.ready_ms == -1:
                ((ready_ms,),) = self.select("SELECT ready_ms FROM tasks WHERE id = ?", task.id)
                wait_ms = ready_ms - self.ledger.now_ms
                assert 0.75 <= wait_ms / (2_000 << (task.attempt - 1)) <= 1.25, wait_ms
                task.ready_ms = ready_ms

    # A provider's limits.

    @precondition(lambda self: self.chats())
    @rule(data=st.data())
    def body_asks_for_its_turn(self, data: Any) -> None:
        batch, task = data.draw(st.sampled_from(self.chats()), "body")
        execution = self.execution_of(task)
        waits_ms = self.scheduler.reports.reserve(execution, task.fence, key_of(batch), 0)
        self.perform(self.scheduler.settled())
        assert waits_ms == self.ledger.reserve(batch, task, key_of(batch))
        self.ledger.admit()
        if waits_ms is None:
            self._end([(batch, task, PUT_BACK)])

    @precondition(lambda self: self.chats())
    @rule(
        data=st.data(), retry_ms=st.sampled_from([None, 3_001, 9_999, 9_999, 10_001, 20_003, 300_011]),
        said=st.sampled_from([None, Said(state="done"), Said(state="failed", reason="exit")]),
    )  # fmt: skip
    def provider_answers(self, data: Any, retry_ms: int | None, said: Said | None) -> None:
        """And perhaps the body has ended with that."""
        batch, task = data.draw(st.sampled_from(self.chats()), "body")
        facts = RateFacts(retry_ms=retry_ms)
        self.scheduler.reports.learned(self.execution_of(task), task.fence, key_of(batch), facts)
        self.perform(self.scheduler.settled())
        self.ledger.refuse(batch, key_of(batch), retry_ms)
        if said is not None:
            self._end([(batch, task, said)])

    # The user's own runners.

    @rule(
        data=st.data(), most=st.sampled_from([1, 1, 2, 5]), wait_ms=st.sampled_from([0, 5_003, 31_009]),
        then=st.sampled_from([False, True]),
    )  # fmt: skip
    def runner_asks(self, data: Any, most: int, wait_ms: int, then: bool) -> None:
        """`then`: what it is given at once it ends at once."""
        offices = [*self.ledger.offices.values()]
        offices = [
            it for it in offices if any(batch.pulled and not batch.over for batch in it.batches)
        ] or offices
        office = data.draw(st.sampled_from(offices), "office")
        pulled = [batch.id for batch in office.batches if batch.pulled]
        batch = data.draw(st.sampled_from([None, *pulled]), "batch")
        asking = self.loop.create_task(self.scheduler.lease(office.id, batch, most, wait_ms))
        self.perform(self.scheduler.settled())
        self.asking.append((office, asking, self.ledger.ask(office, batch, most, wait_ms)))
        before = len(self.leases)
        self._hand_over()
        for held in self.leases[before:] if then else []:
            self._says(
                held,
                data.draw(SAYS, "said"),
                *data.draw(st.tuples(st.booleans(), st.booleans()), "asked, twice"),
            )

    @precondition(lambda self: len(self.asking) > 1)
    @rule(data=st.data())
    def runner_leaves(self, data: Any) -> None:
        office, asking, ask = self.asking.pop(data.draw(st.integers(0, len(self.asking) - 1), "who"))
        asking.cancel()
        self.perform(self.scheduler.settled())
        self.ledger.leave(office, ask)

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), said=SAYS, asked=st.booleans(), twice=st.booleans(), late=st.booleans())
    def runner_says(self, data: Any, said: Said | None, asked: bool, twice: bool, late: bool) -> None:
        """Of what it holds or, late, held before: only what goes on under this very token can be changed by it."""
        live = [held for held in self.leases if held.goes_on]
        held = data.draw(st.sampled_from(self.leases if late or not live else live), "lease")
        self._says(held, said, asked, twice)

    def _says(self, held: Held, said: Said | None, asked: bool, twice: bool) -> None:
        """`asked`: its end was asked for just before."""
        goes_on, times = held.goes_on, 1 + twice
        if asked and goes_on:
            self.perform(self.scheduler.cancel_task(held.office.id, held.task.id))
            self.ledger.cancel_task(held.task)
        if said is None:
            self._is_alive(held)
            return
        answered = self.perform(self._say(held, said, times))
        if goes_on:
            confirms = held.task.asked and said.state == "failed"
            self.ledger.end([(held.batch, held.task, Said(state="cancelled") if confirms else said)])
            self._learn_backoffs()
        recorded = held.task.ended(held.fence)
        same = recorded == said.state or (recorded, said.state) == ("cancelled", "failed")
        assert [type(each) for each in answered] == [type(None) if same else StaleTokenError] * times

    def _is_alive(self, held: Held) -> None:
        call = self.scheduler.renew(held.office.id, held.execution, held.fence)
        if not held.goes_on:
            self.expect(True, StaleTokenError, call)
            return
        renewed = self.perform(call)
        assert (renewed.expires_ms, renewed.cancelling) == (self.ledger.now_ms + LEASE_MS, held.task.asked)
        self.ledger.heartbeat(held.task)

    async def _say(self, held: Held, said: Said, times: int) -> list[Any]:
        calls = [
            asyncio.ensure_future(
                self.scheduler.finish(held.office.id, held.execution, held.fence, outcome_of(said))
            )
            for _ in range(times)
        ]
        await self.scheduler.settled()
        return await asyncio.gather(*calls, return_exceptions=True)

    def _hand_over(self) -> None:
        """Whoever asked was answered exactly when the rules say so, with exactly that."""
        for office, asking, ask in list(self.asking):
            assert asking.done() == (ask not in office.asks), "a request waits too long, or not long enough"
            if asking.done():
                leases = asking.result()
                assert [(it.work.task, it.work.fence) for it in leases] == [
                    (task.id, fence) for task, fence in ask.got
                ]
                assert all(it.expires_ms == self.ledger.now_ms + LEASE_MS for it in leases)
                self.asking.remove((office, asking, ask))
                for (task, fence), lease in zip(ask.got, leases, strict=True):
                    batch = next(it for it in office.batches if it.id == lease.work.batch)
                    self.leases.append(Held(office, batch, task, lease.work.execution, fence))

    @precondition(lambda self: self.runner.gone or self.runner.bodies)
    @rule(data=st.data(), how=st.sampled_from(["done", "failed", "cancelled", "lost"]))
    def report_comes_late(self, data: Any, how: str) -> None:
        """From a runner that was thought dead: with an older fence of what runs, or after the end."""
        heard = len(self.bus.facts)
        running = [(work, work.fence - 1) for work, _ in self.runner.bodies.values()]
        gone = [(work, work.fence) for work, _ in self.runner.gone]
        work, fence = data.draw(st.sampled_from(running + gone), "report")
        self.perform(self._report(work.execution, fence, Outcome(state=ExecutionState(how))))
        assert self.bus.facts[heard:] == []

    async def _report(self, execution: str, fence: int, outcome: Outcome) -> None:
        self.scheduler.reports.progressed(execution, fence, 500, None, "on")
        self.scheduler.reports.waiting(execution, fence, 7)
        self.scheduler.reports.learned(execution, fence, "a", RateFacts(retry_ms=60_000))
        assert self.scheduler.reports.reserve(execution, fence, "a", 0) == 0
        self.scheduler.reports.ended(execution, fence, outcome)

    @rule(minutes=st.sampled_from([0.02, 0.05, 0.1, 1, 7, 30]))
    def time_passes(self, minutes: float) -> None:
        self.pass_time(round(minutes * 60_000))

    def pass_time(self, passed_ms: int) -> None:
        passed_ms = min(passed_ms, AWAKE_MS_MAX - self.awake_ms)
        self.awake_ms += passed_ms
        until_ms = self.ledger.now_ms + passed_ms
        while self.ledger.now_ms < until_ms:
            moment_ms = self.ledger.next_moment_ms(until_ms)
            self.perform(self.clock.advance(moment_ms - self.ledger.now_ms))
            self.ledger.now_ms = moment_ms
            self._moment_came()

    def _moment_came(self) -> None:
        self.ledger.moment_came()
        self._learn_backoffs()
        self._hand_over()

    @precondition(
        lambda self: self.ledger.now_ms % 3 == 0
    )  # seldom enough for something to happen in between
    @rule(planned=st.booleans(), down_ms=st.sampled_from([1, 5_000, 20_000, 3_700_000, 40 * 86_400_000]))
    def restart(self, planned: bool, down_ms: int) -> None:
        lost = Said(state="lost")
        running = [(batch, task, lost) for batch, task in self.ledger.running(pulled=False)]
        if planned:
            self.perform(self.scheduler.stop(0))
            self.perform(self.db.close())
            self.ledger.end(running, blameless=True, admit=False)
            self.ledger.stopped()
        gone = self.runner.gone + list(self.runner.bodies.values())
        self.perform(self._die())
        self.ledger.now_ms += down_ms
        if not planned:
            self.ledger.end(running, admit=False)
        self.ledger.restarted()
        self.asking.clear()
        self.awake_ms = 0
        self.clock = FakeClock(self.ledger.now_ms)
        self.db = Database(f"sqlite+aiosqlite:///{self.url}&uri=true")
        self.perform(self._start())
        self.runner.gone = gone
        self.ledger.admit()
        self.perform(self.clock.advance(0))  # leases are looked at
        self._moment_came()

    async def _die(self) -> None:
        self.process.driver.kill()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        with suppress(Exception):  # the pools let go of connections that are dead already
            await self.db.close()
        self.process.driver = Driver(Gate())

    # What holds after each of them.

    @invariant()
    def all_is_as_the_rules_say(self) -> None:
        self._hand_over()
        rows_are_as_the_rules_say(self.rows, self.ledger)
        executions_are_as_the_rules_say(self.rows, self.ledger)
        what_runs_is_what_the_rules_say(self.runner, self.ledger)
        what_was_told_is_true(self.bus, self.runner, self.rows, self.ledger)
        self.ran = nothing_exceeds_its_limits(self.ledger, self.ran)
        assert [entry for entry in self.logs if entry["log_level"] in {"error", "critical"}] == []

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


TestMachine = Machine.TestCase
EXAMPLES = int(os.environ.get("TENDESKS_EXAMPLES", "60"))
# A failure is told as it was found: to make it smaller takes minutes, which only the long version has.
PHASES = [*Phase] if "TENDESKS_EXAMPLES" in os.environ else [Phase.explicit, Phase.reuse, Phase.generate]
TestMachine.settings = settings(max_examples=EXAMPLES, stateful_step_count=40, deadline=None, phases=PHASES)
