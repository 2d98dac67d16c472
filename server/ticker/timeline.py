"""The time line of one epoch (p): wall time where it starts, monotonic time from there on, cut into ticks."""

from dataclasses import dataclass

from simulation.timestep import lost, ticks_in, time_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """Tick 0 is at `base_ms` of the wall clock, which is `start_ms` of the monotonic one."""

    base_ms: int
    start_ms: int
    hz: int

    def now_ms(self, monotonic_ms: int) -> int:
        """The office's own time: what the wall clock would show had nobody set it since."""
        return self.base_ms + monotonic_ms - self.start_ms

    def tick(self, monotonic_ms: int) -> int:
        """The newest tick whose moment has come."""
        return ticks_in(monotonic_ms - self.start_ms, hz=self.hz)

    def moment_ms(self, tick: int) -> int:
        """The wall time of a tick, as frames carry it."""
        return time_of(tick, base_ms=self.base_ms, hz=self.hz)

    def due_ms(self, tick: int) -> int:
        """The first monotonic millisecond at which the tick may be taken."""
        return self.start_ms - (-tick * 1000 // self.hz)

    def lost(self, *, due_ms: int, monotonic_ms: int, wall_ms: int) -> bool:
        """Whether what was due then is so far behind by now, or the wall clock so far away, that only a rebuild is true."""
        drift_ms = wall_ms - self.now_ms(monotonic_ms)
        return lost(late_ms=monotonic_ms - due_ms, drift_ms=drift_ms, hz=self.hz)
