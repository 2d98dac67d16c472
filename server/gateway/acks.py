"""What a viewer says it has applied (p): the one sign of a page that lies still while its browser takes all that comes."""

import sys

unacked_max = 150
"""A viewer lags when it was given so many diffs beyond the newest it has acknowledged: 15 s of the busiest office.

Acks come every 5 s; a frozen page's browser would take in everything, and keep it.
"""


class Acks:
    """Only who has acknowledged something can be behind: one that never does is known by its socket alone."""

    __slots__ = ("_acking", "_awaited", "seq_max")

    def __init__(self) -> None:
        self.seq_max = sys.maxsize
        """The newest diff that the viewer may be given."""
        self._acking = False
        self._awaited: int | None = None

    @property
    def behind(self) -> bool:
        """Whether the viewer has yet to acknowledge what it was given."""
        return self._awaited is not None

    def fall_behind(self, seq: int) -> None:
        """It was given all up to `seq`, and gets no more until it has acknowledged that."""
        self._awaited = seq

    def ack(self, seq: int, newest: int) -> None:
        """It has applied `seq`; beyond `newest`, where its stream is, that is a number of an older epoch."""
        self._acking, before = True, 0 if not self._acking else self.seq_max
        self.seq_max = max(before, min(seq, newest) + unacked_max)
        if self._awaited is not None and seq >= self._awaited:
            self._awaited = None

    def begin(self, seq: int) -> None:
        """It is given a new beginning at `seq`, and everything before counts as applied."""
        self._awaited = None
        if self._acking:
            self.seq_max = seq + unacked_max
