"""What the recorder has done since it began (p): counted where it happens, in plain numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.recording.entries import Closed, Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class RecorderFigures:
    """As of one moment; those that end in `_total` only grow.

    `recordings` are being made. `held_bytes` are in memory, in open segments and in the `waiting` entries that are to be
    written; while it is `shedding` there are too many of them. `segments_total`, `bytes_total`: closed segments, and
    whatever was packed, as committed; `gaps_total`: segments before which something is missing.
    `failures_total`: transactions that the store did not take.
    """

    recordings: int
    held_bytes: int
    waiting: int
    shedding: bool
    segments_total: int
    bytes_total: int
    gaps_total: int
    failures_total: int


class Counters:
    """The counts behind `RecorderFigures`."""

    __slots__ = ("bytes", "failures", "gaps", "segments")

    def __init__(self) -> None:
        self.segments = 0
        self.bytes = 0
        self.gaps = 0
        self.failures = 0

    def wrote(self, entries: Iterable[Entry], size: int) -> None:
        """These are committed, with so many bytes of bodies."""
        closed = [entry for entry in entries if isinstance(entry, Closed)]
        self.segments += len(closed)
        self.gaps += sum(entry.gap for entry in closed)
        self.bytes += size
