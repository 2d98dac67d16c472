import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from server.clock import SystemClock
from server.errors import InvalidInputError, LimitExceededError, UnavailableError
from server.executions.logs import Logs
from server.executions.runner import LocalRunner
from server.kinds.catalogue import catalogue
from server.kinds.contract import Context
from server.model import ExecutionState, Outcome, Reason, Work
from server.settings import Settings
from tests.executions.reports import Reports
from tests.fakes.clock import FakeClock
from tests.kinds.bodies import PYTHON, REAL_LIMIT_S, WORK, children, work

DONE = Outcome(state=ExecutionState.DONE, result=b'{"a":1}')
Body = Callable[[Work, Context], Awaitable[Outcome]]


class TestKind:
    """A kind whose body each test declares."""

    __test__ = False
    name = "test"
    attempts = 1

    def __init__(self, body: Body) -> None:
        self._body = body

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
        return dict(params)

    async def perform(self, work: Work, context: Context) -> Outcome:
        return await self._body(work, context)


class Scene:
    def __init__(self, folder: Path, body: Body) -> None:
        self.clock = FakeClock()
        self.reports = Reports()
        settings = Settings(data=folder)
        self.logs = Logs(settings.logs_folder, self.clock, log_bytes_max=10_000, logs_bytes_max=100_000)
        self.runner = LocalRunner({"test": TestKind(body)}, self.clock, self.logs, settings)

    def begin(self, number: int = 1, **changes: Any) -> Work:
        changes = {"timeout_ms": 3_600_000, **changes}
        the_work = replace(WORK, execution=f"e{number:011}", kind="test", **changes)
        self.runner.begin(the_work, self.reports)
        return the_work

    async def outcome(self, number: int = 1) -> Outcome:
        """Let everything that needs no time happen; return the one end of this execution."""
        await self.clock.advance(0)
        (outcome,) = self.reports.ends(f"e{number:011}")
        return outcome


async def done(work: Work, context: Context) -> Outcome:
    return DONE


async def a_minute(work: Work, context: Context) -> Outcome:
    await context.clock.sleep(60_000)
    return DONE


def raising(error: Exception) -> Body:
    async def body(work: Work, context: Context) -> Outcome:
        raise error

    return body


def returning(outcome: Outcome) -> Body:
    async def body(work: Work, context: Context) -> Outcome:
        return outcome

    return body


async def test_an_end_is_reported_once_with_its_fence(tmp_path: Path) -> None:
    scene = Scene(tmp_path, done)
    scene.begin(fence=7)
    assert scene.reports.told == [], "begin returns before anything happens"
    assert await scene.outcome() == DONE
    await scene.clock.advance(10_000_000)
    assert scene.reports.told == [("ended", "e00000000001", 7, DONE)]


async def test_words_come_before_the_end_and_the_log_is_kept(tmp_path: Path) -> None:
    async def body(work: Work, context: Context) -> Outcome:
        context.log("a line")
        context.progress(100)
        context.progress(900, 5)
        context.note("almost")
        return DONE

    scene = Scene(tmp_path, body)
    scene.begin()
    await scene.outcome()
    assert [entry[0] for entry in scene.reports.told] == ["progressed", "progressed", "ended"]
    assert scene.reports.told[1][3:] == (900, 5, "almost")
    page = await scene.logs.tail("e00000000001")
    assert [text for _, text in page.lines] == ["a line"]
    assert page.ended
    await scene.logs.flush()


async def test_who_takes_too_long_is_ended(tmp_path: Path) -> None:
    scene = Scene(tmp_path, a_minute)
    scene.begin(1, timeout_ms=59_999)
    scene.begin(2, timeout_ms=60_001)
    await scene.clock.advance(59_998)
    assert not scene.reports.told
    await scene.clock.advance(10)
    outcome = await scene.outcome(1)
    assert (outcome.state, outcome.reason) == (ExecutionState.FAILED, Reason.TIMEOUT)
    assert outcome.message == "took longer than 59 s"
    assert outcome.retryable
    assert await scene.outcome(2) == DONE


async def test_cancelled_is_cancelled_once(tmp_path: Path) -> None:
    scene = Scene(tmp_path, a_minute)
    scene.begin()
    await scene.clock.advance(10)
    scene.runner.cancel("e00000000001")
    scene.runner.cancel("e00000000001")
    assert (await scene.outcome()).state is ExecutionState.CANCELLED
    scene.runner.cancel("e00000000001")
    scene.runner.cancel("unknown")
    await scene.clock.advance(10_000_000)
    assert len(scene.reports.told) == 1


async def test_cancelled_before_its_first_step_still_ends(tmp_path: Path) -> None:
    scene = Scene(tmp_path, done)
    scene.begin()
    scene.runner.cancel("e00000000001")
    assert (await scene.outcome()).state is ExecutionState.CANCELLED


