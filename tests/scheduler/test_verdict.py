"""What an end makes of a task: the first end counts, attempts and losses are told apart, backoffs grow."""

import pytest

from server.model import ExecutionState, Outcome, Reason, TaskState
from server.scheduler.verdict import BACKOFF_MAX_MS, LOSSES_MAX, Trial, backoff_ms, verdict

FAILED = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="exit 1")
LOST = Outcome(state=ExecutionState.LOST)


def trial(**changes: object) -> Trial:
    given = {"execution": "e1", "attempt": 1, "attempts": 3, "losses": 0, "cancelling": False}
    return Trial(**{**given, **changes})  # type: ignore[arg-type]


def test_done_is_done_also_when_a_cancel_was_asked_for() -> None:
    assert (
        verdict(trial(cancelling=True), Outcome(state=ExecutionState.DONE), now_ms=0).state is TaskState.DONE
    )


def test_a_failed_attempt_waits_for_the_next_and_keeps_its_reason() -> None:
    said = verdict(trial(), FAILED, now_ms=1_000)
    assert (said.state, said.attempt, said.reason, said.message) == (
        TaskState.WAITING,
        1,
        Reason.EXIT,
        "exit 1",
    )
    assert said.ready_ms == 1_000 + backoff_ms("e1", 1)


@pytest.mark.parametrize("changes", [{"attempt": 3}, {"attempts": 1}])
def test_the_last_attempt_is_final(changes: dict[str, int]) -> None:
    said = verdict(trial(**changes), FAILED, now_ms=0)
    assert (said.state, said.ready_ms) == (TaskState.FAILED, None)


def test_what_cannot_be_retried_is_final_at_once() -> None:
    outcome = Outcome(state=ExecutionState.FAILED, reason=Reason.INVALID, retryable=False)
    assert verdict(trial(), outcome, now_ms=0).state is TaskState.FAILED


def test_a_failure_after_a_cancel_was_asked_for_gets_no_further_attempt() -> None:
    assert verdict(trial(cancelling=True), FAILED, now_ms=0).state is TaskState.CANCELLED
    assert verdict(trial(cancelling=True, attempt=3), FAILED, now_ms=0).state is TaskState.FAILED


def test_a_loss_gives_the_attempt_back_and_the_third_is_final() -> None:
    said = verdict(trial(attempt=2, losses=1), LOST, now_ms=0)
    assert (said.state, said.attempt, said.losses, said.ready_ms) == (TaskState.WAITING, 1, 2, None)
    last = verdict(trial(attempt=2, losses=LOSSES_MAX - 1), LOST, now_ms=0)
    assert (last.state, last.attempt, last.reason) == (TaskState.FAILED, 1, Reason.LOST)


def test_a_blameless_loss_is_not_counted() -> None:
    said = verdict(trial(losses=2), LOST, now_ms=0, blameless=True)
    assert (said.state, said.attempt, said.losses) == (TaskState.WAITING, 0, 2)


def test_a_lost_execution_that_was_to_be_cancelled_is() -> None:
    assert verdict(trial(cancelling=True), LOST, now_ms=0).state is TaskState.CANCELLED


def test_running_is_no_end() -> None:
    with pytest.raises(ValueError, match="got running"):
        verdict(trial(), Outcome(state=ExecutionState.RUNNING), now_ms=0)


def test_backoffs_double_with_a_quarter_of_jitter_and_have_a_limit() -> None:
    for attempt in range(1, 30):
        straight = min(2_000 * 2 ** (attempt - 1), BACKOFF_MAX_MS)
        waits = [backoff_ms(f"e{number}", attempt) for number in range(200)]
        assert min(waits) >= straight * 3 // 4
        assert max(waits) <= straight * 5 // 4
        assert len(set(waits)) > 100
    assert backoff_ms("e1", 3) == backoff_ms("e1", 3)
    assert backoff_ms("e1", 1, least_ms=90_000) == 90_000


def test_what_is_put_back_or_halts_its_batch_gives_the_attempt_back() -> None:
    for outcome in (
        Outcome(state=ExecutionState.CANCELLED, put_back=True),
        Outcome(state=ExecutionState.FAILED, halts=True, message="gone"),
    ):
        said = verdict(trial(attempt=3, losses=2), outcome, now_ms=0)
        assert (said.state, said.attempt, said.losses, said.ready_ms) == (TaskState.WAITING, 2, 2, None)
        asked = verdict(trial(attempt=3, losses=2, cancelling=True), outcome, now_ms=0)
        assert (asked.state, asked.attempt, asked.losses) == (TaskState.CANCELLED, 2, 2)
