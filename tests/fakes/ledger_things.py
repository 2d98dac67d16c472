"""What the plain rules speak of: tiers, offices, batches, tasks, ends, and requests for work."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(kw_only=True)
class Plan:
    """A tier."""

    slots: int
    quota: int
    weight: int
    soft: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """How an execution ended, in the words of whoever carried it out."""

    state: str
    retryable: bool = True
    reason: str | None = None
    message: str = ""
    put_back: bool = False
    halts: bool = False


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
    """When it may be tried again; -1: the scheduler has drawn a moment, which is to be learned from the row."""
    began_ms: int = 0
    lease_ms: int = 0
    """Of pulled work: when its lease is over."""
    turn_ms: int | None = None
    """The turn at a provider's key that was reserved with its start, until it is used."""
    excused: bool = False
    """It runs, and began before somebody resumed its batch."""
    reason: str | None = None
    ran: list[tuple[int, int, str]] = field(default_factory=list)
    """(fence, attempt, state) of each of its executions."""

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(f"task {self.position}, {self.state}")

    def ended(self, fence: int) -> str:
        """The state of its execution under a fence, which there must be."""
        return next(state for known, _, state in self.ran if known == fence)


@dataclass(kw_only=True, repr=False, eq=False)
class Batch:
    id: str
    order: int
    turn: int
    priority: int
    cap: int | None
    attempts: int
    kind: str
    timeout_ms: int
    tasks: list[Task] = field(default_factory=list)
    paused: bool = False
    reason: str | None = None
    """Why the server paused it; nobody else needs one."""
    cancelling: bool = False
    started_ms: int | None = None
    ended_ms: int | None = None
    durations: list[int] = field(default_factory=list)
    streak: list[tuple[str | None, str]] = field(default_factory=list)
    """What its failures since the last success have in common, as far as they are alike."""
    key: str | None = None
    """The provider's key that its executions are known to ask with."""

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

    @property
    def pulled(self) -> bool:
        return self.kind == "external"


@dataclass(kw_only=True, repr=False, eq=False)
class Ask:
    """A request for at most `left` more tasks of pulled batches, of one or of any, until a moment."""

    batch: str | None
    left: int
    until_ms: int
    got: list[tuple[Task, int]] = field(default_factory=list)
    """Tasks, each with its fence."""

    def wants(self, batch: Batch) -> bool:
        return self.left > 0 and self.batch in {None, batch.id}


@dataclass(kw_only=True, repr=False, eq=False)
class Office:
    id: str
    plan: str
    own_slots: int | None = None
    turn: int = 0
    lap: int = 0
    batches: list[Batch] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)
    """Who asks for work, oldest first."""
    refused: dict[str, int] = field(default_factory=dict)
    """Until when providers want to hear nothing from a key."""
    shut: dict[str, int] = field(default_factory=dict)
    """Keys with which nothing starts before a moment."""

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
