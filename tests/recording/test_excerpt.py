"""What is told of a recording that is locked to a stretch is what is in it."""

import orjson

from server.model import Stretch
from server.recording.excerpt import Excerpt
from server.recording.segment import pack, unpack
from server.store.recordings import RecordingRow, SegmentRow
from tests.recording.test_cut import LINES, at, between

HZ = 10
RECORDING = RecordingRow(
    id="r", office="o", hz=HZ, started_ms=at(-30), last_ms=at(10), ended_ms=None, segments=9, frames=900, bytes=9_000
)  # fmt: skip
BODY = pack(LINES)
ROW = SegmentRow(
    n=3, start_ms=at(0), end_ms=at(5), first=4, last=8, frames=5, bytes=len(BODY),
    markers=orjson.dumps([{"kind": "failed", "at": at(1)}, {"kind": "failed", "at": at(3)}]).decode(),
    idle=orjson.dumps([[at(-20), at(2.5)]]).decode(),
)  # fmt: skip


def test_a_cut_segment_is_told_of_as_it_is_sent() -> None:
    excerpt = Excerpt(between(1, 3), HZ)
    assert excerpt.holds(ROW)
    assert excerpt.cuts(ROW)
    body = excerpt.body(BODY)
    row = excerpt.row(ROW, BODY)
    assert (row.n, row.start_ms, row.end_ms, row.first, row.last, row.frames) == (3, at(1), at(3), 5, 7, 3)
    assert row.bytes == len(body)
    assert len(unpack(body)) == 3


def test_what_was_noted_is_cut_wherever_it_was_noted() -> None:
    assert Excerpt(between(2, 3), HZ).noted([ROW]) == (
        [{"kind": "failed", "at": at(3)}],
        [(at(2), at(2.5))],
    )
    markers, idle = Excerpt(None, HZ).noted([ROW])
    assert (len(markers), idle) == (2, [[at(-20), at(2.5)]])


def test_a_recording_is_as_long_as_its_stretch() -> None:
    excerpt = Excerpt(between(1, 3), HZ)
    row = excerpt.recording(RECORDING, [excerpt.row(ROW, BODY)])
    assert (row.started_ms, row.last_ms, row.ended_ms) == (at(1), at(3), at(3))
    assert (row.segments, row.frames) == (1, 3)
    empty = Excerpt(Stretch(from_ms=at(50)), HZ).recording(RECORDING, [])
    assert (empty.started_ms, empty.last_ms, empty.ended_ms, empty.frames) == (at(50), at(50), None, 0)
    assert Excerpt(None, HZ).recording(RECORDING, []) is RECORDING
    later = Excerpt(between(None, 60), HZ).recording(RECORDING, [])
    assert later.ended_ms is None
