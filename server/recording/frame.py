"""One line of a segment, read strictly (p): a keyframe or a diff, just as the live socket sends them.

Whatever a line holds, reading it ends in a frame that can be applied and encoded, or in a DamagedError.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from server.errors import TenDesksError
from simulation.frames import Diff, Frame, Keyframe

depth_max = 8
"""How deep objects nest in a state or patch; ours need four."""
line_bytes_max = 128 * 1024
"""The longest a frame gets: a keyframe has 32 KiB at most, and a diff says less than two of them."""
number_max = 2**53
"""The largest number of a frame, tick or moment: the last one that every reader of JSON takes for what it is."""

_STATE_LEAVES: frozenset[type] = frozenset({str, int})
_PATCH_LEAVES: frozenset[type] = _STATE_LEAVES | {type(None)}


class DamagedError(TenDesksError):
    """What was kept is not what was written: `detail` says where; what else is kept can still be read."""

    code = "damaged"
    status = 500
    title = "The recording is damaged"


def read_keyframe(line: bytes) -> Keyframe:
    """The keyframe on this line, without its end of line. Raises DamagedError when there is none."""
    fields = _fields(line, "keyframe")
    state = _tree(fields, "state", _STATE_LEAVES)
    return Keyframe(
        seq=_number(fields, "seq"), tick=_number(fields, "tick"), now_ms=_number(fields, "now"), state=state
    )


def read_diff(line: bytes) -> Diff:
    """The diff on this line, without its end of line. Raises DamagedError when there is none."""
    fields = _fields(line, "diff")
    patch = _tree(fields, "patch", _PATCH_LEAVES)
    return Diff(seq=_number(fields, "seq"), tick=_number(fields, "tick"), patch=patch)


def check_plain(tree: Mapping[str, Any]) -> None:
    """Raise DamagedError where an object holds anything but texts, whole numbers, arrays of them, and such objects."""
    _check(tree, _STATE_LEAVES, depth_max)


def encode(frame: Frame) -> bytes:
    """The frame as a line, without its end of line: the bytes that the live socket sends."""
    return orjson.dumps(frame.message())


def moment_ms(keyframe: Keyframe, tick: int, hz: int) -> int:
    """When a tick of the keyframe's stream was, in whole milliseconds; `hz` ticks are a second."""
    return keyframe.now_ms + (tick - keyframe.tick) * 1000 // hz


def _fields(line: bytes, kind: str) -> Mapping[str, Any]:
    if len(line) > line_bytes_max:
        raise DamagedError(
            f"expected a {kind} of at most line_bytes_max = {line_bytes_max} bytes, got {len(line)}"
        )
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise DamagedError(f"expected a {kind}, got no JSON from character {error.pos}") from error
    if not isinstance(fields, dict) or fields.get("type") != kind:
        raise DamagedError(f"expected a {kind}, got something else")
    return fields


def _number(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name)
    if type(value) is not int or not 0 <= value <= number_max:
        raise DamagedError(f"{name}: expected a whole number from 0 to 2^53, got {type(value).__name__}")
    return value


def _tree(fields: Mapping[str, Any], name: str, leaves: frozenset[type]) -> dict[str, Any]:
    tree = fields.get(name)
    if type(tree) is not dict:
        raise DamagedError(f"{name}: expected an object, got {type(tree).__name__}")
    _check(tree, leaves, depth_max)
    return tree


def _check(part: Mapping[str, Any], leaves: frozenset[type], depth: int) -> None:
    if depth == 0:
        raise DamagedError(f"expected objects nested at most depth_max = {depth_max} deep, got deeper ones")
    for value in part.values():
        kind = type(value)
        if kind is dict:
            _check(value, leaves, depth - 1)
        elif kind is list:
            _check_list(value)
        elif kind not in leaves:
            raise DamagedError(f"expected texts, whole numbers, arrays and objects, got {kind.__name__}")


def _check_list(items: list[Any]) -> None:
    for item in items:
        if type(item) not in _STATE_LEAVES:
            raise DamagedError(f"expected texts and whole numbers in an array, got {type(item).__name__}")
