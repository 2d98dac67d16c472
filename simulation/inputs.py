"""All that can happen to a world: facts from outside, each of them given to one tick.

A name in ``_ms`` is a moment on the office's own time line, in milliseconds, or a stretch of time where it says so.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

EndState: TypeAlias = Literal["done", "failed", "cancelled", "lost"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """An execution was admitted at ``at_ms`` and runs from now on.

    ``attempt`` of ``attempts`` counts from 1. ``estimate_ms`` is how long such a task is expected to take in all,
    or None where nothing is known.
    """

    execution: str
    task: str
    batch: str
    title: str
    attempt: int
    attempts: int
    at_ms: int
    estimate_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Progressed:
    """A body said how far it is: ``permille`` of the work done, ``remaining_ms`` still to go, what it does.

    Without ``permille`` only the note changes; without ``note`` the note stays; an empty note takes it away.
    """

    execution: str
    at_ms: int
    permille: int | None
    remaining_ms: int | None
    note: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """An execution keeps its slot and waits until a moment (a rate limit); None means that it goes on working."""

    execution: str
    until_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """An execution ended. A failed one with ``retry_ms`` is tried again at that moment; without, it is final."""

    execution: str
    at_ms: int
    state: EndState
    reason: str | None
    retry_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotsChanged:
    """The office may run ``slots`` executions at once; what runs above that goes on to its end."""

    slots: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficeChanged:
    """The office has another name or tier."""

    name: str
    tier: str


@dataclass(frozen=True, kw_only=True, slots=True)
class QuotaChanged:
    """``used`` of ``limit`` tasks of this month; the count starts again at ``resets_ms``."""

    used: int
    limit: int
    resets_ms: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchChanged:
    """All figures of one batch as they are now; cancelled tasks are in ``total`` only.

    ``eta_ms`` are the moments by which it is done with 50 % and with 90 % likelihood. ``ended_ms`` is set once it ended.
    """

    batch: str
    name: str
    state: str
    total: int
    done: int
    failed: int
    running: int
    order: int
    eta_ms: tuple[int, int] | None
    ended_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchRemoved:
    """A batch is no longer shown."""

    batch: str


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueChanged:
    """All figures of the queue: tasks that neither run nor have ended, ends an hour, and what holds the queue back.

    ``pace``: when the last whole minute was over, and how many tasks ended in each minute before it, oldest first.
    """

    waiting: int
    perhour: int | None
    eta_ms: tuple[int, int] | None
    blocked: str | None
    until_ms: int | None
    pace: tuple[int, ...] = ()


Input: TypeAlias = (
    Started
    | Progressed
    | Waiting
    | Ended
    | SlotsChanged
    | OfficeChanged
    | QuotaChanged
    | BatchChanged
    | BatchRemoved
    | QueueChanged
)
