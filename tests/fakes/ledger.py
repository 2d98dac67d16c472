"""The rules of the queue once more, in plain Python and from product.md alone: what a scheduler must make of each event.

Nothing here is shared with the scheduler. It thinks of one office, batch and task after another, as slowly as that may
be; what it says after each event is compared with the rows.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

LOSSES_MAX = 3
TIMEOUT_MS = 1_200_000  # as the fakes submit; none is measured as longer


@dataclass(kw_only=True)
class Plan:
    """A tier."""

    slots: int
    quota: int
    weight: int
    soft: bool = False


@dataclass(kw_only=True, repr=False, eq=False)
class Task:
    id: str
    position: int
    state: str = "waiting"
    attempt: int = 0
    losses: int = 0
    fence: int = 0
    counted: bool = False
    asked: bool = False
    ready_ms: int | None = None
    began_ms: int = 0
    reason: str | None = None
    ran: list[tuple[int, int, str]] = field(default_factory=list)
    """(fence, attempt, state) of each of its executions."""

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(f"task {self.position}, {self.state}")


@dataclass(kw_only=True, repr=False, eq=False)
class Batch:
    id: str
    order: int
    turn: int
    priority: int
    cap: int | None
    attempts: int
    tasks: list[Task] = field(default_factory=list)
    paused: bool = False
    cancelling: bool = False
    started_ms: int | None = None
    ended_ms: int | None = None
    durations: list[int] = field(default_factory=list)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(f"batch {self.order}")

    def count(self, state: str) -> int:
        return sum(task.state == state for task in self.tasks)

    @property
    def running(self) -> int:
        return self.count("running")

    @property
    def over(self) -> bool:
        return self.count("waiting") + self.running == 0


@dataclass(kw_only=True, repr=False, eq=False)
class Office:
    id: str
    plan: str
    own_slots: int | None = None
    turn: int = 0
    lap: int = 0
    batches: list[Batch] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(f"office {self.id}")

    @property
    def running(self) -> int:
        return sum(batch.running for batch in self.batches)


def month_of(now_ms: int) -> str:
    return f"{datetime.fromtimestamp(now_ms / 1000, UTC):%Y-%m}"


def turn_of_month_ms(now_ms: int) -> int:
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    year, month = (now.year, now.month + 1) if now.month < 12 else (now.year + 1, 1)
    return round(datetime(year, month, 1, tzinfo=UTC).timestamp() * 1000)


class Ledger:
    """What must be true. Each event changes it and is followed by `admit`, as each is by a cycle."""

    def __init__(
        self, plans: dict[str, Plan], offices: list[Office], *, running_max: int, enforced: bool, now_ms: int
    ) -> None:
        self.plans = plans
        self.offices = {office.id: office for office in offices}
        self.running_max = running_max
        self.enforced = enforced
        self.now_ms = now_ms
        self._lap = 0

    def office_of(self, batch: Batch) -> Office:
        return next(office for office in self.offices.values() if batch in office.batches)

    def batches(self) -> list[Batch]:
        return [batch for office in self.offices.values() for batch in office.batches]

    def tasks(self) -> list[tuple[Batch, Task]]:
        return [(batch, task) for batch in self.batches() for task in batch.tasks]

    def slots(self, office: Office) -> int:
        return self.plans[office.plan].slots if office.own_slots is None else office.own_slots

    def quota_out(self, office: Office) -> bool:
        plan = self.plans[office.plan]
        return self.enforced and not plan.soft and office.used.get(month_of(self.now_ms), 0) >= plan.quota

    # What people do.

    def submit(
        self, office: Office, id_: str, tasks: list[str], *, priority: int, cap: int | None, attempts: int
    ) -> None:
        office.turn += 1
        batch = Batch(
            id=id_, order=len(office.batches), turn=office.turn, priority=priority, cap=cap, attempts=attempts
        )
        batch.tasks = [Task(id=task, position=position) for position, task in enumerate(tasks)]
        office.batches.append(batch)
        self.admit()

    def pause(self, batch: Batch) -> None:
        batch.paused = True
        self.admit()

    def resume(self, batch: Batch) -> None:
        batch.paused = False
        self.admit()

    def cancel(self, batch: Batch) -> None:
        batch.cancelling = True
        for task in batch.tasks:
            self._cancel(task)
        self.admit()

    def cancel_task(self, task: Task) -> None:
        self._cancel(task)
        self.admit()

    def retry(self, batch: Batch, tasks: list[Task]) -> None:
        batch.cancelling = False
        for task in tasks:
            task.state, task.attempt, task.losses, task.reason = "waiting", 0, 0, None
        self.admit()

    def patch(self, batch: Batch, priority: int | None, cap: int | None) -> None:
        batch.priority = batch.priority if priority is None else priority
        batch.cap = batch.cap if cap is None else cap or None
        self.admit()

    def change_plan(self, office: Office, plan: str) -> None:
        office.plan = plan
        self.admit()

    # What happens.

    def end(
        self, ends: list[tuple[Batch, Task, str, bool]], *, blameless: bool = False, admit: bool = True
    ) -> None:
        """Several bodies end in one moment: (batch, task, how, whether it may be tried again).

        The moment of the next attempt is the scheduler's to draw: it is left at -1, to be filled in from the row.
        """
        for batch, task, how, retryable in ends:
            self._end(batch, task, how, retryable=retryable, blameless=blameless)
        if admit:
            self.admit()

    def stopped(self) -> None:
        """It stopped in order: what it put back stands in line in the rows."""
        self._follow()

    def next_moment_ms(self, until_ms: int) -> int:
        """When something changes by itself, at the latest at `until_ms`."""
        ready = [
            task.ready_ms
            for _, task in self.tasks()
            if task.ready_ms is not None and task.ready_ms > self.now_ms
        ]
        return min([*ready, turn_of_month_ms(self.now_ms), until_ms])

    def restarted(self) -> None:
        """What is known in memory alone is gone: who of the offices came last."""
        self._lap = 0
        for office in self.offices.values():
            office.lap = 0

    def admit(self) -> None:
        """Give out what can be given out, and set what follows."""
        self._admit()
        self._follow()

    def _follow(self) -> None:
        for batch in self.batches():
            if batch.over:
                batch.ended_ms = self.now_ms if batch.ended_ms is None else batch.ended_ms
                batch.paused = False
            else:
                batch.ended_ms = None
            if batch.cancelling:
                batch.paused = False

    # What follows.

    def _admit(self) -> None:
        while self._total() < self.running_max and (office := self._next_office()) is not None:
            batch = min(self._startable(office), key=lambda it: (it.running / it.priority, it.turn, it.id))
            self._start(office, batch)

    def state(self, batch: Batch) -> str:
        if batch.over:
            cancelled = batch.count("cancelled") and (
                batch.cancelling or not batch.count("done") + batch.count("failed")
            )
            return "cancelled" if cancelled else "done"
        if batch.paused:
            return "paused"
        if batch.running:
            return "running"
        return "waiting" if self.blocked(batch) else "queued"

    def blocked(self, batch: Batch) -> bool:
        held = batch.count("waiting") > 0 and not batch.paused
        return held and self.quota_out(self.office_of(batch))

    def queue_blocked(self, office: Office) -> str | None:
        waiting = sum(batch.count("waiting") for batch in office.batches)
        paused = sum(batch.count("waiting") for batch in office.batches if batch.paused)
        if not waiting:
            return None
        if paused == waiting:
            return "paused"
        return "quota" if self.quota_out(office) else None

    def _total(self) -> int:
        return sum(office.running for office in self.offices.values())

    def _next_office(self) -> Office | None:
        able = [it for it in self.offices.values() if it.running < self.slots(it) and self._startable(it)]
        return min(
            able, key=lambda it: (it.running / self.plans[it.plan].weight, it.lap, it.id), default=None
        )

    def _startable(self, office: Office) -> list[Batch]:
        return [batch for batch in office.batches if self._next_task(office, batch) is not None]

    def _next_task(self, office: Office, batch: Batch) -> Task | None:
        if batch.paused or batch.cancelling or (batch.cap is not None and batch.running >= batch.cap):
            return None
        ready = [
            task
            for task in batch.tasks
            if task.state == "waiting" and (task.ready_ms is None or task.ready_ms <= self.now_ms)
        ]
        if self.quota_out(office):
            ready = [task for task in ready if task.counted]  # it costs nothing to try again
        return min(ready, key=lambda task: task.position, default=None)

    def _start(self, office: Office, batch: Batch) -> None:
        task = self._next_task(office, batch)
        assert task is not None
        self._lap += 1
        office.lap = self._lap
        office.turn += 1
        batch.turn = office.turn
        if not task.counted:
            task.counted = True
            month = month_of(self.now_ms)
            office.used[month] = office.used.get(month, 0) + 1
        task.state, task.ready_ms, task.began_ms, task.asked = "running", None, self.now_ms, False
        task.attempt += 1
        task.fence += 1
        task.ran.append((task.fence, task.attempt, "running"))
        if batch.started_ms is None:
            batch.started_ms = self.now_ms

    def _cancel(self, task: Task) -> None:
        if task.state == "waiting":
            task.state, task.ready_ms = "cancelled", None
        elif task.state == "running":
            task.asked = True

    def _end(self, batch: Batch, task: Task, how: str, *, retryable: bool, blameless: bool) -> None:
        task.ran[-1] = (*task.ran[-1][:2], how)
        if how in {"done", "failed"}:
            batch.durations.append(min(self.now_ms - task.began_ms, TIMEOUT_MS))
        task.reason = None
        task.state = how
        if how == "lost":
            self._lose(task, blameless=blameless)
        elif how == "failed" and retryable and task.attempt < batch.attempts:
            task.state = "cancelled" if task.asked else "waiting"
            task.ready_ms = None if task.asked else -1
        task.asked = False

    def _lose(self, task: Task, *, blameless: bool) -> None:
        """It was not the task's doing: no attempt is counted, but the third time is the last."""
        task.attempt -= 1
        task.losses += not blameless
        if task.asked:
            task.state = "cancelled"
        elif task.losses >= LOSSES_MAX:
            task.state, task.reason = "failed", "lost"
        else:
            task.state = "waiting"
