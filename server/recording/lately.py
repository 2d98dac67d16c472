"""What has happened in a segment that is not closed yet (p)."""

from collections.abc import Sequence

from server.recording.frame import moment_ms
from server.recording.markers import Marker, Markers
from server.recording.segment import read


def lately(lines: Sequence[bytes], hz: int) -> list[Marker]:
    """The markers of these lines, but for tallies: those of a segment count on in the next, and are told when they are whole.

    Raises:
        DamagedError: the lines are not a keyframe and the diffs that follow on it.
    """
    keyframe, diffs = read(lines)
    markers = Markers()
    markers.keyframe(keyframe.now_ms, keyframe.state)
    for diff in diffs:
        markers.diff(moment_ms(keyframe, diff.tick, hz), diff.patch)
    return [marker for marker in markers.take().markers if marker["kind"] != "tally"]
