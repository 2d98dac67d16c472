"""What a recording file says of itself (p): its header and its index, as JSON, written and read strictly."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from server.errors import LimitExceededError
from server.model import View
from server.recording.frame import DamagedError, check_plain, number_max
from server.recording.markers import Marker, Stretch

VERSION = 1
hz_max = 1_000
segments_max = 20_000
"""How many segments a file holds: those of a week without a break."""
index_bytes_max = 8 * 1024 * 1024
"""The longest an index gets before it is packed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """Whose recording it is and how it is to be read: `hz` ticks are a second, `start_ms` is its first moment."""

    office: str
    view: View
    hz: int
    start_ms: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in a file a segment is, the moments from and up to which it is true, and how many bytes it has packed."""

    offset: int
    start_ms: int
    end_ms: int
    bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """All that is found in a file, and once more its header."""

    header: Header
    places: tuple[Place, ...]
    markers: tuple[Marker, ...] = ()
    idle: tuple[Stretch, ...] = ()


def encode_header(header: Header) -> bytes:
    """The payload of a header."""
    return orjson.dumps(_header_fields(header))


def decode_header(payload: bytes) -> Header:
    """The header in a payload. Raises DamagedError when there is none, or one of another version."""
    return _header(_object(payload))


def encode_index(index: Index) -> bytes:
    """The payload of an index. Raises LimitExceededError above `index_bytes_max`."""
    fields = {
        "header": _header_fields(index.header),
        "segments": [[place.offset, place.start_ms, place.end_ms, place.bytes] for place in index.places],
        "markers": index.markers,
        "idle": index.idle,
    }
    text = orjson.dumps(fields)
    if len(text) > index_bytes_max:
        raise LimitExceededError(
            f"expected an index of at most index_bytes_max = {index_bytes_max} bytes, got {len(text)}"
        )
    return zlib.compress(text)


def decode_index(payload: bytes) -> Index:
    """The index in a payload. Raises DamagedError when it is not one, or does not make sense."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(payload, index_bytes_max + 1)
    except zlib.error as error:
        raise DamagedError("expected an index packed by zlib, got something else") from error
    if len(text) > index_bytes_max or not unpacking.eof or unpacking.unused_data:
        raise DamagedError(f"expected a packed index of at most index_bytes_max = {index_bytes_max} bytes")
    fields = _object(text)
    header = fields.get("header")
    if not isinstance(header, dict):
        raise DamagedError("expected an index with a header, got none")
    return Index(
        header=_header(header),
        places=_places(_rows(fields, "segments", 4)),
        markers=_markers(fields.get("markers")),
        idle=tuple((since_ms, to_ms) for since_ms, to_ms in _rows(fields, "idle", 2)),
    )


def _header_fields(header: Header) -> dict[str, Any]:
    return {
        "format": "tendesks",
        "version": VERSION,
        "office": header.office,
        "view": header.view,
        "hz": header.hz,
        "start": header.start_ms,
    }


def _header(fields: dict[str, Any]) -> Header:
    if fields.get("format") != "tendesks" or fields.get("version") != VERSION:
        raise DamagedError(f"expected a recording of version {VERSION}, got something else")
    office, view, hz, start_ms = (fields.get(name) for name in ("office", "view", "hz", "start"))
    if not isinstance(office, str) or not isinstance(view, str) or view not in View.__members__.values():
        raise DamagedError("expected the name of an office and a view in the header, got something else")
    if type(hz) is not int or not 1 <= hz <= hz_max:
        raise DamagedError(
            f"expected 1 to hz_max = {hz_max} ticks a second in the header, got something else"
        )
    if type(start_ms) is not int or not 0 <= start_ms <= number_max:
        raise DamagedError("expected the moment of a start in the header, got something else")
    return Header(office=office, view=View(view), hz=hz, start_ms=start_ms)


def _places(rows: Sequence[Sequence[int]]) -> tuple[Place, ...]:
    if len(rows) > segments_max:
        raise DamagedError(f"expected at most segments_max = {segments_max} segments, got {len(rows)}")
    places = [
        Place(offset=offset, start_ms=start_ms, end_ms=end_ms, bytes=size)
        for offset, start_ms, end_ms, size in rows
    ]
    for place in places:
        if place.end_ms < place.start_ms:
            raise DamagedError("expected segments that end after they start, got another one")
    return tuple(places)


def _markers(found: Any) -> tuple[Marker, ...]:
    if not isinstance(found, list):
        raise DamagedError("expected markers, got something else")
    for marker in found:
        if not isinstance(marker, dict) or not isinstance(marker.get("kind"), str):
            raise DamagedError("expected markers, each of a kind, got something else")
        if not _is_number(marker.get("at")):
            raise DamagedError("expected markers, each at a moment, got something else")
        check_plain(marker)
    return tuple(found)


def _rows(fields: dict[str, Any], name: str, width: int) -> list[list[int]]:
    rows = fields.get(name)
    if not isinstance(rows, list):
        raise DamagedError(f"{name}: expected rows of numbers, got {type(rows).__name__}")
    for row in rows:
        if not isinstance(row, list) or len(row) != width or not all(map(_is_number, row)):
            raise DamagedError(f"{name}: expected rows of {width} numbers, got something else")
    return rows


def _object(text: bytes) -> dict[str, Any]:
    try:
        fields = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise DamagedError(f"expected JSON, got something else from character {error.pos}") from error
    if not isinstance(fields, dict):
        raise DamagedError(f"expected an object, got {type(fields).__name__}")
    return fields


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= number_max
