"""When recorded offices are looked at: seldom enough, often enough, and not all at once."""

import itertools
from collections import Counter

from server.recording.wheel import Wheel, beats_per_segment, next_beat, phase_of


def test_an_office_is_looked_at_every_eight_seconds_at_least_and_at_its_own_beat_in_each_round() -> None:
    for phase in range(beats_per_segment):
        beats = [0]
        while beats[-1] < 10 * beats_per_segment:
            beats.append(next_beat(phase, beats[-1]))
        waits = [after - before for before, after in itertools.pairwise(beats)]
        assert max(waits) <= 8
        assert min(waits) >= 1
        own = [beat for beat in beats if beat and (beat - phase) % beats_per_segment == 0]
        assert len(own) >= 10


def test_offices_are_spread_over_the_round() -> None:
    phases = Counter(phase_of(f"office{number}") for number in range(3_000))
    assert len(phases) == beats_per_segment
    assert max(phases.values()) < 150


def test_what_is_due_is_taken_once_and_in_order() -> None:
    wheel = Wheel()
    assert wheel.next() is None
    for office, beat in (("b", 7), ("a", 3), ("b", 3), ("c", 9), ("a", 3), ("b", 8)):
        wheel.put(office, beat)
    assert wheel.next() == 3
    assert wheel.take(2) == []
    assert wheel.take(8) == ["a", "b"]
    assert (wheel.next(), wheel.take(9), wheel.next()) == (9, ["c"], None)
