"""A stream's frames: a keyframe first, then numbered diffs, nothing when nothing changed."""

from typing import Any

from simulation.frames import Diff, Keyframe, Stream, follow

NOW = 1_764_000_000_000


def seen(stream: Stream | None, tick: int, state: dict[str, Any], *, epoch: int = 4) -> tuple[Stream, Any]:
    return follow(stream, epoch=epoch, tick=tick, now_ms=NOW + tick * 100, state=state)


def test_a_stream_begins_with_a_keyframe_numbered_0() -> None:
    stream, frame = seen(None, 7, {"queue": {"waiting": 3}})
    assert stream == Stream(epoch=4, seq=0, state={"queue": {"waiting": 3}})
    assert isinstance(frame, Keyframe)
    assert frame.message() == {
        "type": "keyframe",
        "seq": 0,
        "tick": 7,
        "now": NOW + 700,
        "state": {"queue": {"waiting": 3}},
    }


def test_what_changes_is_a_diff_with_the_next_number() -> None:
    stream, _ = seen(None, 0, {"queue": {"waiting": 3}})
    stream, _ = seen(stream, 1, {"queue": {"waiting": 2}})
    stream, frame = seen(stream, 5, {"queue": {"waiting": 1}})
    assert isinstance(frame, Diff)
    assert frame.message() == {"type": "diff", "seq": 2, "tick": 5, "patch": {"queue": {"waiting": 1}}}
    assert stream.seq == 2


def test_what_does_not_change_is_no_frame_and_takes_no_number() -> None:
    begun, _ = seen(None, 0, {"queue": {"waiting": 3}})
    stream, frame = seen(begun, 1, {"queue": {"waiting": 3}})
    assert frame is None
    assert stream is begun


def test_another_epoch_begins_anew() -> None:
    stream, _ = seen(None, 0, {"queue": {"waiting": 3}})
    stream, _ = seen(stream, 1, {"queue": {"waiting": 2}})
    stream, frame = seen(stream, 0, {"queue": {"waiting": 2}}, epoch=5)
    assert isinstance(frame, Keyframe)
    assert (stream.epoch, stream.seq) == (5, 0)
