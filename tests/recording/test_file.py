"""The recording file: written and read, cut at every byte, with every byte flipped, and made of garbage."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import LimitExceededError
from server.model import View
from server.recording import scan
from server.recording.contents import Header, Index, Place, encode_header, encode_index
from server.recording.file import RecordingFile, Writer, footer_bytes
from server.recording.frame import DamagedError
from server.recording.layout import Kind, head_bytes, record
from server.recording.segment import pack, projected, read, state_at
from simulation.fields import State
from simulation.views import project
from tests.recording.courses import HZ, SETTINGS, VIEWS, Course, course, digest
from tests.simulation.histories import BASE_MS, History, histories

HEADER = Header(office="Northwind", view=View.FULL, hz=HZ, start_ms=BASE_MS)
MARKERS = [
    {"kind": "slots", "at": BASE_MS + 500, "slots": 3, "before": 1},
    {"kind": "failed", "at": BASE_MS + 900},
]
IDLE = [(BASE_MS, BASE_MS + 400)]


@dataclass(frozen=True)
class Piece:
    """A segment of a file for tests: its lines, from and up to when it is true, and when its last frame was."""

    lines: list[bytes]
    start_ms: int
    end_ms: int
    said_ms: int


def frame(kind: str, seq: int, tick: int, **more: Any) -> bytes:
    return orjson.dumps({"type": kind, "seq": seq, "tick": tick} | more)


def piece(n: int, start: int, ticks: tuple[int, ...], end: int) -> Piece:
    """A segment that starts, has diffs and ends at these ticks."""
    state = {"office": {"id": "o", "running": n}, "desks": {"0": {"worker": "Ada"}}}
    lines = [frame("keyframe", 0, start, now=BASE_MS + start * 100, state=state)]
    lines += [
        frame("diff", seq, tick, patch={"office": {"running": n * 10 + seq}})
        for seq, tick in enumerate(ticks, 1)
    ]
    said = ticks[-1] if ticks else start
    return Piece(lines, BASE_MS + start * 100, BASE_MS + end * 100, BASE_MS + said * 100)


PIECES = [piece(1, 0, (4, 7), 10), piece(2, 10, (11,), 14), piece(3, 20, (), 30), piece(4, 30, (31, 33), 36)]
"""Nothing is known from tick 14 to 20."""
MOMENTS = sorted(
    {
        at_ms + more
        for one in PIECES
        for at_ms in (one.start_ms, one.said_ms, one.end_ms)
        for more in (-1, 0, 1)
    }
)
MOMENTS += [BASE_MS + tick * 100 for tick in (-5, 5, 17, 32, 90)]


def written(pieces: list[Piece], header: Header = HEADER) -> tuple[bytes, list[tuple[int, int]]]:
    """The file without its end, and the first and last byte of each segment's record."""
    writer = Writer(header)
    data, places = writer.begin(), []
    for one in pieces:
        data += writer.segment(pack(one.lines), start_ms=one.start_ms, end_ms=one.end_ms)
        places.append((len(data) - head_bytes - len(pack(one.lines)), len(data)))
    return data + writer.finish(MARKERS, IDLE), places


WHOLE, PLACES = written(PIECES)


def truth(now_ms: int) -> State | None:
    """What was shown at a moment."""
    held = [one for one in PIECES if one.start_ms <= now_ms <= one.end_ms]
    return state_at(held[-1].lines, now_ms, HZ) if held else None


TRUTH = {now_ms: truth(now_ms) for now_ms in MOMENTS}


def shown(data: bytes) -> Iterator[tuple[int, State | DamagedError | None]]:
    """What a file shows at every moment; nothing but our own errors may be raised."""
    try:
        reading = RecordingFile(data)
    except DamagedError as error:
        yield from ((now_ms, error) for now_ms in MOMENTS)
        return
    for now_ms in MOMENTS:
        try:
            yield now_ms, reading.state_at(now_ms)
        except DamagedError as error:
            yield now_ms, error


