"""A segment from one moment to another (p): what lies outside is not hidden in it, it is not there.

Where it would begin earlier it begins with a keyframe of what was shown at the stretch's beginning, of the tick that holds
then. So all that comes later is at its very moment, and that keyframe's moment is up to one tick before the beginning.
"""

from collections.abc import Iterable, Sequence

from server.model import Stretch
from server.recording.frame import encode, moment_ms
from server.recording.markers import Marker
from server.recording.segment import read
from simulation.frames import Keyframe
from simulation.patch import apply


def overlaps(stretch: Stretch, start_ms: int, end_ms: int) -> bool:
    """Whether anything of it is in the stretch. At the moment where one segment ends and the next starts it is the next."""
    after = stretch.from_ms is None or end_ms > stretch.from_ms or start_ms == stretch.from_ms
    return after and (stretch.to_ms is None or start_ms <= stretch.to_ms)


def within(stretch: Stretch, start_ms: int, end_ms: int) -> bool:
    """Whether all of it is in the stretch."""
    after = stretch.from_ms is None or start_ms >= stretch.from_ms
    return after and (stretch.to_ms is None or end_ms <= stretch.to_ms)


def begin_ms(stretch: Stretch, start_ms: int, hz: int) -> int:
    """When a segment that starts then begins in the stretch: the moment of its first keyframe."""
    return start_ms + _tick(stretch, start_ms, hz) * 1000 // hz


def cut(lines: Sequence[bytes], stretch: Stretch, hz: int) -> list[bytes]:
    """The lines of a segment that overlaps the stretch, as far as they are in it.

    Raises DamagedError where the lines are none of a segment.
    """
    keyframe, diffs = read(lines)
    first = keyframe.tick + _tick(stretch, keyframe.now_ms, hz)
    moments = [moment_ms(keyframe, diff.tick, hz) for diff in diffs]
    last = len(diffs)
    while last and stretch.to_ms is not None and moments[last - 1] > stretch.to_ms:
        last -= 1
    gone = 0
    state, seq = keyframe.state, keyframe.seq
    while gone < last and diffs[gone].tick <= first and first > keyframe.tick:
        state, seq = apply(state, diffs[gone].patch), diffs[gone].seq
        gone += 1
    if first == keyframe.tick:
        return [*lines[: last + 1]]
    begun = Keyframe(seq=seq, tick=first, now_ms=moment_ms(keyframe, first, hz), state=state)
    return [encode(begun), *lines[gone + 1 : last + 1]]


def cut_markers(markers: Iterable[Marker], stretch: Stretch) -> list[Marker]:
    """The markers of moments in the stretch; a gap is cut, and a tally that counts what is outside is left out."""
    found = []
    for marker in markers:
        at_ms = int(marker["at"])
        to_ms = int(marker["to"]) if "to" in marker else at_ms
        if within(stretch, at_ms, to_ms):
            found.append(marker)
        elif marker["kind"] == "gap" and overlaps(stretch, at_ms, to_ms):
            since_ms, until_ms = _clipped(stretch, at_ms, to_ms)
            found.append({**marker, "at": since_ms, "to": until_ms})
    return found


def cut_idle(idle: Iterable[Sequence[int]], stretch: Stretch) -> list[tuple[int, int]]:
    """The idle stretches, as far as they are in the stretch."""
    cuts = (_clipped(stretch, since_ms, to_ms) for since_ms, to_ms in idle)
    return [(since_ms, to_ms) for since_ms, to_ms in cuts if since_ms < to_ms]


def _clipped(stretch: Stretch, since_ms: int, to_ms: int) -> tuple[int, int]:
    return (
        since_ms if stretch.from_ms is None else max(since_ms, stretch.from_ms),
        to_ms if stretch.to_ms is None else min(to_ms, stretch.to_ms),
    )


def _tick(stretch: Stretch, start_ms: int, hz: int) -> int:
    """The last tick, counted from the start, whose moment is not after the stretch's beginning."""
    if stretch.from_ms is None or stretch.from_ms <= start_ms:
        return 0
    return ((stretch.from_ms - start_ms + 1) * hz - 1) // 1000
