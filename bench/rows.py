"""What a measured figure is."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure: its id and text in the list of figures, what was measured, and the bar it is held against."""

    id: str
    what: str
    unit: str
    values: list[float]
    bar: float
    more_is_better: bool = False

    @property
    def median(self) -> float:
        """The figure that counts."""
        return median(self.values)

    @property
    def verdict(self) -> str:
        """Whether the bar is reached; a figure that falls short is printed as such."""
        reached = self.median >= self.bar if self.more_is_better else self.median <= self.bar
        return "reached" if reached else "falls short"