def check(data: bytes, plays: list[Piece], at: object = None) -> None:
    """Never a wrong state; and these segments play, up to the last thing said in them. `at` names the case."""
    for now_ms, state in shown(data):
        if isinstance(state, dict):
            assert state == TRUTH[now_ms], (at, now_ms)
        if any(one.start_ms <= now_ms <= one.said_ms for one in plays):
            assert state == TRUTH[now_ms], (at, now_ms)


def test_a_whole_file_shows_every_moment_and_no_more() -> None:
    reading = RecordingFile(WHOLE)
    assert reading.indexed
    assert reading.header == HEADER
    assert [reading.lines(n) for n in range(4)] == [one.lines for one in PIECES]
    assert [(place.start_ms, place.end_ms) for place in reading.segments] == [
        (one.start_ms, one.end_ms) for one in PIECES
    ]
    assert {now_ms: reading.state_at(now_ms) for now_ms in MOMENTS} == TRUTH
    assert (list(reading.index.markers), list(reading.index.idle)) == (MARKERS, IDLE)
    assert TRUTH[BASE_MS - 1] is TRUTH[BASE_MS + 1_700] is TRUTH[BASE_MS + 3_601] is None


def test_without_its_index_it_shows_the_same_up_to_what_was_said_last() -> None:
    index = len(WHOLE) - footer_bytes - RECORDS[-2][1]
    reading = RecordingFile(WHOLE[:index])
    assert not reading.indexed
    assert [place.end_ms for place in reading.segments] == [
        *(one.end_ms for one in PIECES[:3]),
        PIECES[3].said_ms,
    ]
    check(WHOLE[:index], PIECES)
    assert RecordingFile(WHOLE[:-1]).segments[-1].end_ms == PIECES[3].end_ms


def records(data: bytes) -> list[tuple[str, int]]:
    """Type and length of every record, read by hand."""
    found, at = [], 0
    while at < len(data):
        size = 17 + int.from_bytes(data[at + 1 : at + 5], "big")
        found.append((chr(data[at]), size))
        at += size
    return found


RECORDS = records(WHOLE)


def test_the_layout_is_what_it_is_said_to_be() -> None:
    assert "".join(kind for kind, _ in RECORDS) == "HSSGSSIF"
    assert orjson.loads(WHOLE[17 : RECORDS[0][1]]) == {
        "format": "tendesks", "version": 1, "office": "Northwind", "view": "full", "hz": 10, "start": BASE_MS,
    }  # fmt: skip
    at = 0
    for kind, size in RECORDS:
        named, length, start = struct.unpack(">BId", WHOLE[at : at + 13])
        payload = WHOLE[at + 17 : at + size]
        assert (chr(named), length, start % 100) == (kind, size - 17, 0)
        assert int.from_bytes(WHOLE[at + 13 : at + 17], "big") == zlib.crc32(WHOLE[at : at + 13] + payload)
        at += size
    assert int.from_bytes(WHOLE[-8:], "big") == len(WHOLE) - footer_bytes - RECORDS[-2][1]
    assert zlib.decompress(WHOLE[PLACES[0][0] + 17 : PLACES[0][1]]).splitlines() == PIECES[0].lines


def others(at: int) -> list[Piece]:
    """All segments but the one that this byte belongs to."""
    return [one for one, (first, last) in zip(PIECES, PLACES, strict=True) if not first <= at < last]


def before(at: int) -> list[Piece]:
    """The segments that end before this byte."""
    return [one for one, (_, last) in zip(PIECES, PLACES, strict=True) if last <= at]


def test_cut_at_any_byte_everything_before_the_cut_plays() -> None:
    for cut in range(len(WHOLE)):
        check(WHOLE[:cut], before(cut), cut)


@pytest.mark.parametrize("mask", [0xFF, 0x10])
def test_with_any_byte_flipped_all_other_segments_play(mask: int) -> None:
    for at in range(len(WHOLE)):
        check(flipped(WHOLE, at, mask), others(at), at)


