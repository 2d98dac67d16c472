"""Rebuilding what a recording file holds from its records alone (p), where its index is not there or not whole."""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from server.errors import LimitExceededError
from server.recording.contents import Place, segments_max
from server.recording.frame import DamagedError, moment_ms
from server.recording.layout import Head, Kind, check_record, read_record
from server.recording.segment import read, unpack

_ENDS = frozenset({Kind.SEGMENT, Kind.GAP, Kind.INDEX})
"""Records that say, by their start, up to when the segment directly before them is true."""


def scan(file: BinaryIO, hz: int) -> tuple[Place, ...]:
    """The segments that are whole, up to where the records stop making sense.

    Damaged records are leapt over as far as their lengths are true. A segment that no whole record follows is true
    up to the last thing said in it, and not a moment longer. Takes the time to read the whole file, and the memory of
    one segment. Raises LimitExceededError when there are more than `segments_max` of them.
    """
    places: list[Place] = []
    open_place: Place | None = None
    for offset, head in _records(file):
        if open_place is not None:
            places.append(_ended(file, open_place, head, hz))
            open_place = None
        if head is None or head.kind != Kind.SEGMENT or head.start_ms is None:
            continue
        if len(places) == segments_max:
            raise LimitExceededError(f"expected at most segments_max = {segments_max} segments, got more")
        open_place = Place(offset=offset, start_ms=head.start_ms, end_ms=head.start_ms, bytes=head.length)
    if open_place is not None:
        places.append(_ended(file, open_place, None, hz))
    return tuple(places)


def _records(file: BinaryIO) -> Iterator[tuple[int, Head | None]]:
    """Each record with its offset; None in place of a damaged one, whose length may be true all the same."""
    offset = 0
    while True:
        try:
            head, whole = check_record(file, offset)
        except DamagedError:
            return
        if head.kind == Kind.HEADER and offset > 0:  # another file begins
            return
        yield offset, head if whole else None
        offset += head.size


def _ended(file: BinaryIO, place: Place, following: Head | None, hz: int) -> Place:
    end_ms = None if following is None or following.kind not in _ENDS else following.start_ms
    if end_ms is not None and end_ms >= place.start_ms:
        return replace(place, end_ms=end_ms)
    try:
        _, body = read_record(file, place.offset)
        keyframe, diffs = read(unpack(body))
    except DamagedError:  # made by somebody else: whoever asks for it will be told
        return place
    return replace(place, end_ms=moment_ms(keyframe, diffs[-1].tick, hz)) if diffs else place