async def test_a_body_takes_its_time_to_end_and_keeps_its_place_until_then(tmp_path: Path) -> None:
    async def body(work: Work, context: Context) -> Outcome:
        try:
            await context.clock.sleep(60_000)
        except asyncio.CancelledError:
            await context.clock.sleep(5_000)
            raise
        return DONE

    scene = Scene(tmp_path, body)
    scene.begin(timeout_ms=10_000)
    await scene.clock.advance(6_000)
    scene.runner.cancel("e00000000001")
    await scene.clock.advance(4_999)  # the timeout falls into its goodbye and changes nothing
    assert not scene.reports.told
    await scene.clock.advance(1)
    assert (await scene.outcome()).state is ExecutionState.CANCELLED


@pytest.mark.parametrize(
    ("returned", "state"),
    [
        (DONE, ExecutionState.DONE),
        (
            Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="killed by SIGTERM"),
            ExecutionState.CANCELLED,
        ),
    ],
)
async def test_a_cancelled_body_that_says_how_it_ended(
    tmp_path: Path, returned: Outcome, state: ExecutionState
) -> None:
    async def body(work: Work, context: Context) -> Outcome:
        try:
            await context.clock.sleep(60_000)
        except asyncio.CancelledError:
            return returned
        return DONE

    scene = Scene(tmp_path, body)
    scene.begin()
    await scene.clock.advance(10)
    scene.runner.cancel("e00000000001")
    assert (await scene.outcome()).state is state


async def test_a_cancellation_that_comes_with_the_end_changes_nothing(tmp_path: Path) -> None:
    failed = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="exit 1")
    ends: list[asyncio.Future[Outcome]] = []

    async def body(work: Work, context: Context) -> Outcome:
        ends.append(asyncio.get_running_loop().create_future())
        return await ends[0]

    scene = Scene(tmp_path, body)
    scene.begin(timeout_ms=60_000)
    await scene.clock.advance(59_999)
    ends[0].set_result(failed)
    await asyncio.sleep(0)  # the body has returned; what follows its end has not happened yet
    scene.runner.cancel("e00000000001")
    assert await scene.outcome() == failed


@pytest.mark.parametrize(
    ("error", "reason", "retryable"),
    [
        (InvalidInputError("not so"), Reason.INVALID, False),
        (LimitExceededError("not so"), Reason.LIMIT, True),
        (UnavailableError("not so"), Reason.UNREACHABLE, True),
    ],
)
async def test_errors_with_words_are_told_in_them(
    tmp_path: Path, error: Exception, reason: Reason, retryable: bool
) -> None:
    scene = Scene(tmp_path, raising(error))
    scene.begin()
    outcome = await scene.outcome()
    assert (outcome.state, outcome.reason, outcome.message, outcome.retryable) == (
        ExecutionState.FAILED,
        reason,
        "not so",
        retryable,
    )


async def test_a_defect_is_told_without_its_insides_and_logged_with_them(tmp_path: Path) -> None:
    scene = Scene(tmp_path, raising(ZeroDivisionError("inside out")))
    with capture_logs() as said:
        scene.begin(params={"env": {"KEY": "very-secret"}})
        outcome = await scene.outcome()
    assert (outcome.state, outcome.reason) == (ExecutionState.FAILED, Reason.EXIT)
    assert "ZeroDivisionError" in (outcome.message or "")
    assert "inside out" not in (outcome.message or "")
    (entry,) = said
    assert (entry["kind"], entry["execution"]) == ("test", "e00000000001")
    assert "in body" in entry["exception"]
    assert "very-secret" not in repr(entry)


async def test_an_unknown_kind_ends_as_invalid(tmp_path: Path) -> None:
    scene = Scene(tmp_path, done)
    scene.runner.begin(replace(WORK, kind="nosuch"), scene.reports)
    outcome = await scene.outcome()
    assert (outcome.reason, outcome.retryable) == (Reason.INVALID, False)
    assert "nosuch" in (outcome.message or "")


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (b"{'a': 1}", Reason.INVALID),
        (b"", Reason.INVALID),
        (b"NaN", Reason.INVALID),
        (b'"\xff"', Reason.INVALID),
        (b'"' + b"x" * 64 * 1024 + b'"', Reason.LIMIT),
    ],
)
async def test_no_result_passes_that_is_no_json_or_too_large(
    tmp_path: Path, result: bytes, reason: Reason
) -> None:
    scene = Scene(tmp_path, returning(Outcome(state=ExecutionState.DONE, result=result)))
    scene.begin()
    outcome = await scene.outcome()
    assert (outcome.state, outcome.reason, outcome.result) == (ExecutionState.FAILED, reason, None)


async def test_the_same_execution_cannot_begin_twice(tmp_path: Path) -> None:
    scene = Scene(tmp_path, a_minute)
    scene.begin()
    with pytest.raises(ValueError, match="e00000000001 again"):
        scene.begin()
    await scene.clock.advance(60_000)
    assert await scene.outcome() == DONE


