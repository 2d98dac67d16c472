"""A provider's limits are shared by all of a user's batches: short waits keep the slot, long ones give it back."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from server.executions.contract import Report
from server.model import Allowance, BatchState, Blocked, ExecutionState, Outcome, RateFacts, Work
from server.scheduler.limits import Limits
from simulation.inputs import QueueChanged, Waiting
from tests.fakes.office import House, house, scheduler_over
from tests.fakes.runner import FakeRunner

KEY = "platform:api.example.com"
PUT_BACK = Outcome(state=ExecutionState.CANCELLED, put_back=True)
Answer = Callable[[Work], RateFacts]


class AskingRunner(FakeRunner):
    """Bodies that ask a provider once, which answers after a second, unless there is no turn for them."""

    answer: Answer = staticmethod(lambda _work: RateFacts())

    def begin(self, work: Work, report: Report) -> None:
        super().begin(work, report)
        self._clock.call_later(0, lambda: self._ask(work, report))

    def _ask(self, work: Work, report: Report) -> None:
        wait_ms = report.reserve(work.execution, work.fence, KEY, 0)
        if wait_ms is None:
            self.end(work.execution, PUT_BACK)
            return
        if wait_ms:
            report.waiting(work.execution, work.fence, self._clock.now_ms() + wait_ms)
        self._clock.call_later(wait_ms + 1_000, lambda: self._answered(work, report))

    def _answered(self, work: Work, report: Report) -> None:
        facts = self.answer(work)
        report.learned(work.execution, work.fence, KEY, facts)
        if facts.retry_ms is None:
            self.end(work.execution)
        else:
            self._ask(work, report)


@asynccontextmanager
async def asking(path: Path, answer: Answer, **given: object) -> AsyncIterator[House]:
    async with house(path, lasting=lambda _work: None, **given) as it:  # type: ignore[arg-type]
        runner = AskingRunner(it.clock, lasting=lambda _work: None)
        runner.answer = answer  # type: ignore[method-assign]
        it.runner = it.scheduler._engine.runner = runner
        yield it


def limited(requests: int) -> Answer:
    return lambda _work: RateFacts(requests=Allowance(limit=requests))


async def states(it: House) -> dict[str, int]:
    return dict(await it.select("SELECT state, count(*) FROM executions GROUP BY state"))


async def test_a_known_limit_paces_the_starts_and_nobody_is_put_back(tmp_path: Path) -> None:
    async with asking(tmp_path, limited(60), tier="pro") as it:
        batch = await it.submit(400)
        await it.clock.advance(180_000)
        row = await it.row(batch.id)
        assert 180 <= row.done <= 260  # one a second, and a minute's worth to begin with
        assert set(await states(it)) <= {"done", "running"}
        assert row.running <= 10


async def test_a_refusal_for_long_gives_slot_and_desk_back_and_says_until_when(tmp_path: Path) -> None:
    refusals = [RateFacts(retry_ms=30_000)]

    def answer(_work: Work) -> RateFacts:
        return refusals.pop() if refusals else RateFacts()

    async with asking(tmp_path, answer, tier="free") as it:
        start_ms = it.clock.now_ms()
        batch = await it.submit(3)
        await it.clock.advance(1_000)
        row = await it.row(batch.id)
        until_ms = start_ms + 31_000
        assert (row.state, row.blocked, row.until_ms) == (BatchState.WAITING, Blocked.RATELIMIT, until_ms)
        assert (row.running, row.waiting, row.failed) == (0, 3, 0)
        told = it.bus.of(QueueChanged)[-1]
        assert isinstance(told, QueueChanged)
        assert (told.blocked, told.until_ms, told.waiting) == ("ratelimit", until_ms, 3)
        await it.clock.advance(29_999)
        assert len(it.runner.begun) == 1
        await it.clock.advance(1)
        assert [work.title for work in it.runner.begun] == ["Task 0", "Task 0"]  # the head of its batch
        assert [(work.attempt, work.fence) for work in it.runner.begun] == [(1, 1), (1, 2)]
        await it.minutes(1)
        assert (await it.row(batch.id)).state is BatchState.DONE
        assert await it.select("SELECT used FROM usage") == [(3,)]
        assert await states(it) == {"cancelled": 1, "done": 3}


async def test_one_batch_learns_for_all_and_others_go_on(tmp_path: Path) -> None:
    refused: list[str] = []

    def answer(work: Work) -> RateFacts:
        if work.kind == "chat" and not refused:
            refused.append(work.execution)
            return RateFacts(retry_ms=60_000)
        return RateFacts()

    async with asking(tmp_path, answer, tier="pro") as it:
        first, second = await it.submit(1, kind="chat"), await it.submit(1, kind="chat")
        await it.clock.advance(1_000)
        await it.clock.advance(1_000)
        third = await it.submit(5, kind="chat")  # knows nothing of a key yet: asks, and is put back
        await it.clock.advance(1_000)
        rows = [await it.row(batch.id) for batch in (first, second, third)]
        assert [row.blocked for row in rows] == [Blocked.RATELIMIT, None, Blocked.RATELIMIT]
        await it.minutes(2)
        assert [(await it.row(batch.id)).done for batch in (first, second, third)] == [1, 1, 5]


async def test_a_short_wait_keeps_the_slot_and_is_said(tmp_path: Path) -> None:
    refusals = [RateFacts(retry_ms=8_000)]
    async with asking(tmp_path, lambda _work: refusals.pop() if refusals else RateFacts(), tier="free") as it:
        batch = await it.submit(1)
        await it.clock.advance(1_000)
        row = await it.row(batch.id)
        assert (row.running, row.blocked) == (1, None)
        waits = it.bus.of(Waiting)
        assert [wait.until_ms for wait in waits if isinstance(wait, Waiting)] == [it.clock.now_ms() + 8_000]
        await it.clock.advance(9_000)
        assert (await it.row(batch.id)).done == 1
        assert await states(it) == {"done": 1}


async def test_what_is_put_back_while_it_is_cancelled_is_cancelled(tmp_path: Path) -> None:
    async with asking(tmp_path, lambda _work: RateFacts(retry_ms=60_000), tier="free") as it:
        batch = await it.submit(1)
        ((task,),) = await it.select("SELECT id FROM tasks")
        it.runner.cancel = lambda _execution: None  # type: ignore[method-assign]  # it is deaf, and put back
        await it.scheduler.cancel_task("o1", task)
        await it.clock.advance(1_000)
        assert (await it.row(batch.id)).state is BatchState.CANCELLED


async def test_a_turn_is_used_once(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        await it.submit(1)
        (running,) = it.scheduler._index.executions.values()
        limits = Limits(it.scheduler._engine)
        limits.learn(running, KEY, RateFacts(requests=Allowance(limit=60, remaining=0)))
        running.turn_ms = it.clock.monotonic_ms()  # as if its admission had reserved it
        assert limits.reserve(running, KEY, 0) == 0
        assert limits.reserve(running, KEY, 0) == 1_000


async def test_a_clock_that_is_set_back_prolongs_no_wait(tmp_path: Path) -> None:
    refusals = [RateFacts(retry_ms=60_000)]
    async with asking(tmp_path, lambda _work: refusals.pop() if refusals else RateFacts(), tier="free") as it:
        batch = await it.submit(1)
        await it.clock.advance(1_000)
        it.clock.set_wall(it.clock.now_ms() - 86_400_000)
        await it.clock.advance(62_000)
        assert (await it.row(batch.id)).done == 1


async def test_after_a_restart_the_limit_is_learned_anew(tmp_path: Path) -> None:
    async with asking(tmp_path, lambda _work: RateFacts(retry_ms=60_000), tier="free") as it:
        batch = await it.submit(1)
        await it.clock.advance(1_000)
        assert (await it.row(batch.id)).blocked is Blocked.RATELIMIT
        await it.scheduler.stop(0)
        it.scheduler = scheduler_over(it.db, it.clock, it.bus, FakeRunner(it.clock))
        await it.scheduler.start()
        await it.scheduler.settled()
        row = await it.row(batch.id)
        assert (row.state, row.blocked) == (BatchState.RUNNING, None)


async def test_a_key_opens_when_it_was_said_although_it_is_refused_for_a_moment_longer(
    tmp_path: Path,
) -> None:
    """Who starts then waits at its desk: a wait that short keeps its slot."""
    async with house(tmp_path, tier="pro", lasting=lambda _work: None) as it:
        batch = await it.submit(12, kind="chat")
        first, second = [work for work, _ in it.runner.running.values()][:2]
        start_ms = it.clock.now_ms()
        it.scheduler.reports.learned(first.execution, first.fence, KEY, RateFacts(retry_ms=12_000))
        await it.clock.advance(11_000)
        it.scheduler.reports.learned(second.execution, second.fence, KEY, RateFacts(retry_ms=5_000))
        it.runner.end(first.execution)
        await it.clock.advance(999)
        row = await it.row(batch.id)
        assert (row.blocked, row.until_ms, len(it.runner.begun)) == (Blocked.RATELIMIT, start_ms + 12_000, 10)
        await it.clock.advance(1)
        row = await it.row(batch.id)
        assert (row.blocked, row.until_ms, len(it.runner.begun)) == (None, None, 11)
        newest = it.runner.begun[-1]
        assert it.scheduler.reports.reserve(newest.execution, newest.fence, KEY, 0) == 4_000


async def test_a_batch_that_turns_out_to_use_a_key_that_is_shut_says_so_at_once(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        await it.submit(1, kind="chat")
        second = await it.submit(9, kind="chat")
        first, other = [work for work, _ in it.runner.running.values()][:2]
        it.scheduler.reports.learned(first.execution, first.fence, KEY, RateFacts(retry_ms=60_000))
        await it.scheduler.settled()
        assert (await it.row(second.id)).blocked is None  # nobody knows yet that it asks with the same key
        it.scheduler.reports.learned(other.execution, other.fence, KEY, RateFacts())
        await it.scheduler.settled()
        row = await it.row(second.id)
        assert (row.blocked, row.until_ms) == (Blocked.RATELIMIT, it.clock.now_ms() + 60_000)


async def test_a_key_that_is_refused_for_longer_while_it_is_shut_opens_when_it_was_said_last(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, tier="starter", lasting=lambda _work: None) as it:
        batch = await it.submit(9, kind="chat")
        first, second = [work for work, _ in it.runner.running.values()][:2]
        start_ms = it.clock.now_ms()
        it.scheduler.reports.learned(first.execution, first.fence, KEY, RateFacts(retry_ms=10_001))
        await it.clock.advance(3_400)
        it.scheduler.reports.learned(second.execution, second.fence, KEY, RateFacts(retry_ms=10_001))
        it.runner.end(first.execution)
        await it.clock.advance(10_000)
        row = await it.row(batch.id)
        assert (row.blocked, row.until_ms, len(it.runner.begun)) == (Blocked.RATELIMIT, start_ms + 13_401, 3)
        await it.clock.advance(1)
        assert ((await it.row(batch.id)).blocked, len(it.runner.begun)) == (None, 4)
