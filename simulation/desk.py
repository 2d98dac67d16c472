"""Desk: one of the ten, what its activity is, which execution sits there, and where its person walks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from simulation.execution import Execution
from simulation.places import desk_place

WORKERS = ("Ada", "Bruno", "Chiyo", "Dalia", "Emeka", "Freya", "Gus", "Hana", "Ivo", "Juno")
desks_max = len(WORKERS)


class Activity(StrEnum):
    """What a desk shows. It is the truth at once; how a person gets there is decoration."""

    OFF = "off"
    IDLE = "idle"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


EMPTY = frozenset({Activity.OFF, Activity.IDLE})
RUNNING = frozenset({Activity.WORKING, Activity.WAITING})
HELD = frozenset({Activity.DONE, Activity.FAILED})

NEXT: Mapping[Activity, frozenset[Activity]] = {
    Activity.OFF: EMPTY | RUNNING,
    Activity.IDLE: EMPTY | RUNNING,
    Activity.WORKING: RUNNING | HELD | {Activity.IDLE},
    Activity.WAITING: RUNNING | HELD | {Activity.IDLE},
    Activity.DONE: RUNNING | {Activity.IDLE},
    Activity.FAILED: RUNNING | {Activity.IDLE},
}
"""Which activity may follow which. A held desk is taken by the next execution or falls idle; it is never held again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """A person on the way from one place to another; ``end_tick`` is the first tick at which they are there."""

    origin: str
    goal: str
    start_ms: int
    end_ms: int
    end_tick: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """One of the ten at a tick.

    ``since_ms``: when the execution was admitted (working), when the wait began (waiting), else when this activity
    began. ``execution`` stays while a desk is held. ``reason`` and ``retry_ms`` are those of a failure. The person is on
    the ``walk``, or at ``place``, or else at the desk. ``turn_tick``: when a hold ends, or an idle person sets out.
    """

    number: int
    activity: Activity
    since_ms: int
    execution: Execution | None = None
    reason: str | None = None
    retry_ms: int | None = None
    place: str | None = None
    walk: Walk | None = None
    turn_tick: int | None = None

    @property
    def home(self) -> str:
        """The name of this desk among the places."""
        return desk_place(self.number)

    @property
    def away(self) -> bool:
        """Whether the person is anywhere but at the desk."""
        return self.walk is not None or self.place is not None

    @property
    def reserved(self) -> str | None:
        """The place this person holds: from setting out towards it to leaving it."""
        if self.walk is None:
            return self.place
        return None if self.walk.goal == self.home else self.walk.goal

    @property
    def next_tick(self) -> int | None:
        """When something changes here by itself."""
        if self.walk is None:
            return self.turn_tick
        if self.turn_tick is None:
            return self.walk.end_tick
        return min(self.turn_tick, self.walk.end_tick)


def follows(before: Activity, after: Activity) -> Activity:
    """The activity ``after``, if the table allows the step; else raises `AssertionError`."""
    if after not in NEXT[before]:
        raise AssertionError(f"expected one of {sorted(NEXT[before])} after {before}, got {after}")
    return after
