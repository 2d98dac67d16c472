"""Frames: numbered keyframes and diffs of a stream, and which of them is due when the state has moved on."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from simulation.fields import State
from simulation.patch import Patch, diff


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyframe:
    """The whole state after diff ``seq``, at ``tick``, whose moment is ``now_ms``."""

    seq: int
    tick: int
    now_ms: int
    state: State

    def message(self) -> dict[str, Any]:
        """The frame as the live socket sends it and a recording keeps it."""
        return {
            "type": "keyframe",
            "seq": self.seq,
            "tick": self.tick,
            "now": self.now_ms,
            "state": self.state,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Diff:
    """Diff number ``seq``, made at ``tick``: a merge patch on the state after the diff before it."""

    seq: int
    tick: int
    patch: Patch

    def message(self) -> dict[str, Any]:
        """The frame as the live socket sends it and a recording keeps it."""
        return {"type": "diff", "seq": self.seq, "tick": self.tick, "patch": self.patch}


Frame: TypeAlias = Keyframe | Diff


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """How far one view's stream of one epoch has come: the number of its last diff, and the state after it."""

    epoch: int
    seq: int
    state: State


def follow(
    stream: Stream | None, *, epoch: int, tick: int, now_ms: int, state: State
) -> tuple[Stream, Frame | None]:
    """The stream once it holds this state, and the frame that says so; none when nothing has changed.

    A stream that begins, or whose epoch is over, begins with a keyframe and number 0.
    """
    if stream is None or stream.epoch != epoch:
        begun = Stream(epoch=epoch, seq=0, state=state)
        return begun, Keyframe(seq=0, tick=tick, now_ms=now_ms, state=state)
    patch = diff(stream.state, state)
    if not patch:
        return stream, None
    moved = Stream(epoch=epoch, seq=stream.seq + 1, state=state)
    return moved, Diff(seq=moved.seq, tick=tick, patch=patch)
