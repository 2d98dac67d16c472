"""Where an office's events wait for its next tick."""

from collections.abc import Callable, Sequence

from server.bus.contract import Bus
from simulation.inputs import Input
from simulation.pending import Pending


class Inbox:
    """Hears the bus about one office from `open` to `close`, and keeps what it hears, merged, till a tick takes it.

    `arrived` is called with each event, after its facts were kept.
    """

    def __init__(self, bus: Bus, office: str, arrived: Callable[[], None]) -> None:
        self._bus = bus
        self._office = office
        self._arrived = arrived
        self._pending = Pending()
        self._stop: Callable[[], None] | None = None

    def __len__(self) -> int:
        return len(self._pending)

    def open(self) -> None:
        """Begin with nothing: what was kept is in the facts that a world has just been built from."""
        self._pending = Pending()
        if self._stop is None:
            self._stop = self._bus.listen(self._office, self._hear)

    def take(self) -> list[Input]:
        """All that waited, for one tick."""
        return self._pending.take()

    def close(self) -> None:
        """Hear nothing more."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def _hear(self, _office: str, facts: Sequence[Input]) -> None:
        for fact in facts:
            self._pending.add(fact)
        self._arrived()
