"""A segment (p): a keyframe and the diffs up to the next one, packed to be kept, and read in any view at any moment.

Its lines are the messages of the live socket, byte for byte; the first is a keyframe, the others are diffs with the
numbers that follow on it.
"""

import zlib
from collections.abc import Iterator, Sequence
from itertools import islice

from server.errors import LimitExceededError
from server.model import View
from server.recording.frame import DamagedError, encode, line_bytes_max, moment_ms, read_diff, read_keyframe
from simulation.fields import State
from simulation.frames import Diff, Keyframe
from simulation.patch import apply
from simulation.views import project, project_patch

segment_bytes_max = 4 * 1024 * 1024
"""The longest a segment gets before it is packed, ends of lines included; whoever records begins another in time."""
frames_max = 20_000
"""How many frames a segment has at most."""
pack_level = 6
"""Of zlib: a tenth of a millisecond for 30 s of ten desks; 1 would save half of that and keep a sixth more bytes."""


def pack(lines: Sequence[bytes]) -> bytes:
    """The segment as it is kept: NDJSON, compressed by zlib. Takes milliseconds, most of them without the GIL.

    Raises:
        LimitExceededError: the lines are longer than `segment_bytes_max`, their ends included, or one of them longer
            than `line_bytes_max`, or they are more than `frames_max`.
    """
    size = sum(map(len, lines)) + len(lines)
    longest = max(map(len, lines), default=0)
    if longest > line_bytes_max:
        raise LimitExceededError(
            f"expected lines of at most line_bytes_max = {line_bytes_max} bytes, got {longest}"
        )
    if len(lines) > frames_max:
        raise LimitExceededError(f"expected at most frames_max = {frames_max} frames, got {len(lines)}")
    if size > segment_bytes_max:
        raise LimitExceededError(
            f"expected a segment of at most segment_bytes_max = {segment_bytes_max} bytes, got {size}"
        )
    return zlib.compress(b"\n".join((*lines, b"")), pack_level)


def unpack(body: bytes) -> list[bytes]:
    """The lines of a packed segment, each of which is the frame that it should be; without their ends.

    Raises:
        DamagedError: it is not whole, or not a segment, or beyond one of the limits of `pack`.
    """
    text = _text(body)
    if text.count(b"\n") > frames_max:  # before there is an object for each
        raise DamagedError(f"expected at most frames_max = {frames_max} frames, got more")
    lines = text.split(b"\n")
    if lines.pop():
        raise DamagedError("expected a segment's last line to end, got one that does not")
    read(lines)
    return lines


def read(lines: Sequence[bytes]) -> tuple[Keyframe, list[Diff]]:
    """The frames on these lines. Raises DamagedError where they are not a keyframe and the diffs that follow on it."""
    keyframe, diffs = _frames(lines)
    return keyframe, list(diffs)


def projected(lines: Sequence[bytes], view: View) -> list[bytes]:
    """The segment as a viewer of this view would have had it, its keyframe's number being the same.

    Diffs that show nothing to this view are left out, and the numbers of the others follow on each other: so each
    patch still applies to the state before it. Raises DamagedError as `read`.
    """
    if view is View.FULL:
        return [*lines]
    keyframe, diffs = _frames(lines)
    shown = (Diff(seq=0, tick=diff.tick, patch=project_patch(diff.patch, view)) for diff in diffs)
    seen = [diff for diff in shown if diff.patch]
    first = Keyframe(
        seq=keyframe.seq, tick=keyframe.tick, now_ms=keyframe.now_ms, state=project(keyframe.state, view)
    )
    later = (Diff(seq=seq, tick=diff.tick, patch=diff.patch) for seq, diff in enumerate(seen, first.seq + 1))
    return [encode(first), *map(encode, later)]


def state_at(lines: Sequence[bytes], now_ms: int, hz: int) -> State | None:
    """What was shown at a moment; None if that was before the keyframe, the last state if it was after all diffs.

    Raises DamagedError as `read`, of the lines up to that moment.
    """
    keyframe, diffs = _frames(lines)
    if now_ms < keyframe.now_ms:
        return None
    state = keyframe.state
    for diff in diffs:
        if moment_ms(keyframe, diff.tick, hz) > now_ms:
            break
        state = apply(state, diff.patch)
    return state


def _text(body: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(body, segment_bytes_max + 1)
    except zlib.error as error:
        raise DamagedError("expected a segment packed by zlib, got something else") from error
    if len(text) > segment_bytes_max:
        raise DamagedError(f"expected at most segment_bytes_max = {segment_bytes_max} bytes, got more")
    if not unpacking.eof or unpacking.unused_data:
        raise DamagedError(
            f"expected a packed segment and nothing else, got {len(body)} bytes of another length"
        )
    return text


def _frames(lines: Sequence[bytes]) -> tuple[Keyframe, Iterator[Diff]]:
    if not lines:
        raise DamagedError("expected a keyframe, got an empty segment")
    keyframe = read_keyframe(lines[0])
    return keyframe, _diffs(keyframe, islice(lines, 1, None))


def _diffs(keyframe: Keyframe, lines: Iterator[bytes]) -> Iterator[Diff]:
    last: Keyframe | Diff = keyframe
    for line in lines:
        diff = read_diff(line)
        if diff.seq != last.seq + 1 or diff.tick < last.tick:
            raise DamagedError(
                f"expected diff {last.seq + 1} at tick {last.tick} or later, got {diff.seq} at {diff.tick}"
            )
        yield diff
        last = diff
