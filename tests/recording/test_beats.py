"""The recorder's timer: one for all offices, at the earliest beat, and none where nothing is due."""

from server.recording.beats import Beats
from server.recording.wheel import beat_ms
from tests.fakes.clock import FakeClock


async def test_offices_are_looked_at_at_their_beats_by_one_timer() -> None:
    clock, seen = FakeClock(), []
    beats = Beats(clock, lambda office, beat: seen.append((office, beat)))
    now = beats.now()
    beats.put("a", now + 3)
    assert not clock._timers, "nothing happens before it begins"
    beats.begin()
    beats.put("b", now + 1)
    beats.put("c", now + 3)
    await clock.advance(beat_ms)
    assert seen == [("b", now + 1)]
    await clock.advance(2 * beat_ms)
    assert seen == [("b", now + 1), ("a", now + 3), ("c", now + 3)]
    await clock.advance(10 * beat_ms)
    assert len(seen) == 3


async def test_nothing_is_looked_at_after_the_stop() -> None:
    clock, seen = FakeClock(), []
    beats = Beats(clock, lambda office, beat: seen.append((office, beat)))
    beats.begin()
    beats.put("a", beats.now() + 2)
    beats.stop()
    beats.put("b", beats.now() + 1)
    await clock.advance(10 * beat_ms)
    assert seen == []
