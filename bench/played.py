"""An office as a trace has it: three batches on its slots, played by seed; and what a scheduler would tell of that."""

import heapq
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from server.scheduler.forecast import has_moved
from server.scheduler.throughput import Throughput
from server.store.ids import base36
from simulation.inputs import (
    BatchChanged,
    Ended,
    Input,
    Progressed,
    QueueChanged,
    QuotaChanged,
    Started,
    Waiting,
)

BASE_MS = 1_795_000_000_000
IDS_FROM_MS = 1_767_225_600_000
SPEED_EVERY_MS, SPEED_PART = 10_000, 0.05
QUOTA, USED = 10_000, 2_345
RESETS_MS = BASE_MS + 12 * 86_400_000
FAILS, REASONS = 0.06, ("exit", "timeout", "unreachable")
SUBJECTS = (
    "Acme", "Borealis", "Cobalt", "Dune", "Ember", "Fathom", "Granite", "Harbor", "Indigo", "Juniper", "Kestrel", "Lumen",
)  # fmt: skip
KINDS = ("Robotics", "Foods", "Logistics", "Energy", "Health", "Systems", "Labs")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A batch to come: how many tasks of which length, and how their bodies talk.

    A body says something every `every_ms`; `tells` whether it says how far it is. `notes` come one after another. `limited`:
    how often one of its tasks has to wait for its provider.
    """

    name: str
    at_ms: int
    tasks: int
    middle_ms: int
    attempts: int
    every_ms: int | None
    tells: bool
    notes: tuple[str, ...] = ()
    limited: float = 0.0


PLANS = (
    Plan(
        name="Research on competitors", at_ms=0, tasks=48, middle_ms=58_000, attempts=3, every_ms=5_500, tells=True,
        notes=(
            "searching the web", "reading 2 of 8 pages", "reading 5 of 8 pages", "reading 8 of 8 pages", "comparing prices",
            "writing the summary", "checking sources",
        ),
    ),
    Plan(
        name="Summaries of support calls", at_ms=50_000, tasks=70, middle_ms=36_000, attempts=3, every_ms=None,
        tells=False, limited=0.2,
    ),
    Plan(
        name="Captions for product photos", at_ms=170_000, tasks=90, middle_ms=27_000, attempts=2, every_ms=1_000,
        tells=True,
    ),
)  # fmt: skip


@dataclass(kw_only=True)
class _Task:
    id: str
    title: str
    attempt: int = 0


@dataclass(kw_only=True)
class _Batch:
    id: str
    order: int
    plan: Plan
    waiting: list[_Task]
    running: int = 0
    done: int = 0
    failed: int = 0
    backoff: int = 0
    starts: int = 0
    measured: int = 0
    spent_ms: int = 0
    told: BatchChanged | None = None
    eta_ms: tuple[int, int] | None = None
    ended_ms: int | None = None

    @property
    def each_ms(self) -> int | None:
        return self.spent_ms // self.measured if self.measured else None

    @property
    def open(self) -> int:
        return len(self.waiting) + self.backoff + self.running


@dataclass(kw_only=True)
class PlayedOffice:
    """Plays three batches on ten slots, and notes what a scheduler would tell.

    Counts at every start and end, forecasts once a second where they moved, speeds where they changed.
    """

    seed: int
    slots: int
    draw: random.Random = field(init=False)
    now_ms: int = BASE_MS
    batches: list[_Batch] = field(default_factory=list)
    free: int = field(init=False)
    used: int = USED
    heard: list[tuple[int, Input]] = field(default_factory=list)
    throughput: Throughput = field(default_factory=Throughput)
    told: QueueChanged | None = None
    sped_ms: int = 0
    due: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    last: int = 0

    def __post_init__(self) -> None:
        self.draw, self.free = random.Random(self.seed), self.slots

    def play(self, until_ms: int) -> None:
        for plan in PLANS:
            self.at(BASE_MS + plan.at_ms, partial(self.arrive, plan))
        self.at(BASE_MS + 1_000, self.reckon)
        while self.due[0][0] < until_ms:
            self.now_ms, _, act = heapq.heappop(self.due)
            act()

    def at(self, at_ms: int, act: Callable[[], None]) -> None:
        heapq.heappush(self.due, (at_ms, next(self.order), act))

    def tell(self, new: Input) -> None:
        self.heard.append((self.now_ms, new))

    def id(self) -> str:
        """Twelve characters like those of the store: the millisecond, then something that counts up."""
        self.last = max(self.last + 1, (self.now_ms - IDS_FROM_MS << 20) + self.draw.getrandbits(19))
        return base36(self.last, 12)

    def arrive(self, plan: Plan) -> None:
        titles = [
            f"{self.draw.choice(SUBJECTS)} {self.draw.choice(KINDS)} {n + 1}" for n in range(plan.tasks)
        ]
        tasks = [_Task(id=self.id(), title=title) for title in titles]
        self.batches.append(_Batch(id=self.id(), order=len(self.batches) + 1, plan=plan, waiting=tasks))
        self.cycle()

    def cycle(self) -> None:
        """Give free slots by turns to whoever started least, and tell all counts."""
        while self.free and (ready := [batch for batch in self.batches if batch.waiting]):
            self.start(min(ready, key=lambda batch: (batch.running, batch.order)))
        self.figures()

    def start(self, batch: _Batch) -> None:
        task, execution, plan = batch.waiting.pop(0), self.id(), batch.plan
        self.free, batch.running, task.attempt = self.free - 1, batch.running + 1, task.attempt + 1
        self.used += task.attempt == 1
        self.throughput.began(self.now_ms)
        self.tell(
            Started(
                execution=execution, task=task.id, batch=batch.id, title=task.title, attempt=task.attempt,
                attempts=plan.attempts, at_ms=self.now_ms, estimate_ms=batch.each_ms,
            )
        )  # fmt: skip
        began_ms = self.now_ms
        lasts_ms = round(min(90_000, max(20_000, plan.middle_ms * math.exp(self.draw.gauss(0, 0.35)))))
        failed = self.draw.random() < FAILS
        if self.draw.random() < plan.limited:
            self.wait(execution, lasts_ms)
        if plan.every_ms is not None:
            self.talk(plan, execution, lasts_ms)
        ends_ms = began_ms + (lasts_ms // 2 if failed else lasts_ms)
        self.at(ends_ms, lambda: self.end(batch, task, execution, began_ms, failed=failed))

    def wait(self, execution: str, lasts_ms: int) -> None:
        from_ms = self.now_ms + self.draw.randrange(lasts_ms // 4)
        until_ms = from_ms + self.draw.randrange(2_000, 9_000)
        self.at(from_ms, lambda: self.tell(Waiting(execution=execution, until_ms=until_ms)))
        self.at(until_ms, lambda: self.tell(Waiting(execution=execution, until_ms=None)))

    def talk(self, plan: Plan, execution: str, lasts_ms: int) -> None:
        """What a body says of itself: about as often as its plan has it, and not quite evenly.

        Few bodies are as fast in the end as in the beginning: `bend` says which way this one changes.
        """
        spoke_ms, before, bend = 0.0, "", self.draw.uniform(0.8, 1.25)
        while (spoke_ms := spoke_ms + (plan.every_ms or 0) * self.draw.uniform(0.7, 1.3)) < lasts_ms:
            done = spoke_ms / lasts_ms
            permille = min(999, round(1000 * done**bend))
            note = plan.notes[int(done * len(plan.notes))] if plan.notes else ""
            said = Progressed(
                execution=execution, at_ms=self.now_ms + round(spoke_ms), permille=permille,
                remaining_ms=None, note=note if note != before else None,
            )  # fmt: skip
            before = note
            self.at(said.at_ms, partial(self.tell, said))

    def end(self, batch: _Batch, task: _Task, execution: str, began_ms: int, *, failed: bool) -> None:
        again = failed and task.attempt < batch.plan.attempts
        retry_ms = self.now_ms + 2_000 * 2**task.attempt + self.draw.randrange(1_000) if again else None
        reason = self.draw.choice(REASONS) if failed else None
        self.tell(
            Ended(
                execution=execution, at_ms=self.now_ms, state="failed" if failed else "done", reason=reason,
                retry_ms=retry_ms,
            )
        )  # fmt: skip
        self.free, batch.running = self.free + 1, batch.running - 1
        batch.measured, batch.spent_ms = batch.measured + 1, batch.spent_ms + self.now_ms - began_ms
        if retry_ms is not None:
            batch.backoff += 1
            self.at(retry_ms, lambda: self.retry(batch, task))
        else:
            batch.failed, batch.done = batch.failed + failed, batch.done + (not failed)
            self.throughput.ended(self.now_ms, 1)
        if not batch.open:
            batch.ended_ms = self.now_ms
        self.cycle()

    def retry(self, batch: _Batch, task: _Task) -> None:
        batch.backoff -= 1
        batch.waiting.insert(0, task)
        self.cycle()

    def reckon(self) -> None:
        """Forecast, once a second: the work that is left, shared by those who are left."""
        going = [batch for batch in self.batches if batch.open]
        left_ms = {batch.id: batch.open * (batch.each_ms or 60_000) for batch in going}
        for batch in going:
            before = sum(min(left_ms[batch.id], left_ms[other.id]) for other in going)
            half_ms = before // self.slots + (batch.each_ms or 60_000) // 2
            eta_ms = (self.now_ms + half_ms, self.now_ms + round(half_ms * (1.1 if batch.measured else 1.5)))
            if has_moved(batch.eta_ms, eta_ms, self.now_ms):
                batch.eta_ms = eta_ms
        self.figures()
        self.at(self.now_ms + 1_000, self.reckon)

    def figures(self) -> None:
        """Tell what is not as it was told last."""
        for batch in self.batches:
            changed = self.changed(batch)
            if changed != batch.told:
                batch.told = changed
                self.tell(changed)
        queue = self.queue()
        if queue != self.told:
            if self.told is None or queue.perhour != self.told.perhour:
                self.sped_ms = self.now_ms
            self.told = queue
            self.tell(queue)
            self.tell(QuotaChanged(used=self.used, limit=QUOTA, resets_ms=RESETS_MS))

    def changed(self, batch: _Batch) -> BatchChanged:
        state = "done" if batch.ended_ms else "running" if batch.running else "queued"
        return BatchChanged(
            batch=batch.id, name=batch.plan.name, state=state, total=batch.plan.tasks, done=batch.done,
            failed=batch.failed, running=batch.running, order=batch.order,
            eta_ms=None if batch.ended_ms else batch.eta_ms, ended_ms=batch.ended_ms,
        )  # fmt: skip

    def queue(self) -> QueueChanged:
        etas = [batch.eta_ms for batch in self.batches if batch.open and batch.eta_ms is not None]
        eta_ms = (max(half for half, _ in etas), max(most for _, most in etas)) if etas else None
        perhour, told = self.throughput.perhour(self.now_ms), self.told
        if told is not None and told.perhour is not None and perhour is not None:
            near = abs(perhour - told.perhour) < SPEED_PART * told.perhour
            perhour = told.perhour if near or self.now_ms - self.sped_ms < SPEED_EVERY_MS else perhour
        if told is not None and not has_moved(told.eta_ms, eta_ms, self.now_ms):
            eta_ms = told.eta_ms
        waiting = sum(len(batch.waiting) + batch.backoff for batch in self.batches)
        return QueueChanged(waiting=waiting, perhour=perhour, eta_ms=eta_ms, blocked=None, until_ms=None)
