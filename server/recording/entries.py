"""What the recorder gives to its writer (p): a recording as it grows, parts, closed segments, and its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from server.recording.markers import Marker, Markers


@dataclass(slots=True, eq=False)
class Recording:
    """A recording as it grows; what it counts are the segments that were packed for the writer."""

    id: str
    office: str
    hz: int
    started_ms: int
    last_ms: int
    segments: int = 0
    frames: int = 0
    bytes: int = 0
    begun: bool = False
    """Whether the writer has been given its beginning."""
    markers: Markers = field(default_factory=Markers)

    def remember(self, markers: Iterable[Marker], idle: int) -> None:
        """Go on after a restart, with what was marked before."""
        self.markers = Markers(markers, idle)
        self.begun = True


@dataclass(slots=True, eq=False)
class Part:
    """What came to an open segment since the part before. `void`: the segment was closed meanwhile, and has it all."""

    recording: Recording
    n: int
    number: int
    lines: Sequence[bytes]
    void: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """A whole segment, true up to `end_ms` (None: to the last thing said). `gap`: something is missing before it.

    `over`: what comes next, if anything does, is not known to follow on it.
    """

    recording: Recording
    n: int
    lines: Sequence[bytes]
    end_ms: int | None
    gap: bool
    over: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A recording is over."""

    recording: Recording
    at_ms: int


Entry: TypeAlias = Part | Closed | Ended
