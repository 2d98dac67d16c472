"""The layout of a recording file (p): records, each with its type, its length, its start, and a checksum over all of it.

    type    u8   a letter: H header, S segment, G gap, I index, F footer
    length  u32  of the payload, in bytes
    start   f64  a moment: milliseconds since the epoch, whole
    crc32   u32  over type, length, start and payload, so that whatever is flipped is noticed
    payload

Numbers are big-endian. A segment is true from its start to the start of the record that directly follows it, be that
the next segment, a gap, or the index, which starts at the recording's end. Records of other types are passed over.
"""

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import BinaryIO
from zlib import crc32

from server.errors import LimitExceededError
from server.recording.frame import DamagedError, number_max
from server.recording.segment import segment_bytes_max

record_bytes_max = segment_bytes_max + 64 * 1024
"""The longest a record's payload gets: what cannot be compressed grows a little."""

_HEAD = Struct(">BIdI")
_SUMMED = Struct(">BId")
head_bytes = _HEAD.size
_piece_bytes = 64 * 1024


class Kind(IntEnum):
    """What a record is."""

    HEADER = ord("H")
    SEGMENT = ord("S")
    GAP = ord("G")
    INDEX = ord("I")
    FOOTER = ord("F")


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What comes before a payload.

    `kind` may be that of a version to come. `start_ms` is None where what stands there is no moment: then the record is
    damaged, but its length may still be true. `sum` is the checksum without the payload.
    """

    kind: int
    length: int
    start_ms: int | None
    crc: int
    sum: int

    @property
    def size(self) -> int:
        """How many bytes the whole record has."""
        return head_bytes + self.length


def record(kind: Kind, start_ms: int, payload: bytes) -> bytes:
    """The bytes of a record. Raises LimitExceededError above `record_bytes_max`."""
    length = len(payload)
    if length > record_bytes_max:
        raise LimitExceededError(
            f"expected a record of at most record_bytes_max = {record_bytes_max} bytes, got {length}"
        )
    crc = crc32(payload, crc32(_SUMMED.pack(kind, length, start_ms)))
    return _HEAD.pack(kind, length, start_ms, crc) + payload


def read_head(data: bytes) -> Head:
    """The head in these `head_bytes`. Raises DamagedError when they are fewer, or no record is so long."""
    if len(data) != head_bytes:
        raise DamagedError(f"expected the {head_bytes} bytes before a record, got {len(data)}")
    kind, length, start_ms, crc = _HEAD.unpack(data)
    if length > record_bytes_max:
        raise DamagedError(
            f"expected a record of at most record_bytes_max = {record_bytes_max} bytes, got {length}"
        )
    sound = 0 <= start_ms <= number_max and start_ms == int(start_ms)
    return Head(
        kind=kind,
        length=length,
        start_ms=int(start_ms) if sound else None,
        crc=crc,
        sum=crc32(data[: _SUMMED.size]),
    )


def read_record(file: BinaryIO, offset: int) -> tuple[Head, bytes]:
    """The record at an offset, which has a start, and its payload. Raises DamagedError when there is none, or it is not whole."""
    head = _head_at(file, offset)
    payload = file.read(head.length)
    if head.start_ms is None or len(payload) != head.length or crc32(payload, head.sum) != head.crc:
        raise DamagedError(f"expected a whole record at byte {offset}, got a damaged one")
    return head, payload


def check_record(file: BinaryIO, offset: int) -> tuple[Head, bool]:
    """The head of the record at an offset, and whether it is whole, without keeping its payload in memory.

    Raises DamagedError when there is not even a head.
    """
    head = _head_at(file, offset)
    left, crc = head.length, head.sum
    while left > 0 and (piece := file.read(min(left, _piece_bytes))):
        left, crc = left - len(piece), crc32(piece, crc)
    return head, left == 0 and crc == head.crc and head.start_ms is not None


def _head_at(file: BinaryIO, offset: int) -> Head:
    file.seek(offset)
    return read_head(file.read(head_bytes))
