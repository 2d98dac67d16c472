"""How many ticks were taken and how late they were (p): counted where it happens, in plain numbers."""

from bisect import bisect_left
from dataclasses import dataclass

LATE_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Upper bounds in milliseconds, each included, of what `TickerFigures.late` counts; the last of all is beyond them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TickerFigures:
    """What a ticker has done since it began, and how many offices are awake now.

    `epochs` counts time lines begun, when an office woke or was rebuilt; `rebuilds` are those of offices that were awake.
    `late` counts ticks by how late they were taken, each in one place of `LATE_MS`; `late_ms` is their lateness in all.
    """

    offices: int
    ticks: int
    diffs: int
    epochs: int
    rebuilds: int
    late: tuple[int, ...]
    late_ms: int


class Pace:
    """The counters behind `TickerFigures`."""

    def __init__(self) -> None:
        self.diffs = 0
        self.epochs = 0
        self.rebuilds = 0
        self._late = [0] * (len(LATE_MS) + 1)
        self._late_ms = 0

    def ticked(self, late_ms: int) -> None:
        """One tick more, so long after its moment."""
        self._late[bisect_left(LATE_MS, late_ms)] += 1
        self._late_ms += late_ms

    def figures(self, offices: int) -> TickerFigures:
        """All of it as it is now."""
        return TickerFigures(
            offices=offices,
            ticks=sum(self._late),
            diffs=self.diffs,
            epochs=self.epochs,
            rebuilds=self.rebuilds,
            late=tuple(self._late),
            late_ms=self._late_ms,
        )
