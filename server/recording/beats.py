"""The recorder's one timer: it goes off at the beats at which some office is due."""

from collections.abc import Callable

from server.clock import Clock, Timer
from server.recording.wheel import Wheel, beat_ms


class Beats:
    """Calls `look` with an office and the beat, for each that is due. Nothing happens before `begin` and after `stop`."""

    def __init__(self, clock: Clock, look: Callable[[str, int], None]) -> None:
        self.wheel = Wheel()
        self._clock = clock
        self._look = look
        self._timer: Timer | None = None
        self._timer_beat = 0
        self._going = False

    def begin(self) -> None:
        """Go off from now on."""
        self._going = True
        self._arm()

    def stop(self) -> None:
        """Go off no more."""
        self._going = False
        self._call_off()

    def now(self) -> int:
        """The beat that it is."""
        return self._clock.monotonic_ms() // beat_ms

    def put(self, office: str, beat: int) -> None:
        """Have an office looked at then, whenever else it is."""
        self.wheel.put(office, beat)
        if self._timer is None or beat < self._timer_beat:
            self._arm()

    def _arm(self) -> None:
        self._call_off()
        beat = self.wheel.next()
        if beat is not None and self._going:
            self._timer_beat = beat
            self._timer = self._clock.call_later(beat * beat_ms - self._clock.monotonic_ms(), self._fire)

    def _call_off(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        beat = self.now()
        for office in self.wheel.take(beat):
            self._look(office, beat)
        self._arm()
