"""Finding one's way through a recording (p): the segment of a moment, and the markers around it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Protocol

from server.recording.markers import Marker


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


def marker_after(markers: Sequence[Marker], now_ms: int) -> Marker | None:
    """The first marker later than a moment; they are in the order of their moments."""
    n = bisect_right(markers, now_ms, key=_at)
    return markers[n] if n < len(markers) else None


def marker_before(markers: Sequence[Marker], now_ms: int) -> Marker | None:
    """The last marker earlier than a moment; they are in the order of their moments."""
    n = bisect_left(markers, now_ms, key=_at)
    return markers[n - 1] if n > 0 else None


def _at(marker: Marker) -> int:
    return int(marker["at"])
