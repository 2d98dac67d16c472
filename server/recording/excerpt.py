"""A recording as far as somebody may see it: all of it, or what a link is locked to."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import orjson

from server.model import Stretch
from server.recording.cut import begin_ms, cut, cut_idle, cut_markers, overlaps, within
from server.recording.markers import Marker
from server.recording.segment import pack, unpack
from server.store.recordings import RecordingRow, SegmentRow


class Excerpt:
    """What a stretch makes of a recording's rows and bodies; `stretch` None: nothing else."""

    def __init__(self, stretch: Stretch | None, hz: int) -> None:
        self._stretch = stretch or Stretch()
        self._hz = hz
        self.whole = stretch is None

    def holds(self, row: SegmentRow) -> bool:
        """Whether a segment is in it, in part at least."""
        return overlaps(self._stretch, row.start_ms, row.end_ms)

    def cuts(self, row: SegmentRow) -> bool:
        """Whether a segment is in it in part only."""
        return not within(self._stretch, row.start_ms, row.end_ms)

    def body(self, body: bytes) -> bytes:
        """A segment's body, as far as it is in it. Takes milliseconds. Raises DamagedError where it is none."""
        return pack(cut(unpack(body), self._stretch, self._hz))

    def row(self, row: SegmentRow, body: bytes) -> SegmentRow:
        """What is to be told of a segment that is cut, but for what is noted in it; `body` is the whole one. Takes milliseconds."""
        lines = cut(unpack(body), self._stretch, self._hz)
        left = orjson.loads(lines[0])["seq"]
        to_ms = row.end_ms if self._stretch.to_ms is None else min(row.end_ms, self._stretch.to_ms)
        return replace(
            row,
            start_ms=begin_ms(self._stretch, row.start_ms, self._hz),
            end_ms=to_ms,
            first=left,
            last=left + len(lines) - 1,
            frames=len(lines),
            bytes=len(pack(lines)),
        )

    def noted(self, rows: Iterable[SegmentRow]) -> tuple[list[Marker], list[Sequence[int]]]:
        """Markers and idle stretches of all the recording's segments, as far as they are in it.

        Of all: what ends in one segment, and is noted there, may have begun in an earlier one.
        """
        markers, idle = [], []
        for row in rows:
            markers += orjson.loads(row.markers)
            idle += orjson.loads(row.idle)
        if self.whole:
            return markers, idle
        return cut_markers(markers, self._stretch), [*cut_idle(idle, self._stretch)]

    def recording(self, row: RecordingRow, rows: Sequence[SegmentRow]) -> RecordingRow:
        """What is to be told of the recording, whose segments are in it as `rows` say."""
        if self.whole:
            return row
        from_ms, to_ms = self._stretch.from_ms, self._stretch.to_ms
        started_ms = row.started_ms if from_ms is None else max(row.started_ms, from_ms)
        ended_ms = row.ended_ms
        if to_ms is not None and (ended_ms is not None or row.last_ms >= to_ms):
            ended_ms = min(row.last_ms, to_ms)
        return replace(
            row,
            started_ms=started_ms,
            last_ms=max([started_ms, *(each.end_ms for each in rows)]),
            ended_ms=ended_ms,
            segments=len(rows),
            frames=sum(each.frames for each in rows),
            bytes=sum(each.bytes for each in rows),
        )
