"""The figures of one batch and the state that follows from them (pure)."""

import math
from dataclasses import dataclass
from typing import Any

from server.model import BATCH_ENDED, BatchState, Blocked, TaskState
from server.store.batches import BatchRow, Pace

SQUARES_MAX = 2**63 - 1


@dataclass(slots=True)
class Figures:
    """All that changes about a batch while it is worked through; total is the sum of the five counts.

    `measured`, `spent_ms` and `squares` are the number, sum and sum of squares of the durations seen so far.
    """

    state: BatchState
    blocked: Blocked | None
    until_ms: int | None
    reason: str | None
    cancelling: bool
    turn: int
    total: int
    waiting: int
    running: int
    done: int
    failed: int
    cancelled: int
    started_ms: int | None
    ended_ms: int | None
    measured: int
    spent_ms: int
    squares: int

    @classmethod
    def of(cls, row: BatchRow, pace: Pace) -> "Figures":
        """Take them from the store's records."""
        return cls(
            state=row.state, blocked=row.blocked, until_ms=row.until_ms, reason=row.reason, cancelling=row.cancelling,
            turn=pace.turn, total=row.total, waiting=row.waiting, running=row.running, done=row.done, failed=row.failed,
            cancelled=row.cancelled, started_ms=row.started_ms, ended_ms=row.ended_ms, measured=pace.measured,
            spent_ms=pace.spent_ms, squares=pace.squares,
        )  # fmt: skip

    @property
    def ended(self) -> bool:
        """Whether it is over (a retry may open it again)."""
        return self.state in BATCH_ENDED

    @property
    def each_ms(self) -> float | None:
        """The mean duration of an execution, once one was measured."""
        return self.spent_ms / self.measured if self.measured else None

    @property
    def spread_ms(self) -> float:
        """The standard deviation of the durations; 0 until two were measured."""
        if self.measured < 2:
            return 0.0
        mean = self.spent_ms / self.measured
        return math.sqrt(max(0.0, self.squares / self.measured - mean * mean))

    def columns(self) -> tuple[Any, ...]:
        """List all fields, in the order in which the store writes them."""
        return (
            self.state, self.blocked, self.until_ms, self.reason, self.cancelling, self.turn, self.total,
            self.waiting, self.running, self.done, self.failed, self.cancelled, self.started_ms, self.ended_ms, self.measured,
            self.spent_ms, self.squares,
        )  # fmt: skip

    def counts(self) -> tuple[Any, ...]:
        """List what changes with every start and end, in the order in which the store writes it."""
        return (
            self.state.value, self.turn, self.waiting, self.running, self.done, self.failed, self.cancelled, self.measured,
            self.spent_ms, self.squares,
        )  # fmt: skip

    def stands(self) -> tuple[Any, ...]:
        """List all else: what seldom changes."""
        return (
            self.blocked, self.until_ms, self.reason, self.cancelling, self.total, self.started_ms, self.ended_ms,
        )  # fmt: skip

    def copied(self) -> "Figures":
        """Return a copy to plan with."""
        return Figures(*self.columns())

    def started(self, now_ms: int, turn: int) -> None:
        """Count a waiting task that runs from now on."""
        self.waiting -= 1
        self.running += 1
        self.turn = turn
        if self.started_ms is None:
            self.started_ms = now_ms

    def came_back(self, state: TaskState) -> None:
        """Count a running task that does so no longer."""
        self.running -= 1
        if state is TaskState.WAITING:
            self.waiting += 1
        elif state is TaskState.DONE:
            self.done += 1
        elif state is TaskState.FAILED:
            self.failed += 1
        else:
            self.cancelled += 1

    def measure(self, duration_ms: int) -> None:
        """Count the duration of one execution, as long as the store can hold the sums."""
        squares = self.squares + duration_ms * duration_ms
        if squares > SQUARES_MAX:
            return  # the clock was set forward by weeks meanwhile
        self.measured += 1
        self.spent_ms += duration_ms
        self.squares = squares

    def pause(self) -> None:
        """Start nothing more until `resume`."""
        self.state = BatchState.PAUSED

    def halt(self, reason: str) -> None:
        """Pause for a reason of our own, if anything is left to be held back and nobody asked for its end."""
        if self.waiting and not self.cancelling and self.state is not BatchState.PAUSED:
            self.state, self.reason = BatchState.PAUSED, reason

    def resume(self) -> None:
        """Take a pause back; `settle` says what state follows."""
        if self.state is BatchState.PAUSED:
            self.state, self.reason = BatchState.QUEUED, None

    def cancel_waiting(self) -> None:
        """Cancel all that waits; what runs is asked to end, and the batch is cancelled once nothing does."""
        self.cancelled += self.waiting
        self.waiting = 0
        self.cancelling = True

    def cancel_one(self) -> None:
        """Cancel a task that waits."""
        self.waiting -= 1
        self.cancelled += 1

    def retry_failed(self, count: int) -> None:
        """Let failed tasks wait again; a batch that was cancelled is so no longer."""
        self.failed -= count
        self.waiting += count
        self.cancelling = False

    def retry_cancelled(self) -> None:
        """Let a cancelled task wait again."""
        self.cancelled -= 1
        self.waiting += 1
        self.cancelling = False

    def block(self, blocked: Blocked | None, until_ms: int | None) -> None:
        """Say what holds its waiting tasks back, if anything does."""
        held = blocked is not None and self.waiting > 0 and self.state is not BatchState.PAUSED
        self.blocked, self.until_ms = (blocked, until_ms) if held else (None, None)

    def settle(self, now_ms: int) -> None:
        """Set the state that follows from the counts. Running means that something of it runs."""
        self.block(self.blocked, self.until_ms)
        if self.waiting + self.running == 0:
            self.ended_ms = now_ms if self.ended_ms is None else self.ended_ms
            nothing_else = self.cancelling or self.done + self.failed == 0
            self.state = BatchState.CANCELLED if self.cancelled and nothing_else else BatchState.DONE
            self.blocked = self.until_ms = self.reason = None
            return
        self.ended_ms = None
        if self.state is BatchState.PAUSED and not self.cancelling:
            return
        self.reason = None
        if self.running:
            self.state = BatchState.RUNNING
        else:
            self.state = BatchState.QUEUED if self.blocked is None else BatchState.WAITING
