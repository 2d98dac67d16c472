"""Frames: numbered keyframes and diffs of a stream, as the live socket sends them and a recording keeps them."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from simulation.fields import State
from simulation.patch import Patch


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyframe:
    """The whole state after diff ``seq``, at ``tick``, whose moment is ``now_ms``."""

    seq: int
    tick: int
    now_ms: int
    state: State

    def message(self) -> dict[str, Any]:
        """The frame as JSON."""
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
        """The frame as JSON."""
        return diff_message(seq=self.seq, tick=self.tick, patch=self.patch)


Frame: TypeAlias = Keyframe | Diff


def diff_message(*, seq: int, tick: int, patch: Patch) -> dict[str, Any]:
    """A diff as JSON, for who makes thousands of them a second and needs none of the objects."""
    return {"type": "diff", "seq": seq, "tick": tick, "patch": patch}
