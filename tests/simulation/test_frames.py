"""Frames as JSON: what the live socket sends and a recording keeps."""

from simulation.frames import Diff, Keyframe, diff_message

NOW = 1_764_000_000_000


def test_a_keyframe_is_a_whole_state_with_its_moment() -> None:
    keyframe = Keyframe(seq=0, tick=7, now_ms=NOW, state={"queue": {"waiting": 3}})
    assert keyframe.message() == {
        "type": "keyframe",
        "seq": 0,
        "tick": 7,
        "now": NOW,
        "state": {"queue": {"waiting": 3}},
    }


def test_a_diff_is_a_patch_whose_moment_follows_from_its_tick() -> None:
    message = Diff(seq=2, tick=5, patch={"queue": {"waiting": 1}}).message()
    assert message == {"type": "diff", "seq": 2, "tick": 5, "patch": {"queue": {"waiting": 1}}}
    assert message == diff_message(seq=2, tick=5, patch={"queue": {"waiting": 1}})