@pytest.mark.parametrize("mask", [0xFF, 0x10])
def test_without_index_and_with_any_byte_flipped_what_is_before_it_plays(mask: int) -> None:
    cut = WHOLE[: PLACES[-1][1]]
    for at in range(len(cut)):
        check(flipped(cut, at, mask), before(at), at)


def test_a_damaged_segment_is_leapt_over_without_an_index_too() -> None:
    for at in range(PLACES[1][0] + 5, PLACES[1][1]):
        check(flipped(WHOLE[: PLACES[-1][1]], at, 0x10), others(at), at)


def test_two_damaged_segments_in_a_row_are_leapt_over_without_an_index_too() -> None:
    data = flipped(flipped(WHOLE[: PLACES[-1][1]], PLACES[0][1] - 1, 1), PLACES[1][1] - 1, 1)
    check(data, PIECES[2:])
    assert len(RecordingFile(data).segments) == 2


def flipped(data: bytes, at: int, mask: int) -> bytes:
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def test_what_stands_before_damage_is_true_up_to_what_was_said_last() -> None:
    reading = RecordingFile(flipped(WHOLE[:-1], PLACES[1][0] + 40, 1))
    assert reading.segments[0].end_ms == PIECES[0].said_ms
    assert reading.state_at(PIECES[0].said_ms + 1) is None


@SETTINGS
@given(
    histories(),
    st.integers(1, 12),
    st.lists(st.floats(-0.1, 1.1), min_size=5, max_size=5),
    st.integers(0, 2**20),
)
def test_any_history_in_any_view_cut_anywhere(
    history: History, every: int, moments: list[float], at: int
) -> None:
    told = course(history, every)
    for view in VIEWS:
        data = filed(told, view)
        for cut, whole in ((len(data), True), (at % len(data), False)):
            try:
                reading = RecordingFile(data[:cut])
            except DamagedError:
                assert cut < 17 + RECORDS[0][1]
                continue
            for share in moments:
                now_ms = BASE_MS + round(share * (told.end_ms - BASE_MS))
                state = reading.state_at(now_ms)
                if state is None:
                    assert not whole or not BASE_MS <= now_ms <= told.end_ms
                else:
                    assert digest(state) == digest(project(told.live(now_ms), view))


def filed(told: Course, view: View) -> bytes:
    """The history as a file of one view, projected from the members' segments."""
    segments = [projected(lines, view) for lines in told.segments[View.FULL]]
    starts = [read(lines)[0].now_ms for lines in segments]
    writer = Writer(Header(office="o", view=view, hz=HZ, start_ms=starts[0]))
    data = writer.begin()
    for lines, start_ms, end_ms in zip(segments, starts, [*starts[1:], told.end_ms], strict=True):
        data += writer.segment(pack(lines), start_ms=start_ms, end_ms=end_ms)
    return data + writer.finish()


@SETTINGS
@given(st.binary(max_size=400), st.integers(0, 400), st.booleans())
def test_garbage_is_never_more_than_damage(garbage: bytes, at: int, after: bool) -> None:
    for data in (garbage, WHOLE[:at] + garbage, WHOLE[: at if after else len(WHOLE)] + garbage + WHOLE[at:]):
        for _, state in shown(data):
            assert state is None or isinstance(state, dict | DamagedError)


kinds = st.sampled_from([*Kind, ord("Z")])
moments = st.integers(0, 2**53) | st.sampled_from([BASE_MS, BASE_MS + 1_000])
payloads = st.binary(max_size=60) | st.sampled_from(
    [
        pack(PIECES[0].lines),
        pack(PIECES[1].lines),
        encode_header(HEADER),
        encode_index(Index(header=HEADER, places=())),
    ]
)


