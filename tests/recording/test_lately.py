"""What has happened in a segment that is not closed yet."""

from hypothesis import given

from server.model import View
from server.recording.frame import moment_ms
from server.recording.lately import lately
from server.recording.markers import Markers
from server.recording.segment import read
from tests.recording.courses import HZ, SETTINGS, course
from tests.simulation.histories import History, histories


@SETTINGS
@given(histories())
def test_a_segment_is_marked_before_it_is_closed_as_it_is_when_it_is(history: History) -> None:
    for lines in course(history).segments[View.FULL]:
        keyframe, diffs = read(lines)
        whole = Markers()
        whole.keyframe(keyframe.now_ms, keyframe.state)
        for diff in diffs:
            whole.diff(moment_ms(keyframe, diff.tick, HZ), diff.patch)
        whole.end(10**15)
        marked = [marker for marker in whole.take().markers if marker["kind"] != "tally"]
        assert lately(lines, HZ) == marked
        for end in range(1, len(lines)):
            assert marked[: len(lately(lines[:end], HZ))] == lately(lines[:end], HZ)
