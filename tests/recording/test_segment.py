"""Segments: kept and read again, in every view, at every moment."""

import tracemalloc
import zlib
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import LimitExceededError
from server.model import View
from server.recording.frame import DamagedError, line_bytes_max
from server.recording.segment import (
    frames_max,
    pack,
    projected,
    read,
    segment_bytes_max,
    state_at,
    unpack,
)
from simulation.views import project
from tests.recording.courses import HZ, SETTINGS, VIEWS, course, digest, replayed
from tests.simulation.histories import BASE_MS, histories

STATE: dict[str, Any] = {"office": {"id": "o", "running": 0}, "desks": {"0": {"worker": "Ada"}}}


def keyframe(seq: int = 4, tick: int = 50, **more: Any) -> bytes:
    return orjson.dumps(
        {"type": "keyframe", "seq": seq, "tick": tick, "now": BASE_MS + 5_000, "state": STATE} | more
    )


def diff(seq: int, tick: int = 60, **more: Any) -> bytes:
    patch = {"desks": {"0": {"note": f"note {seq}"}}}
    return orjson.dumps({"type": "diff", "seq": seq, "tick": tick, "patch": patch} | more)


LINES = [keyframe(), diff(5), diff(6, 75)]


def test_what_is_packed_is_unpacked_byte_for_byte() -> None:
    body = pack(LINES)
    assert unpack(body) == LINES
    assert zlib.decompress(body) == b"".join(line + b"\n" for line in LINES)


@SETTINGS
@given(histories(), st.integers(1, 12))
def test_every_history_is_kept_and_read_again(history: Any, every: int) -> None:
    for lines in course(history, every).segments[View.FULL]:
        assert unpack(pack(lines)) == lines


@SETTINGS
@given(histories(), st.integers(1, 12))
def test_a_projected_segment_is_what_the_stream_of_that_view_said(history: Any, every: int) -> None:
    told = course(history, every)
    for view in VIEWS:
        for full, lines in zip(told.segments[View.FULL], told.segments[view], strict=True):
            assert projected(full, view) == lines


@SETTINGS
@given(histories(), st.integers(1, 12))
def test_a_projected_segment_shows_state_by_state_what_the_view_may_see(history: Any, every: int) -> None:
    for full in course(history, every).segments[View.FULL]:
        for view in VIEWS:
            seen = [project(state, view) for state in replayed(full)]
            distinct = [seen[0]] + [after for before, after in pairwise(seen) if before != after]
            assert [*replayed(projected(full, view))] == distinct


@SETTINGS
@given(histories())
def test_less_can_be_projected_from_less(history: Any) -> None:
    for full in course(history).segments[View.FULL]:
        for more, less in pairwise(VIEWS):
            assert projected(projected(full, more), less) == projected(full, less)
            assert projected(projected(full, less), more) == projected(full, less)


def test_the_members_view_is_the_same_bytes() -> None:
    spaced = [line.replace(b":", b": ") for line in LINES]
    assert projected(spaced, View.FULL) == spaced


def test_numbers_follow_on_each_other_where_diffs_are_left_out() -> None:
    seen = projected(
        [
            *LINES,
            diff(7, 80, patch={"office": {"running": 2}}),
            diff(8, 81),
            diff(9, 82, patch={"queue": {}}),
        ],
        View.FIGURES,
    )
    assert [(orjson.loads(line)["seq"], orjson.loads(line)["tick"]) for line in seen] == [(4, 50), (5, 80)]


@SETTINGS
@given(histories(), st.integers(1, 12), st.lists(st.floats(-0.1, 1.1), min_size=10, max_size=10))
def test_the_state_at_any_moment_is_the_live_state_then(
    history: Any, every: int, moments: list[float]
) -> None:
    told = course(history, every)
    starts = [orjson.loads(lines[0])["now"] for lines in told.segments[View.FULL]]
    for share in moments:
        now_ms = BASE_MS + round(share * (told.end_ms - BASE_MS))
        before = [n for n, start in enumerate(starts) if start <= now_ms]
        if not before:
            assert state_at(told.segments[View.FULL][0], now_ms, HZ) is None
            continue
        for view in VIEWS:
            state = state_at(told.segments[view][before[-1]], now_ms, HZ)
            assert state is not None
            assert digest(state) == digest(project(told.live(now_ms), view))