@SETTINGS
@given(st.lists(st.tuples(kinds, moments, payloads), max_size=6), st.booleans())
def test_records_that_make_no_sense_together_are_never_more_than_damage(
    made_up: list[tuple[Kind, int, bytes]], headed: bool
) -> None:
    data = record(Kind.HEADER, BASE_MS, encode_header(HEADER)) if headed else b""
    for kind, start_ms, payload in made_up:
        data += record(kind, start_ms, payload)
    for _, state in shown(data):
        assert state is None or isinstance(state, dict | DamagedError)


@SETTINGS
@given(
    st.lists(
        st.builds(
            Place,
            offset=st.integers(0, 2**53) | st.sampled_from([first for first, _ in PLACES]),
            start_ms=moments,
            end_ms=moments,
            bytes=st.integers(0, 2**53) | st.just(PLACES[0][1] - PLACES[0][0] - 17),
        ),
        max_size=4,
    ),
    st.integers(0, 2**64 - 1) | st.just(PLACES[-1][1]),
)
def test_an_index_that_lies_is_never_more_than_damage(places: list[Place], offset: int) -> None:
    index = record(Kind.INDEX, BASE_MS, encode_index(Index(header=HEADER, places=tuple(places))))
    footer = record(Kind.FOOTER, BASE_MS, offset.to_bytes(8, "big"))
    for _, state in shown(WHOLE[: PLACES[-1][1]] + index + footer):
        assert state is None or isinstance(state, dict | DamagedError)


def test_an_index_of_places_behind_itself_is_none() -> None:
    place = Place(offset=2**53, start_ms=BASE_MS, end_ms=BASE_MS + 5, bytes=40)
    offset = PLACES[-1][1]
    index = record(Kind.INDEX, BASE_MS, encode_index(Index(header=HEADER, places=(place,))))
    lying = WHOLE[:offset] + index + record(Kind.FOOTER, BASE_MS, offset.to_bytes(8, "big"))
    assert not RecordingFile(lying).indexed


def test_a_file_with_more_segments_than_may_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "segments_max", 3)
    with pytest.raises(LimitExceededError, match="at most segments_max = 3 segments"):
        RecordingFile(WHOLE[:-1])


def test_a_length_that_cannot_be_is_not_read() -> None:
    huge = WHOLE[: RECORDS[0][1]] + b"S" + (2**32 - 1).to_bytes(4, "big") + bytes(12)
    assert list(RecordingFile(huge).segments) == []


def test_another_file_behind_is_not_part_of_this_one() -> None:
    reading = RecordingFile(WHOLE + WHOLE)
    assert not reading.indexed
    assert len(reading.segments) == 4


def test_records_of_a_version_to_come_are_passed_over() -> None:
    new = record(ord("Z"), PIECES[0].end_ms, b"something new")  # type: ignore[arg-type]
    data = WHOLE[: PLACES[0][1]] + new + WHOLE[PLACES[0][1] : -1]
    check(data, PIECES)
    assert len(RecordingFile(data).segments) == 4


def test_a_clock_that_was_set_back_leaves_each_moment_to_who_began_last() -> None:
    back = [piece(1, 0, (4,), 20), piece(2, 10, (12,), 30)]
    data, _ = written(back)
    for reading in (RecordingFile(data), RecordingFile(data[:-1])):
        assert [running(reading, tick) for tick in (0, 4, 9, 10, 12, 30)] == [1, 11, 11, 2, 21, 21]


def running(reading: RecordingFile, tick: int) -> int:
    state = reading.state_at(BASE_MS + tick * 100)
    assert state is not None
    return int(state["office"]["running"])


def test_a_file_on_disk_is_read_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "office.tendesks"
    path.write_bytes(WHOLE)
    with path.open("rb") as opened:
        reading = RecordingFile(opened)
        assert {now_ms: reading.state_at(now_ms) for now_ms in MOMENTS} == TRUTH
    path.write_bytes(WHOLE[:-1])
    with path.open("rb") as opened:
        reading = RecordingFile(opened)
        assert [reading.lines(n) for n in range(4)] == [one.lines for one in PIECES]
