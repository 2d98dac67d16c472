"""One office while it is recorded (p): its recording, the open segment in memory, and what of it is kept already."""

from dataclasses import dataclass, field

from server.recording.contract import Source
from server.recording.entries import Closed, Part, Recording

recording_ms_max = 24 * 3_600_000
"""A session that lasts longer goes on in another recording, without a gap."""
quiet_ms_max = 60 * 60_000
"""A session ends when nothing has run for so long."""
open_bytes_max = 256 * 1024
"""An open segment that is larger is closed before its time."""


@dataclass(slots=True, eq=False)
class Take:
    """An office that is being recorded. Without lines nothing is: it is still waking, or has shed what it was told.

    `lines` are the open segment's, of which the first `kept` were given to the writer as parts. `quiet_ms` is the
    monotonic moment since which nothing runs, `quiet_beat` when that is looked at. `failed`: it could not be woken. `gap`: what came before the open segment is missing. `offset_ms` is what the
    wall clock was ahead of the monotonic one at the open segment's beginning.
    """

    office: str
    phase: int
    recording: Recording | None = None
    source: Source | None = None
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    n: int = 0
    kept: int = 0
    parts: list[Part] = field(default_factory=list)
    quiet_ms: int | None = None
    quiet_beat: int | None = None
    gap: bool = False
    failed: bool = False
    offset_ms: int = 0
    due: bool = False
    """Whether it will be looked at soon."""

    @property
    def worth(self) -> bool:
        """Whether the open segment is worth to be closed: another one is not begun while nothing is said."""
        return len(self.lines) > 1 or self.gap or self.n == 0

    def open(self, source: Source, n: int) -> bytes:
        """Begin segment `n` with the stream's keyframe, which is returned."""
        keyframe = source.keyframe()
        self.source, self.lines, self.size = source, [keyframe], len(keyframe)
        self.n, self.kept, self.parts = n, 0, []
        return keyframe

    def add(self, diff: bytes) -> None:
        """Take the next diff in."""
        self.lines.append(diff)
        self.size += len(diff)

    def part(self, recording: Recording) -> Part | None:
        """What was not given to the writer yet."""
        if self.kept == len(self.lines):
            return None
        part = Part(recording=recording, n=self.n, number=len(self.parts), lines=self.lines[self.kept :])
        self.parts.append(part)
        self.kept = len(self.lines)
        return part

    def close(self, recording: Recording, *, end_ms: int | None, over: bool) -> Closed:
        """End the open segment, whose parts are not needed any more. See Closed."""
        for part in self.parts:
            part.void = True
        closed = Closed(
            recording=recording, n=self.n, lines=self.lines, end_ms=end_ms, gap=self.gap, over=over
        )
        self.lines, self.size, self.gap = [], 0, False
        return closed
