"""The queue in memory: offices with work, their batches and what runs. It mirrors rows and is rebuilt from them.

What is shown (`figures`, `ledger`, `executions`) changes only after a commit. What is planned with (`plan`, rings,
windows) may run ahead inside a write transaction; if that fails, the office is read again.
Memory grows with active batches, and with tasks only while they wait for another attempt.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.billing.tiers import slots_of
from server.model import PULLED_KINDS, BatchState, Tier
from server.scheduler.breaker import Streak
from server.scheduler.fairness import Ring, share_of
from server.scheduler.figures import Figures
from server.scheduler.pulls import Pull
from server.scheduler.rate import Rates
from server.scheduler.slots import free_slots, quota_left
from server.scheduler.throughput import Throughput
from server.scheduler.window import Entry, Window
from server.store.batches import BatchRow
from simulation.inputs import BatchChanged, QueueChanged, QuotaChanged


@dataclass(slots=True, eq=False)
class Batch:
    """One batch. `plan` is `figures`, or the copy that the cycle under way works on."""

    id: str
    name: str
    kind: str
    params: Mapping[str, Any]
    priority: int
    slots: int | None
    attempts: int
    timeout_ms: int
    order: int
    created_ms: int
    figures: Figures
    plan: Figures
    window: Window = field(default_factory=Window)
    eta_ms: tuple[int, int] | None = None
    told: BatchChanged | None = None
    streak: Streak = field(default_factory=Streak)
    pulled: bool = False  # its tasks are asked for, and not given to a runner
    rate_key: str | None = None  # the provider's key that its executions ask with, once one did

    @classmethod
    def of(cls, row: BatchRow, figures: Figures) -> "Batch":
        """Make one from its row; the window is read when it is needed."""
        return cls(
            id=row.id, name=row.name, kind=row.kind, params=row.params, priority=row.priority, slots=row.slots,
            attempts=row.attempts, timeout_ms=row.timeout_ms, order=row.order, created_ms=row.created_ms,
            figures=figures, plan=figures, window=Window(dry=figures.waiting == 0), pulled=row.kind in PULLED_KINDS,
        )  # fmt: skip


@dataclass(slots=True, eq=False)
class Running:
    """One running execution, and the newest that its body said."""

    id: str
    fence: int
    task: str
    office: str
    batch: Batch
    title: str
    attempt: int
    losses: int
    position: int
    started_ms: int
    estimate_ms: int | None
    cancelling: bool = False
    held: bool = True  # a runner of ours carries it out
    reported: bool = False  # its end came, and is not committed yet
    excused: bool = False  # its batch was resumed since it began: its end says nothing of that any more
    heard_ms: int = 0
    permille: int | None = None
    remaining_ms: int | None = None
    note: str | None = None
    until_ms: int | None = None
    turn_ms: int | None = None  # the monotonic moment of the turn its admission reserved, until it is used
    lease_ms: int = 0  # the monotonic moment at which its lease ends, unless it is renewed
    written_ms: int = 0  # the same, as its row has it
    timeout_ms: int = 0  # the monotonic moment at which one that was pulled has taken too long


@dataclass(slots=True)
class Ledger:
    """What is counted for a whole office: the last turn given, what runs, and the month's usage."""

    turn: int
    running: int
    month: str
    used: int

    def copied(self) -> "Ledger":
        """Return a copy to plan with."""
        return Ledger(turn=self.turn, running=self.running, month=self.month, used=self.used)


@dataclass(slots=True, eq=False)
class Office:
    """One office: its batches in a ring, its executions oldest first, its backoffs by their end."""

    id: str
    account: str
    name: str
    tier: Tier
    own_slots: int | None
    ledger: Ledger
    plan: Ledger
    keyed: bool = False  # a valid own key is there
    suspended: bool = False
    own_quota: int | None = None
    batches: dict[str, Batch] = field(default_factory=dict)
    executions: dict[str, Running] = field(default_factory=dict)
    ring: Ring = field(default_factory=Ring)
    backoffs: list[tuple[int, int, str, str]] = field(default_factory=list)
    throughput: Throughput = field(default_factory=Throughput)
    rates: Rates = field(default_factory=Rates)
    shut: dict[str, int] = field(default_factory=dict)  # provider keys nothing starts with before a moment
    pulls: list[Pull] = field(default_factory=list)
    lap: int = 0
    quota_out: bool = False
    recheck: bool = False
    waiting: int = 0
    held: int = 0
    eta_ms: tuple[int, int] | None = None
    reckoned_ms: int | None = None
    sped_ms: int | None = None
    told: QueueChanged | None = None
    told_quota: QuotaChanged | None = None

    @property
    def slots(self) -> int:
        """How many executions may run at once."""
        return slots_of(self.tier, self.own_slots, with_key=self.keyed)

    @property
    def quota(self) -> int:
        """How many tasks a month are counted before the rest waits."""
        return self.tier.quota if self.own_quota is None else self.own_quota

    def pull_for(self, batch: Batch) -> Pull | None:
        """Return who may have one more execution of a batch: whoever has asked for longest."""
        return next((pull for pull in self.pulls if pull.wants(batch.id)), None)

    def put_figures(self, batch: Batch, figures: Figures) -> None:
        """Let committed figures be shown; `waiting` and `held` (of paused batches) follow."""
        before = batch.figures
        self.waiting += figures.waiting - before.waiting
        self.held += _held(figures) - _held(before)
        batch.figures = batch.plan = figures

    def add(self, batch: Batch) -> None:
        """Take a batch in, with the figures it has."""
        self.batches[batch.id] = batch
        self.waiting += batch.figures.waiting
        self.held += _held(batch.figures)

    def back_off(self, ready_ms: int, running: Running) -> None:
        """Let a task wait for its next attempt."""
        heapq.heappush(self.backoffs, (ready_ms, running.position, running.batch.id, running.task))

    def excuse(self, batch: Batch) -> None:
        """Begin anew to judge a batch that somebody resumed: what has begun before says nothing of it any more."""
        batch.streak = Streak()
        for running in self.executions.values():
            if running.batch is batch:
                running.excused = True

    def forget(self, batch: Batch, task: str | None = None) -> None:
        """Take one task of a batch, or all, out of what waits."""
        if task is None:
            batch.window.clear()
        else:
            batch.window.forget(task)
        self.backoffs = [
            entry
            for entry in self.backoffs
            if entry[2] != batch.id or (task is not None and entry[3] != task)
        ]
        heapq.heapify(self.backoffs)

    def drop(self, batch: Batch) -> None:
        """Forget a batch that is over."""
        del self.batches[batch.id]
        self.ring.drop(batch.id)


