"""What the end of an execution makes of its task (pure): an end, another attempt later, or a place at the head again."""

from dataclasses import dataclass
from zlib import crc32

from server.model import ExecutionState, Outcome, Reason, TaskState

LOSSES_MAX = 3
BACKOFF_FIRST_MS = 2_000
BACKOFF_MAX_MS = 300_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """The execution that ended: the `attempt` it was of `attempts`, and whether its end had been asked for."""

    execution: str
    attempt: int
    attempts: int
    losses: int
    cancelling: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The task's next state. Waiting with `ready_ms`: not before then; without: at once, at the head of its batch."""

    state: TaskState
    attempt: int
    losses: int
    ready_ms: int | None = None
    reason: Reason | None = None
    message: str | None = None


def verdict(trial: Trial, outcome: Outcome, *, now_ms: int, blameless: bool = False) -> Verdict:
    """Judge an end. A `blameless` loss is our own doing (a planned stop) and is not counted."""
    match outcome.state:
        case ExecutionState.DONE:
            return Verdict(state=TaskState.DONE, attempt=trial.attempt, losses=trial.losses)
        case ExecutionState.CANCELLED:
            return _put_back(trial) if outcome.put_back else _cancelled(trial, outcome.message)
        case ExecutionState.LOST:
            return _lost(trial, blameless=blameless)
        case ExecutionState.FAILED:
            return _failed(trial, outcome, now_ms)
        case ExecutionState.RUNNING:
            raise ValueError("outcome: expected a state in which an execution has ended, got running")


def backoff_ms(execution: str, attempt: int, least_ms: int | None = None) -> int:
    """Return how long to wait after a failed attempt (from 1): doubling from 2 s to 5 min, a quarter more or less.

    The jitter comes from the execution's id, so that a history replayed gives the same times.
    """
    straight = min(BACKOFF_FIRST_MS << min(attempt - 1, 16), BACKOFF_MAX_MS)
    jitter = crc32(execution.encode()) % 501 - 250  # per mille
    return max(straight + straight * jitter // 1000, least_ms or 0)


def _cancelled(trial: Trial, message: str | None) -> Verdict:
    return Verdict(state=TaskState.CANCELLED, attempt=trial.attempt, losses=trial.losses, message=message)


def _put_back(trial: Trial) -> Verdict:
    """Its place at the head of its batch again, as if it had never been tried."""
    state = TaskState.CANCELLED if trial.cancelling else TaskState.WAITING
    return Verdict(state=state, attempt=trial.attempt - 1, losses=trial.losses)


def _lost(trial: Trial, *, blameless: bool) -> Verdict:
    """A lost execution gives its attempt back; the third loss in a row of restarts is final."""
    losses = trial.losses if blameless else trial.losses + 1
    attempt = trial.attempt - 1
    if trial.cancelling:
        return Verdict(state=TaskState.CANCELLED, attempt=attempt, losses=losses)
    if losses >= LOSSES_MAX:
        return Verdict(
            state=TaskState.FAILED, attempt=attempt, losses=losses, reason=Reason.LOST, message="runner lost"
        )
    return Verdict(state=TaskState.WAITING, attempt=attempt, losses=losses)


def _failed(trial: Trial, outcome: Outcome, now_ms: int) -> Verdict:
    if outcome.halts:
        return _put_back(trial)
    if trial.attempt >= trial.attempts or not outcome.retryable:
        return Verdict(
            state=TaskState.FAILED, attempt=trial.attempt, losses=trial.losses,
            reason=outcome.reason, message=outcome.message,
        )  # fmt: skip
    if trial.cancelling:
        return _cancelled(trial, outcome.message)
    wait_ms = backoff_ms(trial.execution, trial.attempt, outcome.retry_after_ms)
    return Verdict(
        state=TaskState.WAITING, attempt=trial.attempt, losses=trial.losses, ready_ms=now_ms + wait_ms,
        reason=outcome.reason, message=outcome.message,
    )  # fmt: skip
