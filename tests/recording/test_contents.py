"""What a recording file says of itself: read strictly, and bounded."""

import zlib
from typing import Any

import orjson
import pytest

from server.errors import LimitExceededError
from server.model import View
from server.recording.contents import (
    Header,
    Index,
    Place,
    decode_header,
    decode_index,
    encode_header,
    encode_index,
    index_bytes_max,
    segments_max,
)
from server.recording.file import Writer
from server.recording.frame import DamagedError
from server.recording.layout import Kind, record, record_bytes_max
from tests.simulation.histories import BASE_MS

HEADER = Header(office="Zoë & Söhne", view=View.TITLES, hz=20, start_ms=BASE_MS)


def test_header_and_index_are_read_as_they_were_written() -> None:
    place = Place(offset=117, start_ms=BASE_MS, end_ms=BASE_MS + 30_000, bytes=900)
    markers = (
        {"kind": "gap", "at": BASE_MS, "to": BASE_MS + 9},
        {"kind": "failed", "at": BASE_MS, "attempt": [1, 2]},
    )
    index = Index(header=HEADER, places=(place,), markers=markers, idle=((BASE_MS, BASE_MS + 20_000),))
    assert decode_header(encode_header(HEADER)) == HEADER
    assert decode_index(encode_index(index)) == index


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "other"},
        {"version": 2},
        {"office": 3},
        {"view": "everything"},
        {"view": ["full"]},
        {"hz": 0},
        {"hz": 1_001},
        {"hz": True},
        {"start": -1},
        {"start": 1.5},
        {"start": None},
    ],
)
def test_a_header_that_makes_no_sense_is_damage(fields: dict[str, Any]) -> None:
    header = orjson.dumps(orjson.loads(encode_header(HEADER)) | fields)
    with pytest.raises(DamagedError, match="expected"):
        decode_header(header)
    with pytest.raises(DamagedError, match="expected"):
        decode_index(zlib.compress(orjson.dumps({"header": orjson.loads(header)})))


@pytest.mark.parametrize(
    "fields",
    [
        {"header": None},
        {"segments": None},
        {"segments": [1]},
        {"segments": [[1, 2, 3]]},
        {"segments": [[1, 2, 3, -1]]},
        {"segments": [[1, 2, 3, 1.5]]},
        {"segments": [[1, 3, 2, 1]]},
        {"segments": [[1, 2, 3, 4]] * (segments_max + 1)},
        {"markers": {}},
        {"markers": [1]},
        {"markers": [{"kind": 1, "at": 1}]},
        {"markers": [{"kind": "gap"}]},
        {"markers": [{"kind": "gap", "at": 1, "to": None}]},
        {"idle": [[1]]},
        {"idle": [[1, "x"]]},
    ],
)
def test_an_index_that_makes_no_sense_is_damage(fields: dict[str, Any]) -> None:
    sound = {"header": orjson.loads(encode_header(HEADER)), "segments": [], "markers": [], "idle": []}
    with pytest.raises(DamagedError, match="expected"):
        decode_index(zlib.compress(orjson.dumps(sound | fields)))


@pytest.mark.parametrize("payload", [b"", b"x", encode_index(Index(header=HEADER, places=())) + b"x"])
def test_an_index_that_is_not_packed_is_damage(payload: bytes) -> None:
    with pytest.raises(DamagedError, match="expected"):
        decode_index(payload)
    with pytest.raises(DamagedError, match="index_bytes_max"):
        decode_index(zlib.compress(b" " * (index_bytes_max + 1)))


def test_records_and_indexes_over_their_limits_are_refused() -> None:
    record(Kind.SEGMENT, 0, bytes(record_bytes_max))
    with pytest.raises(LimitExceededError, match="record_bytes_max"):
        record(Kind.SEGMENT, 0, bytes(record_bytes_max + 1))
    writer = Writer(HEADER)
    for n in range(segments_max):
        writer.segment(b"", start_ms=BASE_MS + n, end_ms=BASE_MS + n + 1)
    with pytest.raises(LimitExceededError, match="segments_max = 20000"):
        writer.segment(b"", start_ms=BASE_MS * 2, end_ms=BASE_MS * 2)
    with pytest.raises(LimitExceededError, match="index_bytes_max"):
        writer.finish([{"kind": "failed", "at": 1, "title": "x" * index_bytes_max}])