def _held(figures: Figures) -> int:
    return figures.waiting if figures.state is BatchState.PAUSED else 0


class Index:
    """All offices of this process that have work or are watched."""

    def __init__(self, *, running_max: int, quota_enforced: bool) -> None:
        self.running_max = running_max
        self.quota_enforced = quota_enforced
        self.offices: dict[str, Office] = {}
        self.executions: dict[str, Running] = {}
        self.ring = Ring()
        self.hungry: dict[str, tuple[Office, Batch]] = {}
        self.running = 0
        self._lap = 0

    def put(self, office: Office) -> None:
        """Take an office in, in place of the one of that id, and let it take part."""
        self.remove(office.id)
        self.offices[office.id] = office
        self.executions.update(office.executions)
        self.running += office.plan.running
        self.offer_all(office)

    def remove(self, office_id: str) -> None:
        """Forget an office; harmless when it is not here."""
        office = self.offices.pop(office_id, None)
        if office is None:
            return
        self.ring.drop(office_id)
        self.running -= office.plan.running
        for execution in office.executions:
            self.executions.pop(execution, None)
        for batch in office.batches:
            self.hungry.pop(batch, None)

    def binding(self, office: Office) -> bool:
        """Whether the quota holds tasks of this office back; a soft one only counts."""
        return self.quota_enforced and not office.tier.quota_soft

    def left(self, office: Office) -> int | None:
        """How many tasks may still be counted this month, as planned; None: no limit."""
        return quota_left(office.quota, office.plan.used, binding=self.binding(office))

    def offer(self, office: Office, batch: Batch) -> None:
        """Let a batch take part in its office's ring, or not, as things stand in the plan."""
        figures, head = batch.plan, batch.window.head(free=self.left(office) == 0)
        if figures.waiting and batch.window.hungry(office.slots):
            self.hungry[batch.id] = (office, batch)
        open_ = figures.state is not BatchState.PAUSED and not figures.cancelling and not figures.ended
        room = (batch.slots is None or figures.running < batch.slots) and batch.rate_key not in office.shut
        wanted = not batch.pulled or office.pull_for(batch) is not None
        if head is not None and open_ and room and wanted:
            office.ring.put(batch.id, share_of(figures.running, batch.priority), figures.turn)
        else:
            office.ring.drop(batch.id)

    def offer_office(self, office: Office) -> None:
        """Let an office take part among the offices, or not: it has a free slot and a batch that could use it."""
        if office.ring and not office.suspended and free_slots(office.slots, office.plan.running):
            self.ring.put(office.id, share_of(office.plan.running, office.tier.weight), office.lap)
        else:
            self.ring.drop(office.id)

    def offer_all(self, office: Office) -> None:
        """Look at all batches of an office anew."""
        for batch in office.batches.values():
            self.offer(office, batch)
        self.offer_office(office)

    def lap(self, office: Office) -> None:
        """An office got a start: it is the youngest now on a tie."""
        self._lap += 1
        office.lap = self._lap

    def ripen(self, office: Office, now_ms: int) -> None:
        """Move tasks whose backoff is over into the windows of their batches."""
        while office.backoffs and office.backoffs[0][0] <= now_ms:
            _, position, batch_id, task = heapq.heappop(office.backoffs)
            batch = office.batches[batch_id]
            batch.window.come_back(Entry(position, task, True))
            self.offer(office, batch)
        self.offer_office(office)

    def idle(self) -> bool:
        """Whether another cycle would find nothing to start and nothing to read."""
        return not self.hungry and (self.running >= self.running_max or self.ring.first() is None)


def planned(batch: Batch) -> Figures:
    """Return the copy of a batch's figures that the cycle under way works on, made when it is first asked for."""
    if batch.plan is batch.figures:
        batch.plan = batch.figures.copied()
    return batch.plan
