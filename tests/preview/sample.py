"""Ten minutes of a busy office as a recording file, the same every time; an hour is six of them."""

from functools import cache
from io import BytesIO

from bench.recordings import hour_of_segments
from bench.trace import HZ
from server.model import View
from server.recording.contents import Header
from server.recording.file import RecordingFile, Writer
from server.recording.frame import read_keyframe
from server.recording.segment import pack, projected

MINUTE_MS = 60_000


@cache
def segments(count: int = 20) -> tuple[tuple[bytes, ...], ...]:
    found = []
    for lines in hour_of_segments():
        found.append(tuple(lines))
        if len(found) == count:
            break
    return tuple(found)


def start_ms() -> int:
    return read_keyframe(segments()[0][0]).now_ms


@cache
def data(view: View = View.FULL, count: int = 20) -> bytes:
    lines = segments(count)
    starts = [read_keyframe(each[0]).now_ms for each in lines]
    writer = Writer(Header(office="Northwind", view=view, hz=HZ, start_ms=starts[0]))
    out = [writer.begin()]
    for each, since_ms, to_ms in zip(lines, starts, [*starts[1:], starts[-1] + 30_000], strict=True):
        out.append(writer.segment(pack(projected(each, view)), start_ms=since_ms, end_ms=to_ms))
    return b"".join([*out, writer.finish()])


def recorded(view: View = View.FULL) -> RecordingFile:
    return RecordingFile(BytesIO(data(view)))
