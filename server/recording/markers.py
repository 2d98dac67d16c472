"""Markers (p): moments of a recording that somebody may want to find, put together from its frames as they pass.

A marker is an object as HTTP and files show it. Each has a `kind` and `at`, its moment in milliseconds:

- `failed`: a desk failed (`desk`, `execution`, `task`, `batch`, `title`, `reason`, `attempt`; `until` if it is tried
  again), or `count` tasks of a `batch` failed and no desk showed it
- `batch`: a batch ended (`batch`, `name`, `state`, `total`, `done`, `failed`)
- `blocked`, `unblocked`: the quota holds the queue back (`until`), or no longer
- `tier`, `slots`: it is another one; `before` is the old one
- `gap`: nothing is known up to `to`
- `tally`: up to `to` so many executions began (`starts`) and ended (`ends`), and in the end `running` run; none where
  nothing did, but for the first one of all and after a gap
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from server.model import View
from server.recording.changes import changes, failures
from server.recording.parts import number, part
from server.recording.tally import Tally, running_of
from simulation.fields import State
from simulation.patch import Patch, apply

Marker: TypeAlias = dict[str, Any]
Stretch: TypeAlias = tuple[int, int]
"""From one moment to another, in milliseconds."""

markers_max = 5_000
"""How many markers a recording has, tallies not counted; what happens after that is not marked."""
tallies_max = 10_000
"""How many tallies a recording has: those of 27 hours without a break, more than one recording lasts."""
stretches_max = 5_000
"""How many idle stretches a recording has."""
idle_ms_least = 10_000
"""A shorter time without work is no idle stretch: nobody would want to leap over it."""

FIGURES = (
    *("kind", "at", "to", "desk", "batch", "attempt", "until", "count", "state", "total", "done", "failed"),
    *("tier", "slots", "before", "starts", "ends", "running"),
)
BATCHES = (*FIGURES, "name")
TITLES = (*BATCHES, "title", "reason")
FULL = (*TITLES, "execution", "task")
ALLOWED: Mapping[View, frozenset[str]] = MappingProxyType(
    {
        View.FIGURES: frozenset(FIGURES),
        View.BATCHES: frozenset(BATCHES),
        View.TITLES: frozenset(TITLES),
        View.FULL: frozenset(FULL),
    }
)
"""The fields of markers that each view may see: those whose like in the state it may see."""


def projected_markers(markers: Iterable[Marker], view: View) -> list[Marker]:
    """The markers as this view may see them."""
    allowed = ALLOWED[view]
    return [{name: value for name, value in marker.items() if name in allowed} for marker in markers]


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """What was noted since it was taken last: markers in the order of their moments, and idle stretches.

    An office is idle while nothing runs and no one waits to.
    """

    markers: tuple[Marker, ...] = ()
    idle: tuple[Stretch, ...] = ()


class Markers:
    """Notes what happens in a recording of the full view, frame by frame.

    `had` are the markers and `idle` the number of stretches that the recording has from earlier, if it goes on after
    a restart: its limits are those of the whole recording. `missed` counts what they leave out.
    """

    def __init__(self, had: Iterable[Marker] = (), idle: int = 0) -> None:
        kinds = Counter(str(marker["kind"]) for marker in had)
        self.missed = 0
        self._tallies_left = tallies_max - kinds["tally"]
        self._markers_left = markers_max - kinds.total() + kinds["tally"]
        self._stretches_left = stretches_max - idle
        self._markers: list[Marker] = []
        self._idle: list[Stretch] = []
        self._state: State | None = None
        self._known = False
        self._tally: Tally | None = None
        self._shown: Counter[str] = Counter()
        self._idle_ms: int | None = None

    def keyframe(self, at_ms: int, state: State) -> None:
        """The whole state at a moment: the first one, the one after a gap, or one that is there anyway."""
        before, self._state = self._state, state
        self._go(at_ms, before, state)

    def diff(self, at_ms: int, patch: Patch) -> None:
        """What changed at a moment. Raises `ValueError` without a keyframe before it."""
        if self._state is None or not self._known:
            raise ValueError("expected a keyframe first, got a diff")
        before, self._state = self._state, apply(self._state, patch)
        self._go(at_ms, before, self._state)

    def gap(self, from_ms: int, to_ms: int) -> None:
        """Nothing is known from one moment to the other; a keyframe comes next.

        What is another one after it is marked there, but nothing is counted over it.
        """
        self.end(from_ms)
        self._note({"kind": "gap", "at": from_ms, "to": to_ms})

    def end(self, at_ms: int) -> None:
        """The recording is over, or cut short: what is being counted, or is idle, ends here."""
        if self._tally is not None and self._state is not None:
            self._close_tally(self._tally, self._state)
        self._wake(at_ms)
        self._tally = None
        self._known = False
        self._shown.clear()

    def take(self) -> Noted:
        """What is complete, each once: a tally when its ten seconds are over, an idle stretch when it ends."""
        markers = sorted(self._markers, key=lambda marker: int(marker["at"]))
        noted = Noted(markers=tuple(markers), idle=tuple(self._idle))
        self._markers, self._idle = [], []
        return noted

    def _go(self, at_ms: int, before: State | None, after: State) -> None:
        if self._tally is None:
            self._tally = Tally(at_ms, running_of(after), first=True)
        elif before is not None and self._tally.over(at_ms):
            self._close_tally(self._tally, before)
            self._tally = self._tally.next(at_ms, running_of(before))
        if before is not None:
            self._mark(at_ms, before, after)
        if before is not None and self._known:
            self._tally.count(before, after)
            self._mark_unseen(at_ms, before, after)
        self._known = True
        if running_of(after) or number(part(after, "queue"), "waiting"):
            self._wake(at_ms)
        elif self._idle_ms is None:
            self._idle_ms = at_ms

    def _mark(self, at_ms: int, before: State, after: State) -> None:
        for marker in changes(before, after):
            if marker["kind"] == "failed" and "until" not in marker:
                self._shown[str(marker.get("batch"))] += 1
            self._note({"kind": marker["kind"], "at": at_ms} | marker)

    def _mark_unseen(self, at_ms: int, before: State, after: State) -> None:
        """Mark the failures that only their batch tells of: a desk that is taken at once does not show them."""
        for batch, count in failures(before, after):
            unseen = count - self._shown.pop(batch, 0)
            if unseen > 0:
                self._note({"kind": "failed", "at": at_ms, "batch": batch, "count": unseen})
            elif unseen < 0:
                self._shown[batch] = -unseen

    def _close_tally(self, tally: Tally, state: State) -> None:
        running = running_of(state)
        starts, ends = tally.close(running)
        if starts or ends or tally.first:
            counted = {"starts": starts, "ends": ends, "running": running}
            self._note({"kind": "tally", "at": tally.from_ms, "to": tally.to_ms} | counted)

    def _wake(self, at_ms: int) -> None:
        if self._idle_ms is not None and at_ms - self._idle_ms >= idle_ms_least:
            if self._stretches_left > 0:
                self._stretches_left -= 1
                self._idle.append((self._idle_ms, at_ms))
            else:
                self.missed += 1
        self._idle_ms = None

    def _note(self, marker: Marker) -> None:
        tally = marker["kind"] == "tally"
        room = self._tallies_left if tally else self._markers_left
        if room <= 0:
            self.missed += 1
            return
        self._markers.append(marker)
        self._tallies_left -= tally
        self._markers_left -= not tally
