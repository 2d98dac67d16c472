from typing import Any

import json_merge_patch
import orjson
import pytest

from server.model import Role, View
from server.ticker.messages import Held, encode_keyframe
from server.ticker.stream import Stream, ring_bytes_least
from server.ticker.timeline import Timeline
from simulation.patch import apply, diff
from simulation.snapshot import keyframe_bytes_max

LINE = Timeline(base_ms=1_000_000, start_ms=500, hz=10)
STATE: dict[str, Any] = {"office": {"id": "office1", "running": 0}, "desks": {"0": {"worker": "Ada"}}}


def stream(view: View = View.FULL, seq: int = 0) -> Stream:
    return Stream(office="office1", view=view, epoch=3, seq=seq, timeline=LINE, tick=4, state=STATE)


class Course:
    """Steps a stream and remembers every state by its number."""

    def __init__(self, view: View = View.FULL) -> None:
        self.stream = stream(view)
        self.tick = 4
        self.state = STATE
        self.states = {0: STATE}
        self.diffs: dict[int, bytes] = {}

    def note(self, text: str) -> bytes | None:
        self.tick += 1
        after = apply(self.state, {"desks": {"0": {"note": text}}})
        patch, self.state = diff(self.state, after), after
        frame = self.stream.step(self.tick, after, patch)
        self.states[self.stream.seq] = after
        if frame is not None:
            self.diffs[self.stream.seq] = frame
        return frame


def follow(messages: tuple[bytes, ...], held: Any) -> Any:
    """What a bare viewer with a stock library holds after these messages."""
    state = held
    for message in map(orjson.loads, messages):
        if message["type"] == "keyframe":
            state = message["state"]
        elif message["type"] == "diff":
            state = json_merge_patch.merge(state, message["patch"])
    return state


def held(seq: int, *, epoch: int = 3, view: View = View.FULL) -> Held:
    return Held(epoch=epoch, view=view, seq=seq)


def kinds(messages: tuple[bytes, ...]) -> list[str]:
    return [orjson.loads(message)["type"] for message in messages]


def test_a_keyframe_is_the_state_with_its_number_tick_and_time() -> None:
    assert orjson.loads(stream(seq=7).keyframe()) == {
        "type": "keyframe", "seq": 7, "tick": 4, "now": 1_000_400, "state": STATE,
    }  # fmt: skip


def test_a_keyframe_is_encoded_once_for_each_number() -> None:
    course = Course()
    first = course.stream.keyframe()
    assert course.stream.keyframe() is first
    course.note("a")
    assert course.stream.keyframe() is not first
    assert orjson.loads(course.stream.keyframe())["state"] == course.state


def test_a_tick_that_a_view_does_not_see_has_no_number_in_its_stream() -> None:
    course = Course(View.FIGURES)
    first = course.stream.keyframe()
    assert course.note("a secret") is None
    assert course.stream.seq == 0
    assert course.stream.keyframe() is first
    assert b"secret" not in first


@pytest.mark.parametrize("seq", range(6))
def test_who_holds_a_number_that_the_ring_knows_gets_the_diffs_after_it_once(seq: int) -> None:
    course = Course()
    for number in range(5):
        course.note(f"note {number}")
    messages = course.stream.catch_up(held(seq))
    assert orjson.loads(messages[0]) == {"type": "resumed", "from": seq, "to": 5}
    assert messages[1:] == tuple(course.diffs[number] for number in range(seq + 1, 6))
    assert follow(messages, course.states[seq]) == course.state


@pytest.mark.parametrize(
    "baseline",
    [None, held(6), held(0, epoch=2), held(0, epoch=4), held(0, view=View.TITLES)],
    ids=["nothing", "a number to come", "an old epoch", "an epoch to come", "another view"],
)
def test_who_holds_anything_else_gets_a_keyframe(baseline: Held | None) -> None:
    course = Course()
    for number in range(5):
        course.note(f"note {number}")
    messages = course.stream.catch_up(baseline)
    assert kinds(messages) == ["keyframe"]
    assert follow(messages, None) == course.state


def ring_of(course: Course) -> list[int]:
    newest = course.stream.seq
    kept = [seq for seq in range(newest + 1) if kinds(course.stream.catch_up(held(seq)))[0] == "resumed"]
    return [len(course.diffs[seq]) for seq in course.diffs if seq > kept[0]]


def test_the_ring_keeps_the_newest_16_kib_while_keyframes_are_small() -> None:
    course = Course()
    for number in range(400):
        course.note(f"{number:0100d}")
    assert len(course.stream.keyframe()) * 4 < ring_bytes_least
    sizes = ring_of(course)
    assert ring_bytes_least - max(sizes) < sum(sizes) <= ring_bytes_least


def test_the_ring_keeps_four_keyframes_once_they_are_larger_though_nobody_asks_for_one() -> None:
    course = Course()
    large = {str(number): {"worker": "x" * 100} for number in range(1, 80)}
    after = apply(course.state, {"desks": large})
    course.diffs[1] = course.stream.step(5, after, diff(course.state, after)) or b""
    course.state, course.tick = after, 5
    for number in range(800):
        course.note(f"{number:0100d}")
    sizes = ring_of(course)
    bytes_max = 4 * len(course.stream.keyframe())
    assert bytes_max > ring_bytes_least
    assert 0.95 * bytes_max < sum(sizes) <= bytes_max


def test_hello_and_clock_tell_the_office_time() -> None:
    course = Course()
    course.note("a")
    assert orjson.loads(course.stream.hello(Role.OWNER, 1_500)) == {
        "type": "hello", "office": "office1", "epoch": 3, "seq": 1, "now": 1_001_000, "hz": 10,
        "role": "owner", "view": "full",
    }  # fmt: skip
    assert orjson.loads(course.stream.clock(2_500)) == {"type": "clock", "now": 1_002_000, "seq": 1}


def test_a_keyframe_above_its_limit_is_a_defect() -> None:
    huge = {"desks": {"0": {"note": "x" * keyframe_bytes_max}}}
    with pytest.raises(AssertionError, match="at most 32768 bytes"):
        encode_keyframe(
            Stream(
                office="office1", view=View.FULL, epoch=1, seq=0, timeline=LINE, tick=0, state=huge
            ).current()
        )
