"""Finding one's way through a recording (p): the segment of a moment."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol


class Span(Protocol):
    """Something that is true from one moment to another, both in milliseconds."""

    @property
    def start_ms(self) -> int:
        """From when on."""

    @property
    def end_ms(self) -> int:
        """Up to when."""


def at_moment(spans: Sequence[Span], now_ms: int) -> int | None:
    """The number of the span that holds at a moment; None where nothing is known of it.

    At the moment where one ends and the next starts it is the next. Spans are in the order of their starts; where the
    clock was set back and they overlap, the one that started last holds.
    """
    n = bisect_right(spans, now_ms, key=lambda span: span.start_ms) - 1
    return n if n >= 0 and now_ms <= spans[n].end_ms else None
