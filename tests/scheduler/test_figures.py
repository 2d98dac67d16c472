"""A batch's counts always add up, and its state follows from them."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.model import BatchState, Blocked, TaskState
from server.scheduler.figures import Figures

ENDS = st.sampled_from([TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED, TaskState.WAITING])


def figures_of(waiting: int, **changes: object) -> Figures:
    given = {
        "state": BatchState.QUEUED, "blocked": None, "until_ms": None, "reason": None, "cancelling": False, "turn": 0,
        "total": waiting, "waiting": waiting, "running": 0, "done": 0, "failed": 0, "cancelled": 0,
        "started_ms": None, "ended_ms": None, "measured": 0, "spent_ms": 0, "squares": 0,
    }  # fmt: skip
    return Figures(**{**given, **changes})  # type: ignore[arg-type]


def total(figures: Figures) -> int:
    return figures.waiting + figures.running + figures.done + figures.failed + figures.cancelled


@given(
    st.integers(1, 20),
    st.lists(st.one_of(st.just("start"), ENDS, st.just("retry"), st.just("cancel")), max_size=60),
)
def test_the_counts_always_add_up_to_the_total(tasks: int, happenings: list) -> None:
    figures = figures_of(tasks)
    for now_ms, happening in enumerate(happenings):
        if happening == "start" and figures.waiting:
            figures.started(now_ms, now_ms)
        elif happening == "retry":
            figures.retry_failed(figures.failed)
        elif happening == "cancel":
            figures.cancel_waiting()
        elif isinstance(happening, TaskState) and figures.running:
            figures.came_back(happening)
        figures.settle(now_ms)
        assert total(figures) == figures.total == tasks
        assert figures.ended == (figures.waiting + figures.running == 0) == (figures.ended_ms is not None)
        assert (figures.state is BatchState.RUNNING) == (figures.running > 0)


def test_a_paused_batch_stays_paused_while_what_runs_ends() -> None:
    figures = figures_of(2)
    figures.started(1, 1)
    figures.pause()
    figures.came_back(TaskState.DONE)
    figures.settle(2)
    assert figures.state is BatchState.PAUSED
    figures.resume()
    figures.settle(3)
    assert figures.state is BatchState.QUEUED


def test_a_cancelled_batch_is_cancelled_once_nothing_runs() -> None:
    figures = figures_of(3)
    figures.started(1, 1)
    figures.cancel_waiting()
    figures.settle(1)
    assert (figures.state, figures.cancelled) == (BatchState.RUNNING, 2)
    figures.came_back(TaskState.DONE)
    figures.settle(2)
    assert (figures.state, figures.ended_ms) == (BatchState.CANCELLED, 2)


def test_a_cancel_that_came_too_late_for_every_task_leaves_a_batch_that_is_done() -> None:
    figures = figures_of(1)
    figures.started(1, 1)
    figures.cancel_waiting()
    figures.came_back(TaskState.DONE)
    figures.settle(2)
    assert figures.state is BatchState.DONE


def test_what_holds_a_batch_back_is_said_only_while_something_waits_and_nobody_paused_it() -> None:
    figures = figures_of(2)
    figures.block(Blocked.QUOTA, 99)
    figures.settle(1)
    assert (figures.state, figures.blocked, figures.until_ms) == (BatchState.WAITING, Blocked.QUOTA, 99)
    figures.pause()
    figures.block(Blocked.QUOTA, 99)
    assert figures.blocked is None


def test_a_batch_that_is_paused_no_longer_has_no_reason_for_it() -> None:
    figures = figures_of(3)
    figures.started(0, 1)
    figures.halt("10 equal failures in a row: bad key")
    figures.cancel_waiting()
    figures.settle(1)
    assert (figures.state, figures.reason) == (BatchState.RUNNING, None)


def test_what_is_paused_or_cancelled_while_something_holds_it_back_is_not_held_back_by_that() -> None:
    for change in (Figures.pause, Figures.cancel_waiting):
        figures = figures_of(3)
        figures.started(0, 1)
        figures.block(Blocked.RATELIMIT, 7)
        change(figures)
        figures.settle(1)
        assert (figures.blocked, figures.until_ms) == (None, None)


def test_durations_give_their_mean_and_spread() -> None:
    figures = figures_of(0)
    assert (figures.each_ms, figures.spread_ms) == (None, 0.0)
    seen = [1_000, 2_000, 4_000, 4_000]
    for duration in seen:
        figures.measure(duration)
    assert figures.each_ms == statistics.mean(seen)
    assert figures.spread_ms == pytest.approx(statistics.pstdev(seen))


def test_durations_never_outgrow_what_the_store_can_hold() -> None:
    """A clock set forward by a month makes executions seem as long; rows count in 64 bits, their squares included."""
    figures = figures_of(0)
    month_ms = 31 * 86_400_000
    for duration in (1_000, month_ms, month_ms, 10**15):
        figures.measure(duration)
    assert figures.measured == 2
    assert figures.squares < 2**63


def test_a_copy_is_equal_and_apart() -> None:
    figures = figures_of(2)
    copy = figures.copied()
    assert copy == figures
    copy.started(1, 1)
    assert figures.waiting == 2
