"""Time in ticks: elapsed milliseconds become whole ticks; a tick becomes a moment again."""

from dataclasses import dataclass

catchup_max = 10
"""An office that is more ticks behind than this is rebuilt from its rows."""
drift_ms_max = 2_000
"""So is one whose own time is further off the wall clock than this: the machine slept, or its clock was set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One tick as desks see it: its number, its time, how many come in a second, the office's seed."""

    tick: int
    now_ms: int
    hz: int
    seed: int

    def tick_after(self, stretch_ms: int) -> int:
        """The first tick at which ``stretch_ms`` have passed since this one."""
        return self.tick - (-stretch_ms * self.hz // 1000)


def ticks_in(elapsed_ms: int, *, hz: int) -> int:
    """How many whole ticks a stretch of time holds.

    Counted from the start of a time line and never from tick to tick, so what is left over, the residual, is not lost.
    """
    return elapsed_ms * hz // 1000


def lost(*, late_ms: int, drift_ms: int, hz: int) -> bool:
    """Whether catching up makes no sense: what was due is ``late_ms`` late, the wall clock ``drift_ms`` away."""
    return ticks_in(late_ms, hz=hz) > catchup_max or abs(drift_ms) > drift_ms_max


def time_of(tick: int, *, base_ms: int, hz: int) -> int:
    """The moment of a tick: base + tick x 1000 / hz, in whole milliseconds."""
    return base_ms + tick * 1000 // hz


def tick_of(now_ms: int, *, base_ms: int, hz: int) -> int:
    """The first tick whose moment is ``now_ms`` or later."""
    return -((base_ms - now_ms) * hz // 1000)
