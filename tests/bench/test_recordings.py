"""What is measured of recordings is a true recording: every state of the trace is in it."""

from itertools import pairwise

import orjson

from bench.recordings import HOUR_MS, file_of, p99, segments_of
from bench.trace import BASE_MS, HZ, messages, trace
from server.recording.file import RecordingFile
from server.recording.frame import read_keyframe
from server.recording.segment import read, state_at
from simulation.patch import apply


def test_the_trace_is_cut_every_thirty_seconds_and_nothing_is_left_out() -> None:
    segments = segments_of(7)
    assert len(segments) == 20
    told = [message.data for message in messages(trace(7)) if message.kind == "diff"]
    assert [line for lines in segments for line in lines[1:]] == told
    for before, after in pairwise(segments):
        keyframe, diffs = read(before)
        state = keyframe.state
        for diff in diffs:
            state = apply(state, diff.patch)
        following = read_keyframe(after[0])
        assert (following.state, following.seq) == (state, keyframe.seq + len(diffs))


def test_the_file_that_is_measured_has_the_hour_as_often_as_it_says() -> None:
    hour = segments_of(7)
    reading = RecordingFile(b"".join(file_of(hour, 3)))
    assert len(reading.segments) == 60
    for now_ms in (BASE_MS + 31_000, BASE_MS + 599_900):
        expected = state_at(hour[(now_ms - BASE_MS) // 30_000], now_ms, HZ)
        for later in range(3):
            assert orjson.dumps(reading.state_at(now_ms + later * HOUR_MS)) == orjson.dumps(expected)


def test_the_p99_is_what_99_of_100_stay_within() -> None:
    assert p99([float(n) for n in range(100, 0, -1)]) == 99
