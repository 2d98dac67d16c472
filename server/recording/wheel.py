"""When a recorded office is looked at again (p): each at beats of its own, so that not all are at once."""

from heapq import heappop, heappush
from zlib import crc32

beat_ms = 1_000
beats_per_segment = 30
"""A segment is closed at its office's beat in every round of so many, if anything was said in it."""
offsets = (0, 8, 16, 24)
"""What came to an open segment is written at these beats of a round, its own being 0: eight seconds apart at most."""


def phase_of(office: str) -> int:
    """The office's own beat in each round."""
    return crc32(office.encode()) % beats_per_segment


def next_beat(phase: int, beat: int) -> int:
    """The first beat after `beat` at which something of this phase is written."""
    into = (beat - phase) % beats_per_segment
    wait = min(offset for offset in (*offsets, beats_per_segment) if offset > into)
    return beat + wait - into


class Wheel:
    """Offices by the beats at which they are due. One may be due at several."""

    def __init__(self) -> None:
        self._due: dict[int, dict[str, None]] = {}
        self._beats: list[int] = []

    def put(self, office: str, beat: int) -> None:
        """Have an office looked at then."""
        due = self._due.get(beat)
        if due is None:
            due = self._due[beat] = {}
            heappush(self._beats, beat)
        due[office] = None

    def take(self, beat: int) -> list[str]:
        """The offices that are due by then, each once, taken off."""
        found: dict[str, None] = {}
        while self._beats and self._beats[0] <= beat:
            found |= self._due.pop(heappop(self._beats))
        return list(found)

    def next(self) -> int | None:
        """The next beat at which one is due."""
        return self._beats[0] if self._beats else None
