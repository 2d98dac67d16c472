"""What one cycle is going to change (no I/O): ends first, then admissions, then the states that follow."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.model import Blocked, ExecutionState, Outcome, TaskState
from server.scheduler.breaker import Streak
from server.scheduler.index import Batch, Index, Office, Running, planned
from server.scheduler.pulls import Pull
from server.scheduler.verdict import Trial, Verdict, verdict
from server.scheduler.window import Entry
from server.store.usage import month_of, resets_ms

ADMISSIONS_MAX = 256
LEASE_MS = 60_000
MEASURED = frozenset({ExecutionState.DONE, ExecutionState.FAILED})


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """An end as reported. `blameless`: an execution lost by our own doing, which counts as no loss."""

    running: Running
    outcome: Outcome
    at_ms: int
    blameless: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """An end, and what it makes of the task."""

    end: End
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """A task that is admitted."""

    office: Office
    batch: Batch
    entry: Entry
    turn_ms: int | None = None
    pull: Pull | None = None


@dataclass(slots=True)
class Plan:
    """One cycle's changes, worked out on the plan side of the index.

    `now_ms` is the wall clock's moment, `elapsed_ms` the monotonic one. `shut` are provider keys without room for
    another start, with the monotonic moment from which there is. `renewed` are executions whose lease is written again,
    with the wall clock's moment of its end.
    """

    index: Index
    now_ms: int
    elapsed_ms: int = 0
    offices: dict[str, Office] = field(default_factory=dict)
    batches: dict[str, tuple[Office, Batch]] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    shut: list[tuple[Office, str, int]] = field(default_factory=list)
    renewed: list[tuple[str, int]] = field(default_factory=list)
    asked: list[Pull] = field(default_factory=list)  # who asked for work before this was planned
    streaks: dict[str, Streak] = field(default_factory=dict)
    month: str = ""

    def __post_init__(self) -> None:
        self.month = month_of(self.now_ms)

    def open(self, office: Office) -> None:
        """Take an office into the plan. A new month begins to count at 0; a month never goes back."""
        if office.id in self.offices:
            return
        self.offices[office.id] = office
        office.plan = office.ledger.copied()
        if self.month > office.plan.month:
            office.plan.month, office.plan.used = self.month, 0
            self.index.offer_all(office)

    def touch(self, office: Office, batch: Batch) -> None:
        """Take a batch into the plan: its figures will be written."""
        planned(batch)
        self.batches[batch.id] = (office, batch)

    def end(self, ends: Sequence[End]) -> None:
        """Count ends, and put their tasks where they belong."""
        for end in ends:
            self._end(end)
        for office, batch in self.batches.values():
            self.index.offer(office, batch)
        for office in self.offices.values():
            self.index.offer_office(office)

    def admit(self, most: int = ADMISSIONS_MAX) -> None:
        """Give free slots to whoever is next, across offices and then within one, until slots or work run out."""
        index = self.index
        while len(self.starts) < most and index.running < index.running_max:
            name = index.ring.first()
            if name is None:
                return
            office = index.offices[name]
            self.open(office)
            self._admit_one(office)
            index.offer_office(office)

    def give_up(self) -> None:
        """It is not carried out: whoever asked for work may still have as much."""
        for start in self.starts:
            if start.pull is not None:
                start.pull.left += 1

    def settle(self) -> None:
        """Set the states that follow, and say which batches the quota holds back."""
        for office in self.offices.values():
            self.asked += office.pulls
            out = self.index.left(office) == 0
            if out != office.quota_out or office.recheck:
                office.quota_out, office.recheck = out, False
                for batch in office.batches.values():
                    if batch.figures.waiting:
                        self.touch(office, batch)
        for office, batch in self.batches.values():
            if office.quota_out:
                batch.plan.block(Blocked.QUOTA, resets_ms(office.plan.month))
            elif batch.rate_key is not None and batch.rate_key in office.shut:
                batch.plan.block(Blocked.RATELIMIT, office.shut[batch.rate_key])
            else:
                batch.plan.block(None, None)
            batch.plan.settle(self.now_ms)

    def _end(self, end: End) -> None:
        running = end.running
        office, batch = self.index.offices[running.office], running.batch
        self.open(office)
        self.touch(office, batch)
        judged = verdict(
            Trial(
                execution=running.id, attempt=running.attempt, attempts=batch.attempts, losses=running.losses,
                cancelling=running.cancelling,
            ),
            end.outcome, now_ms=end.at_ms, blameless=end.blameless,
        )  # fmt: skip
        self.judged.append(Judged(end=end, verdict=judged))
        batch.plan.came_back(judged.state)
        if not running.excused:
            self._halt(batch, end.outcome)
        if end.outcome.state in MEASURED:
            # A clock that is set forward must not make a task seem to have lasted for longer than it may.
            batch.plan.measure(min(max(0, end.at_ms - running.started_ms), batch.timeout_ms))
        if judged.state is TaskState.WAITING:
            self._wait(office, running, judged)
        office.plan.running -= 1
        self.index.running -= 1

    def _halt(self, batch: Batch, outcome: Outcome) -> None:
        """Pause a batch that cannot do better, or has failed alike so often that it will hardly do."""
        if batch.id not in self.streaks:
            self.streaks[batch.id] = batch.streak.copied()
        reason = outcome.message if outcome.halts else self.streaks[batch.id].hear(outcome)
        if reason is not None:
            batch.plan.halt(reason)

    def _wait(self, office: Office, running: Running, judged: Verdict) -> None:
        if judged.ready_ms is None:
            running.batch.window.put_back(Entry(running.position, running.task, True))
        else:
            office.back_off(judged.ready_ms, running)

    def _admit_one(self, office: Office) -> None:
        name = office.ring.first()
        if name is None:
            return
        batch = office.batches[name]
        head = batch.window.head(free=self.index.left(office) == 0)
        wanted = not batch.pulled or office.pull_for(batch) is not None
        if head is not None and wanted:
            self._start_in_turn(office, batch)
        self.index.offer(office, batch)

    def _start_in_turn(self, office: Office, batch: Batch) -> None:
        """Start a task, unless its provider's key has no turn for it within the time that a slot is held."""
        key = batch.rate_key
        if key is None:
            self._start(office, batch, None)
            return
        given, moment_ms = office.rates.promise(key, self.elapsed_ms)
        if given:
            self._start(office, batch, moment_ms)
            return
        office.shut[key] = self.now_ms + moment_ms - self.elapsed_ms
        office.recheck = True
        self.shut.append((office, key, moment_ms))

    def _start(self, office: Office, batch: Batch, turn_ms: int | None) -> None:
        entry = batch.window.take(free=self.index.left(office) == 0)
        self.touch(office, batch)
        office.plan.turn += 1
        office.plan.running += 1
        self.index.running += 1
        self.index.lap(office)
        batch.plan.started(self.now_ms, office.plan.turn)
        if not entry.counted:
            office.plan.used += 1
            self.counted[office.account] = self.counted.get(office.account, 0) + 1
        pull = office.pull_for(batch) if batch.pulled else None
        if pull is not None:
            pull.left -= 1
        self.starts.append(Start(office=office, batch=batch, entry=entry, turn_ms=turn_ms, pull=pull))