@pytest.mark.parametrize(
    ("moment", "note"),
    [
        (-1, None),
        (0, ""),
        (999, ""),
        (1_000, "note 5"),
        (2_499, "note 5"),
        (2_500, "note 6"),
        (10**9, "note 6"),
    ],
)
def test_a_diff_is_true_from_its_own_moment_on(moment: int, note: str | None) -> None:
    state = state_at(LINES, BASE_MS + 5_000 + moment, 10)
    assert (None if state is None else state["desks"]["0"].get("note", "")) == note


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b""],
        [diff(5)],
        [keyframe(), keyframe()],
        [keyframe(), diff(6)],
        [keyframe(), diff(4)],
        [keyframe(), diff(5), diff(5)],
        [keyframe(), diff(5, 49)],
        [keyframe(), b'{"type":"clock","now":1,"seq":4}'],
        [keyframe(seq=-1)],
        [keyframe(seq=True)],
        [keyframe(tick=1.5)],
        [keyframe(now=2**54)],
        [keyframe(now=None)],
        [keyframe(state=[])],
        [keyframe(state={"a": None})],
        [keyframe(state={"a": 1.5})],
        [keyframe(state={"a": True})],
        [keyframe(state={"a": [[1]]})],
        [keyframe(state={"a": {"b": [None]}})],
        [keyframe(), diff(5, patch=None)],
        [keyframe(), diff(5, patch={"a": {"b": 0.5}})],
        [keyframe(), diff(5)[:-1]],
        [b"[1]"],
        [b"\xff"],
        [b'{"type":"keyframe","seq":0,"tick":0,"now":0,"state":{"a":' + b'{"a":' * 900 + b"1" + b"}" * 902],
        [b'{"type":"keyframe","seq":0,"tick":0,"now":0,"state":' + b'{"a":' * 9 + b"1" + b"}" * 10],
        [b'{"type":"keyframe","seq":0,"tick":0,"now":0,"state":' + b"[" * 9_000],
        [b'{"type":"keyframe","seq":0,"tick":0,"now":0,"state":{"a":123456789012345678901234567890}}'],
    ],
)
def test_lines_that_are_no_segment_are_damage(lines: list[bytes]) -> None:
    with pytest.raises(DamagedError, match="expected"):
        read(lines)
    with pytest.raises(DamagedError, match="expected"):
        unpack(pack(lines))
    with pytest.raises(DamagedError, match="expected"):
        projected(lines, View.FIGURES)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no zlib",
        pack(LINES)[:-1],
        pack(LINES)[:10],
        pack(LINES) + b"x",
        pack(LINES) + pack(LINES),
        zlib.compress(b""),
        zlib.compress(b"\n"),
        zlib.compress(b"\n".join(LINES)),
    ],
)
def test_a_body_that_is_no_segment_is_damage(body: bytes) -> None:
    with pytest.raises(DamagedError, match="expected"):
        unpack(body)


@pytest.mark.parametrize("at", range(len(pack(LINES))))
def test_a_body_with_one_bit_changed_is_damage_or_the_same_segment(at: int) -> None:
    body = pack(LINES)
    for bit in range(8):
        flipped = body[:at] + bytes([body[at] ^ (1 << bit)]) + body[at + 1 :]
        try:
            assert unpack(flipped) == LINES  # the first two bytes say how it was packed, too
        except DamagedError:
            continue


@SETTINGS
@given(st.binary(max_size=300))
def test_garbage_is_damage(body: bytes) -> None:
    for garbage in (body, zlib.compress(body), zlib.compress(body + b"\n")):
        with pytest.raises(DamagedError):
            unpack(garbage)


def bomb(piece: bytes, times: int) -> bytes:
    packing = zlib.compressobj(9)
    return b"".join([*(packing.compress(piece) for _ in range(times)), packing.flush()])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (bomb(b"x" * 2**20, 64), "segment_bytes_max = 4194304"),
        (bomb(b"\n" * 2**20, 4), "frames_max = 20000"),
        (bomb(b"[" + b"[]," * 2**20 + b"[]]\n", 1), "line_bytes_max = 131072"),
    ],
    ids=["long", "lines", "objects"],
)
def test_a_bomb_does_nothing(body: bytes, told: str) -> None:
    assert len(body) < 600_000
    tracemalloc.start()
    with pytest.raises(DamagedError, match=told):
        unpack(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * segment_bytes_max


def test_a_segment_over_its_limits_is_refused_before_it_is_packed() -> None:
    line = b"x" * (line_bytes_max - 1)
    pack([line] * 32)
    with pytest.raises(
        LimitExceededError, match=f"at most segment_bytes_max = 4194304 bytes, got {2**22 + 1}"
    ):
        pack([line] * 31 + [line + b"x"])
    with pytest.raises(LimitExceededError, match="at most line_bytes_max = 131072 bytes, got 131073"):
        pack([line + b"xx"])
    pack([b"x"] * frames_max)
    with pytest.raises(LimitExceededError, match="at most frames_max = 20000 frames, got 20001"):
        pack([b"x"] * (frames_max + 1))
