"""Time in ticks: elapsed milliseconds become whole ticks and a residual; a tick becomes a moment again."""

from dataclasses import dataclass

catchup_max = 10
"""An office that is more ticks behind than this is rebuilt from its rows."""
drift_ms_max = 2_000
"""So is one whose own time is further off the wall clock than this: the machine slept, or its clock was set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What a stretch of time comes to: ``ticks`` to go, the ``residual`` to keep, or ``rebuild`` instead."""

    ticks: int
    residual: int
    rebuild: bool


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


def step(*, elapsed_ms: int, residual: int, hz: int, drift_ms: int = 0) -> Step:
    """Turn ``elapsed_ms`` of monotonic time into whole ticks.

    ``residual`` is what the step before left over, in thousandths of a tick: 0 to 999. ``drift_ms`` is the wall clock
    minus the office's own time. Raises `ValueError` when time went backwards: monotonic time does not.
    """
    if elapsed_ms < 0 or not 0 <= residual < 1000:
        raise ValueError(f"expected elapsed_ms >= 0 and residual 0 to 999, got {elapsed_ms} and {residual}")
    ticks, rest = divmod(elapsed_ms * hz + residual, 1000)
    rebuild = ticks > catchup_max or abs(drift_ms) > drift_ms_max
    return Step(ticks=ticks, residual=rest, rebuild=rebuild)


def time_of(tick: int, *, base_ms: int, hz: int) -> int:
    """The moment of a tick: base + tick x 1000 / hz, in whole milliseconds."""
    return base_ms + tick * 1000 // hz


def tick_of(now_ms: int, *, base_ms: int, hz: int) -> int:
    """The first tick whose moment is ``now_ms`` or later."""
    return -((base_ms - now_ms) * hz // 1000)