async def test_stop_waits_for_what_ends_in_time_and_loses_the_rest(tmp_path: Path) -> None:
    async def body(work: Work, context: Context) -> Outcome:
        await context.clock.sleep(int(work.title))
        return DONE

    scene = Scene(tmp_path, body)
    scene.begin(1, title="1000")
    scene.begin(2, title="100000")
    await scene.clock.advance(10)
    stopping = asyncio.ensure_future(scene.runner.stop(5_000))
    await scene.clock.advance(4_999)
    assert not stopping.done()
    assert await scene.outcome(1) == DONE
    await scene.clock.advance(1)
    outcome = await scene.outcome(2)
    assert (outcome.state, outcome.reason) == (ExecutionState.LOST, Reason.LOST)
    await stopping
    scene.begin(3, title="0")
    assert (await scene.outcome(3)).state is ExecutionState.LOST
    await scene.runner.stop(5_000)


async def test_stop_returns_as_soon_as_nothing_is_under_way(tmp_path: Path) -> None:
    scene = Scene(tmp_path, a_minute)
    await scene.runner.stop(5_000)
    scene = Scene(tmp_path, a_minute)
    scene.begin()
    await scene.clock.advance(59_000)
    stopping = asyncio.ensure_future(scene.runner.stop(5_000))
    await scene.clock.advance(1_000)
    assert stopping.done()
    assert await scene.outcome() == DONE


async def test_who_is_in_a_hurry_may_stop_again(tmp_path: Path) -> None:
    scene = Scene(tmp_path, a_minute)
    scene.begin()
    await scene.clock.advance(10)
    patient = asyncio.ensure_future(scene.runner.stop(50_000))
    await scene.clock.advance(1_000)
    hasty = asyncio.ensure_future(scene.runner.stop(0))
    await scene.clock.advance(0)
    assert (await scene.outcome()).state is ExecutionState.LOST
    await asyncio.gather(patient, hasty)


async def test_a_thousand_at_once_end_once_each(tmp_path: Path) -> None:
    async def body(work: Work, context: Context) -> Outcome:
        context.note(work.execution)
        await context.clock.sleep(int(work.execution[1:]) % 7)
        return DONE

    scene = Scene(tmp_path, body)
    for number in range(1000):
        scene.begin(number)
    for number in range(0, 1000, 10):
        scene.runner.cancel(f"e{number:011}")
    await scene.clock.advance(100)
    for number in range(1000):
        (outcome,) = scene.reports.ends(f"e{number:011}")
        assert outcome.state is (ExecutionState.DONE if number % 10 else ExecutionState.CANCELLED)


async def real_end(folder: Path, the_work: Work, cancel: bool = False) -> tuple[Outcome, list[str]]:
    """Carry a real command out; return how it ended and its log."""
    settings, clock, ended = Settings(data=folder), SystemClock(), asyncio.Event()
    logs = Logs(settings.logs_folder, clock, log_bytes_max=1 << 20, logs_bytes_max=1 << 30)
    runner = LocalRunner(catalogue(settings), clock, logs, settings)

    class Ends(Reports):
        def ended(self, execution: str, fence: int, outcome: Outcome) -> None:
            super().ended(execution, fence, outcome)
            ended.set()

    reports = Ends()
    runner.begin(the_work, reports)
    if cancel:
        runner.cancel(the_work.execution)
    await asyncio.wait_for(ended.wait(), REAL_LIMIT_S)
    await runner.stop(0)
    await logs.flush()
    (outcome,) = reports.ends(the_work.execution)
    return outcome, [text for _, text in (await logs.tail(the_work.execution)).lines]


async def test_a_real_command_from_begin_to_log(tmp_path: Path) -> None:
    script = "print('::progress 0.5 half'); print('working'); print([1, 2])"
    outcome, log = await real_end(tmp_path, work([PYTHON, "-c", script]))
    assert outcome == Outcome(state=ExecutionState.DONE, result=b"[1, 2]")
    assert log == ["::progress 0.5 half", "working", "[1, 2]"]


@pytest.mark.parametrize("cancel", [False, True])
async def test_a_real_command_is_ended_by_timeout_and_by_cancelling(tmp_path: Path, cancel: bool) -> None:
    outcome, _ = await real_end(
        tmp_path, work(["sh", "-c", "sleep 1000 & sleep 1000"], timeout_ms=50), cancel
    )
    assert outcome.state is (ExecutionState.CANCELLED if cancel else ExecutionState.FAILED)
    assert outcome.message == (None if cancel else "took longer than 50 ms")
    assert not children()


async def test_no_message_holds_what_looks_like_a_key(tmp_path: Path) -> None:
    said = "exit 1: got Authorization: Bearer sk-0123456789abcdef"
    outcome = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message=said)
    scene = Scene(tmp_path, returning(outcome))
    scene.begin()
    assert (await scene.outcome()).message == "exit 1: got Authorization: Bearer sk-…"
