"""A cut segment shows what was shown in its stretch, at the very moments, and holds nothing of what was outside."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.model import Stretch, View
from server.recording.cut import begin_ms, cut, cut_idle, cut_markers, overlaps, within
from server.recording.frame import moment_ms
from server.recording.segment import pack, projected, read, state_at, unpack
from simulation.views import project
from tests.recording.courses import HZ, SETTINGS, VIEWS, course
from tests.simulation.histories import BASE_MS, histories

STATE: dict[str, Any] = {"office": {"id": "o"}, "desks": {"0": {"worker": "Ada"}}}


def keyframe(now: int = BASE_MS) -> bytes:
    return orjson.dumps({"type": "keyframe", "seq": 4, "tick": 50, "now": now, "state": STATE})


def diff(seq: int, tick: int) -> bytes:
    patch = {"desks": {"0": {"note": f"note {seq}"}}}
    return orjson.dumps({"type": "diff", "seq": seq, "tick": tick, "patch": patch})


LINES = [keyframe(), diff(5, 60), diff(6, 70), diff(7, 70), diff(8, 90)]
"""At 0, 1, 2, 2 and 4 s."""


def at(seconds: float) -> int:
    return BASE_MS + round(seconds * 1_000)


def between(since: float | None, to: float | None) -> Stretch:
    return Stretch(
        from_ms=None if since is None else at(since),
        to_ms=None if to is None else at(to),
    )


@pytest.mark.parametrize(
    ("stretch", "seqs", "now"),
    [
        (between(None, None), [4, 5, 6, 7, 8], at(0)),
        (between(0, 4), [4, 5, 6, 7, 8], at(0)),
        (between(-9, 3.999), [4, 5, 6, 7], at(0)),
        (between(None, 1.999), [4, 5], at(0)),
        (between(None, 0), [4], at(0)),
        (between(1, None), [5, 6, 7, 8], at(1)),
        (between(1.099, None), [5, 6, 7, 8], at(1)),
        (between(1.1, 3), [5, 6, 7], at(1.1)),
        (between(2, 4), [7, 8], at(2)),
        (between(2.05, 2.06), [7], at(2)),
        (between(5, 6), [8], at(5)),
        (between(0.05, 1), [4, 5], at(0)),
    ],
)
def test_a_cut_begins_at_the_tick_that_holds_and_ends_with_the_stretch(
    stretch: Stretch, seqs: list[int], now: int
) -> None:
    lines = cut(LINES, stretch, HZ)
    assert [orjson.loads(line)["seq"] for line in lines] == seqs
    first, _ = read(lines)
    assert first.now_ms == now == begin_ms(stretch, at(0), HZ)
    assert first.state == state_at(LINES, max(now, at(0)), HZ)
    assert lines[1:] == LINES[seqs[0] - 3 : seqs[-1] - 3]


def test_what_is_whole_in_the_stretch_is_left_as_it_is() -> None:
    assert cut(LINES, between(-1, 99), HZ) == LINES


@SETTINGS
@given(histories(), st.integers(1, 12), st.data())
def test_in_every_history_each_moment_of_the_stretch_is_as_it_was_and_no_other_is_there(
    history: Any, every: int, data: st.DataObject
) -> None:
    told = course(history, every)
    lines = data.draw(st.sampled_from(told.segments[View.FULL]))
    whole, diffs = read(lines)
    end_ms = moment_ms(whole, diffs[-1].tick if diffs else whole.tick, HZ)
    since_ms = data.draw(st.integers(whole.now_ms - 500, end_ms + 500))
    to_ms = since_ms + data.draw(st.integers(1, 5_000))
    if to_ms < whole.now_ms:
        return
    stretch = Stretch(from_ms=since_ms, to_ms=to_ms)
    shown = cut(unpack(pack(lines)), stretch, HZ)
    first, later = read(shown)
    assert first.now_ms == begin_ms(stretch, whole.now_ms, HZ)
    assert first.now_ms <= max(since_ms, whole.now_ms) < first.now_ms + 1_000 // HZ or (
        first.now_ms == whole.now_ms
    )
    moments = [moment_ms(first, one.tick, HZ) for one in later]
    assert all(max(since_ms, whole.now_ms) < moment <= to_ms for moment in moments)
    seen = {moment_ms(whole, one.tick, HZ) for one in diffs}
    for moment in [max(since_ms, whole.now_ms), *(each for each in seen if since_ms <= each <= to_ms)]:
        expected = state_at(lines, moment, HZ)
        assert state_at(shown, moment, HZ) == expected
        assert expected is not None
        for view in VIEWS:
            assert state_at(projected(shown, view), moment, HZ) == project(expected, view)


def test_markers_of_moments_outside_are_not_there_and_nothing_is_counted_outside() -> None:
    markers = [
        {"kind": "failed", "at": at(0)},
        {"kind": "failed", "at": at(1)},
        {"kind": "tally", "at": at(0), "to": at(2), "starts": 9, "ends": 9},
        {"kind": "tally", "at": at(1), "to": at(2), "starts": 1, "ends": 1},
        {"kind": "gap", "at": at(0), "to": at(9)},
        {"kind": "gap", "at": at(7), "to": at(9)},
        {"kind": "batch", "at": at(5)},
        {"kind": "batch", "at": at(6)},
    ]
    assert cut_markers(markers, between(1, 5)) == [
        markers[1],
        markers[3],
        {"kind": "gap", "at": at(1), "to": at(5)},
        markers[6],
    ]
    assert cut_markers(markers, between(None, None)) == markers


def test_idle_stretches_are_cut() -> None:
    idle = [(at(0), at(2)), (at(3), at(4)), (at(4.5), at(9)), (at(9), at(10))]
    assert cut_idle(idle, between(1, 5)) == [(at(1), at(2)), (at(3), at(4)), (at(4.5), at(5))]
    assert cut_idle(idle, between(None, None)) == idle


def test_a_segment_that_ends_where_the_stretch_begins_has_nothing_of_it() -> None:
    stretch = between(1, 5)
    assert not overlaps(stretch, at(0), at(1))
    assert overlaps(stretch, at(1), at(1))
    assert overlaps(stretch, at(0), at(1.001))
    assert overlaps(stretch, at(5), at(9))
    assert not overlaps(stretch, at(5.001), at(9))
    assert within(stretch, at(1), at(5))
    assert not within(stretch, at(0.999), at(5))
    assert not within(stretch, at(1), at(5.001))
