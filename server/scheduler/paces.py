"""What was measured of each batch of an office, in memory: its durations, and the curve made of them last."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from server.scheduler.curve import Curve, Measured, curve_of
from server.scheduler.durations import Durations

BATCHES_MAX = 256  # the oldest are forgotten first; the store's sums stand in for them
GROWN_PART = 16  # a curve is made anew when a sixteenth more is measured
YOUNG = 64  # while fewer are measured it is made anew as time goes by too: what runs counts as well
AGED_PART = 8  # how much time that is: an eighth of a mean duration


@dataclass(slots=True)
class _Pace:
    durations: Durations = field(default_factory=Durations)
    curve: Curve | None = None
    count: int = 0
    running: int = 0
    made_ms: int = 0


class Paces:
    """Keeps durations by batch, and makes curves no more often than they change."""

    def __init__(self) -> None:
        self._of: dict[str, _Pace] = {}

    def took(self, batch: str, duration_ms: int) -> None:
        """An execution of a batch took so long."""
        pace = self._of.get(batch)
        if pace is None:
            pace = self._new(batch)
        pace.durations.add(duration_ms)

    def curve(self, batch: str, ages_ms: Sequence[float], measured: Measured, now_ms: int) -> Curve:
        """Return a batch's curve; at least one duration of it was measured."""
        pace = self._of.get(batch)
        if pace is None:
            pace = self._new(batch)
        if pace.curve is None or self._is_old(pace, pace.curve, len(ages_ms), measured.count, now_ms):
            pace.curve = curve_of(pace.durations, ages_ms, measured)
            pace.count, pace.running, pace.made_ms = measured.count, len(ages_ms), now_ms
        return pace.curve

    def keep(self, batches: Collection[str]) -> None:
        """Forget all other batches."""
        for batch in [batch for batch in self._of if batch not in batches]:
            del self._of[batch]

    def _new(self, batch: str) -> _Pace:
        if len(self._of) >= BATCHES_MAX:
            del self._of[next(iter(self._of))]
        return self._of.setdefault(batch, _Pace())

    def _is_old(self, pace: _Pace, curve: Curve, running: int, count: int, now_ms: int) -> bool:
        if (count - pace.count) * GROWN_PART >= max(pace.count, 1):
            return True
        aged = not 0 <= now_ms - pace.made_ms < curve.mean_ms / AGED_PART
        return count < YOUNG and aged and bool(running or pace.running)
