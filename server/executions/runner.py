"""Carries executions out in this process: one asyncio task for each, with its timeout, its cancellation and its end."""

import asyncio
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial

import orjson
import structlog

from server.clock import Clock, Timer
from server.errors import LimitExceededError, RateLimitedError, TenDesksError, UnavailableError
from server.executions.context import ReportingContext
from server.executions.contract import Report
from server.executions.log import Log
from server.executions.logs import Logs
from server.kinds.contract import Kind
from server.kinds.wording import spoken
from server.model import ExecutionState, Outcome, Reason, Work
from server.settings import Settings
from server.vault.redaction import redacted

_diary = structlog.get_logger(__name__)


class Ending(Enum):
    """Why a body is asked to end before it has done so by itself. The first asking counts."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"
    STOPPED = "stopped"


@dataclass(kw_only=True, slots=True, eq=False)
class _Execution:
    """One execution under way."""

    work: Work
    report: Report
    context: ReportingContext
    log: Log
    task: asyncio.Task[Outcome]
    timeout: Timer
    ending: Ending | None = None


class LocalRunner:
    """Satisfies server.executions.contract.Runner. All calls belong on the event loop."""

    def __init__(self, kinds: Mapping[str, Kind], clock: Clock, logs: Logs, settings: Settings) -> None:
        self._kinds = kinds
        self._clock = clock
        self._logs = logs
        self._result_bytes_max = settings.result_bytes_max
        self._under_way: dict[str, _Execution] = {}
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    def begin(self, work: Work, report: Report) -> None:
        """See Runner. After `stop` nothing begins: it is reported as LOST."""
        if work.execution in self._under_way:
            raise ValueError(f"expected an execution that is not under way, got {work.execution} again")
        log = self._logs.begin(work.execution)
        context = ReportingContext(work, report, log, self._clock)
        task = asyncio.get_running_loop().create_task(self._perform(work, context))
        timeout = self._clock.call_later(
            work.timeout_ms, partial(self._end, work.execution, Ending.TIMED_OUT)
        )
        execution = _Execution(work=work, report=report, context=context, log=log, task=task, timeout=timeout)
        self._under_way[work.execution] = execution
        self._idle.clear()
        # The end is told by a callback and not by the task itself: a task cancelled before its first step never runs.
        task.add_done_callback(partial(self._ended, execution))
        if self._stopping:
            self._end(work.execution, Ending.STOPPED)

    def alive(self) -> Collection[str]:
        """See Runner."""
        return self._under_way.keys()

    def cancel(self, execution: str) -> None:
        """See Runner."""
        self._end(execution, Ending.CANCELLED)

    async def stop(self, grace_ms: int) -> None:
        """See Runner. Called once more while it stops, the shorter grace period counts."""
        self._stopping = True
        deadline = self._clock.call_later(grace_ms, self._end_all)
        try:
            await self._idle.wait()
        finally:
            deadline.cancel()

    async def _perform(self, work: Work, context: ReportingContext) -> Outcome:
        kind = self._kinds.get(work.kind)
        if kind is None:
            return _failed(Reason.INVALID, f"this server has no kind {work.kind}", retryable=False)
        return await kind.perform(work, context)

    def _end_all(self) -> None:
        for execution in list(self._under_way):
            self._end(execution, Ending.STOPPED)

    def _end(self, execution: str, ending: Ending) -> None:
        found = self._under_way.get(execution)
        if found is not None and found.ending is None and found.task.cancel():
            found.ending = ending

    def _ended(self, execution: _Execution, task: asyncio.Task[Outcome]) -> None:
        execution.timeout.cancel()
        execution.context.close()
        execution.log.end()
        del self._under_way[execution.work.execution]
        execution.report.ended(execution.work.execution, execution.work.fence, self._outcome(execution, task))
        if not self._under_way:
            self._idle.set()

    def _outcome(self, execution: _Execution, task: asyncio.Task[Outcome]) -> Outcome:
        """Say how it ended: a body that was done before it could be ended is done."""
        work, ending = execution.work, execution.ending
        if task.cancelled():
            return _asked_to_end(work, ending or Ending.STOPPED)  # by nobody here: the process is going down
        error = task.exception()
        outcome = self._sound(task.result()) if error is None else _of_error(work, error)
        outcome = _told(outcome)
        if ending is None or outcome.state is ExecutionState.DONE:
            return outcome
        return _asked_to_end(work, ending)

    def _sound(self, outcome: Outcome) -> Outcome:
        """Let no result through that is too large or no JSON, whichever kind it comes from."""
        if outcome.result is None:
            return outcome
        if len(outcome.result) > self._result_bytes_max:
            return _failed(
                Reason.LIMIT,
                f"expected a result of at most {self._result_bytes_max:,} bytes (result_bytes_max), "
                f"got {len(outcome.result):,}",
            )
        try:
            orjson.loads(outcome.result)
        except orjson.JSONDecodeError as error:
            return _failed(Reason.INVALID, f"expected JSON as the result, got something else: {error}")
        return outcome


def _told(outcome: Outcome) -> Outcome:
    """Without what looks like a key: a message goes into rows and frames, and may be anybody's words."""
    return outcome if outcome.message is None else replace(outcome, message=redacted(outcome.message))


def _asked_to_end(work: Work, ending: Ending) -> Outcome:
    match ending:
        case Ending.CANCELLED:
            return Outcome(state=ExecutionState.CANCELLED)
        case Ending.TIMED_OUT:
            return _failed(Reason.TIMEOUT, f"took longer than {spoken(work.timeout_ms)}")
        case Ending.STOPPED:
            return Outcome(state=ExecutionState.LOST, reason=Reason.LOST, message="the server was stopped")


def _of_error(work: Work, error: BaseException) -> Outcome:
    if isinstance(error, RateLimitedError):
        return Outcome(state=ExecutionState.CANCELLED, message=error.detail, put_back=True)
    if isinstance(error, LimitExceededError):
        return _failed(Reason.LIMIT, error.detail)
    if isinstance(error, UnavailableError):
        return _failed(Reason.UNREACHABLE, error.detail)
    if isinstance(error, TenDesksError):
        return _failed(Reason.INVALID, error.detail, retryable=False)
    # Formatted here, without the values of variables: those of a body's environment are in no log.
    _diary.error(
        "a kind failed unexpectedly",
        kind=work.kind,
        execution=work.execution,
        exception="".join(traceback.format_exception(error)),
    )
    return _failed(
        Reason.EXIT,
        f"the kind {work.kind} failed unexpectedly ({type(error).__name__}); the server's log says where",
    )


def _failed(reason: Reason, message: str, *, retryable: bool = True) -> Outcome:
    return Outcome(state=ExecutionState.FAILED, reason=reason, message=message, retryable=retryable)
