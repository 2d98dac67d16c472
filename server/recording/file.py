"""The recording file, `.tendesks` (p): written piece by piece, and read wherever it was cut and whatever was flipped.

A header, a record for each segment, with a gap where nothing is known between two of them, then an index and a footer
that says where the index is. See `layout` for what a record is.
"""

from collections.abc import Sequence
from io import BytesIO
from struct import Struct
from typing import BinaryIO

from server.errors import LimitExceededError
from server.recording.contents import (
    Header,
    Index,
    Place,
    decode_header,
    decode_index,
    encode_header,
    encode_index,
    segments_max,
)
from server.recording.frame import DamagedError, read_keyframe
from server.recording.layout import Kind, head_bytes, read_record, record
from server.recording.markers import Marker, Stretch
from server.recording.playback import at_moment
from server.recording.scan import scan
from server.recording.segment import state_at, unpack
from simulation.fields import State

_FOOTER = Struct(">Q")
footer_bytes = head_bytes + _FOOTER.size


class Writer:
    """Makes a file from its beginning to its end: whoever calls writes the bytes one after the other.

    Keeps a few numbers for each segment. A file that is left without `finish` is read all the same.
    """

    def __init__(self, header: Header) -> None:
        self._header = header
        self._size = 0
        self._end_ms = header.start_ms
        self._places: list[Place] = []

    def begin(self) -> bytes:
        """The header."""
        return self._grown(record(Kind.HEADER, self._header.start_ms, encode_header(self._header)))

    def segment(self, body: bytes, *, start_ms: int, end_ms: int) -> bytes:
        """The next segment, packed, in the header's view; before it the gap if it does not begin where the last ended.

        Raises LimitExceededError after `segments_max` of them.
        """
        if len(self._places) == segments_max:
            raise LimitExceededError(f"expected at most segments_max = {segments_max} segments, got one more")
        gap = b""
        if self._places and start_ms > self._end_ms:
            gap = self._grown(record(Kind.GAP, self._end_ms, b""))
        offset, self._end_ms = self._size, end_ms
        self._places.append(Place(offset=offset, start_ms=start_ms, end_ms=end_ms, bytes=len(body)))
        return gap + self._grown(record(Kind.SEGMENT, start_ms, body))

    def finish(self, markers: Sequence[Marker] = (), idle: Sequence[Stretch] = ()) -> bytes:
        """The index, with markers as the header's view may see them, and the footer."""
        offset = self._size
        index = Index(
            header=self._header, places=tuple(self._places), markers=tuple(markers), idle=tuple(idle)
        )
        footer = record(Kind.FOOTER, self._end_ms, _FOOTER.pack(offset))
        return self._grown(record(Kind.INDEX, self._end_ms, encode_index(index)) + footer)

    def _grown(self, data: bytes) -> bytes:
        self._size += len(data)
        return data


class RecordingFile:
    """A file that is read: at once its header and index, later a segment at a time.

    `indexed` says whether the index was whole; if not, the segments are found by reading the file through, and there
    are neither markers nor idle stretches. Memory is bounded by the index and by one segment.

    Raises DamagedError when it is no recording, LimitExceededError when it has more than `segments_max` segments; and
    whatever the file raises.
    """

    def __init__(self, source: bytes | BinaryIO) -> None:
        self._file = BytesIO(source) if isinstance(source, bytes) else source
        index = self._index()
        self.indexed = index is not None
        self.index = index if index is not None else self._rebuilt()
        self._spans = sorted(self.index.places, key=lambda place: place.start_ms)

    @property
    def header(self) -> Header:
        """Whose recording it is."""
        return self.index.header

    @property
    def segments(self) -> Sequence[Place]:
        """Where the segments are, in the order of their starts, which is that in which they were written."""
        return self._spans

    def lines(self, n: int) -> list[bytes]:
        """The lines of segment `n`. Raises DamagedError when it is not what was written."""
        place = self.segments[n]
        head, body = read_record(self._file, place.offset)
        if (head.kind, head.start_ms, head.length) != (Kind.SEGMENT, place.start_ms, place.bytes):
            raise DamagedError(f"expected segment {n} at byte {place.offset}, got something else")
        lines = unpack(body)
        if read_keyframe(lines[0]).now_ms != place.start_ms:
            raise DamagedError(f"expected segment {n} to start at {place.start_ms}, got another moment")
        return lines

    def state_at(self, now_ms: int) -> State | None:
        """What was shown at a moment; None where nothing is known. Raises DamagedError as `lines`."""
        n = at_moment(self.segments, now_ms)
        return None if n is None else state_at(self.lines(n), now_ms, self.header.hz)

    def _index(self) -> Index | None:
        try:
            offset = self._file.seek(0, 2) - footer_bytes
            footer, payload = read_record(self._file, max(0, offset))
            if footer.kind != Kind.FOOTER or len(payload) != _FOOTER.size:
                return None
            (index_offset,) = _FOOTER.unpack(payload)
            if index_offset >= offset:
                return None
            head, payload = read_record(self._file, index_offset)
            if head.kind != Kind.INDEX or index_offset + head.size != offset:
                return None
            index = decode_index(payload)
        except DamagedError:
            return None
        return index if all(place.offset + place.bytes <= index_offset for place in index.places) else None

    def _rebuilt(self) -> Index:
        head, payload = read_record(self._file, 0)
        if head.kind != Kind.HEADER:
            raise DamagedError("expected a recording's header, got another record")
        header = decode_header(payload)
        return Index(header=header, places=scan(self._file, header.hz))
