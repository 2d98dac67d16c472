"""What a stream says, encoded (p): each message once, the same bytes for whoever gets it."""

from dataclasses import dataclass

import orjson

from server.model import Role, View
from simulation import frames
from simulation.fields import State
from simulation.patch import Patch
from simulation.snapshot import keyframe_bytes_max


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A place in a stream: the state at `seq` of this epoch and view, such as a viewer holds it."""

    epoch: int
    view: View
    seq: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyframe:
    """All that a view shows of an office at a tick; `now` is that tick's wall time in milliseconds."""

    epoch: int
    view: View
    seq: int
    tick: int
    now: int
    state: State


def encode_hello(place: Held, *, office: str, now_ms: int, hz: int, role: Role) -> bytes:
    """The first message to a viewer, and again when the epoch has risen: where in which stream it is, and the time."""
    return orjson.dumps(
        {
            "type": "hello",
            "office": office,
            "epoch": place.epoch,
            "seq": place.seq,
            "now": now_ms,
            "hz": hz,
            "role": role,
            "view": place.view,
        }
    )


def encode_keyframe(keyframe: Keyframe) -> bytes:
    """A whole state. Raises `AssertionError` above `keyframe_bytes_max`: the state's own limits forbid it."""
    frame = frames.Keyframe(seq=keyframe.seq, tick=keyframe.tick, now_ms=keyframe.now, state=keyframe.state)
    data = orjson.dumps(frame.message())
    if len(data) > keyframe_bytes_max:
        raise AssertionError(f"expected a keyframe of at most {keyframe_bytes_max} bytes, got {len(data)}")
    return data


def encode_diff(*, seq: int, tick: int, patch: Patch) -> bytes:
    """A merge patch (RFC 7396) on the state at `seq - 1`."""
    return orjson.dumps(frames.diff_message(seq=seq, tick=tick, patch=patch))


def encode_resumed(*, held: int, seq: int) -> bytes:
    """The diffs `held + 1` to `seq` follow, and then whatever is new."""
    return orjson.dumps({"type": "resumed", "from": held, "to": seq})


def encode_clock(*, seq: int, now_ms: int) -> bytes:
    """Nothing happened, and this is the time."""
    return orjson.dumps({"type": "clock", "now": now_ms, "seq": seq})
