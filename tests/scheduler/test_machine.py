"""Any history of submissions, controls, ends, late reports, hours and restarts, step by step against the rules in plain Python."""

import asyncio
import os
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from server.errors import AlreadyEndedError, ConflictError, StaleTokenError
from server.model import ExecutionState, Outcome, RateFacts
from server.store.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import LEASE_MS, End
from tests.fakes.ledger_rows import (
    executions_are_as_the_rules_say,
    nothing_exceeds_its_limits,
    rows_are_as_the_rules_say,
    what_runs_is_what_the_rules_say,
    what_was_told_is_true,
)
from tests.fakes.ledger_things import Said
from tests.fakes.machine import (
    AWAKE_MS_MAX,
    HOW,
    KINDS,
    PLANS,
    PUT_BACK,
    SAYS,
    Held,
    MachineHouse,
    id_of,
    key_of,
    outcome_of,
)


class Machine(MachineHouse):
    """Its rules, and what holds after each of them."""

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


TestMachine = Machine.TestCase
EXAMPLES = int(os.environ.get("TENDESKS_EXAMPLES", "60"))
# A failure is told as it was found: to make it smaller takes minutes, which only the long version has.
PHASES = [*Phase] if "TENDESKS_EXAMPLES" in os.environ else [Phase.explicit, Phase.reuse, Phase.generate]
TestMachine.settings = settings(max_examples=EXAMPLES, stateful_step_count=40, deadline=None, phases=PHASES)
