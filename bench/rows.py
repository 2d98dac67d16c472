"""What a measured figure is, and how it is kept and read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure: its id and text in the list of figures, what was measured, and the bar it is held against.

    `bar` None: nothing was promised. `peer` says on what the same work was measured in the same hour, with
    `peer_values` in the same unit. `notes` are short facts of the measurement (processor time, settings).
    """

    id: str
    what: str
    unit: str
    values: Sequence[float]
    bar: float | None = None
    more_is_better: bool = False
    peer: str | None = None
    peer_values: Sequence[float] = ()
    notes: str = ""
    missing: str = ""
    date: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).date().isoformat())
    load: float = 0.0

    @property
    def median(self) -> float:
        """The figure that counts."""
        return median(self.values)

    @property
    def verdict(self) -> str:
        """Whether the bar is reached; a figure that falls short is printed as such."""
        if self.missing:
            return "not measured"
        if self.bar is None:
            return ""
        reached = self.median >= self.bar if self.more_is_better else self.median <= self.bar
        return "reached" if reached else "**falls short**"

    @property
    def ratio(self) -> float | None:
        """How many times the peer's figure ours is."""
        return self.median / median(self.peer_values) if self.peer_values and self.values else None

    def kept(self) -> dict[str, Any]:
        """Return the row as it is kept between measurements."""
        return asdict(self)


def row_from(kept: dict[str, Any]) -> Row:
    """Read what `kept` returned."""
    return Row(**kept)


def number(value: float) -> str:
    """Write a figure with as many digits as mean something."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
