"""What is unsent for one viewer, and what becomes of a frame it has no room for (p).

Backpressure is conflation: a message is queued only if it and what is unsent stay within `bytes_max`, or nothing is
unsent. Else the viewer is lagging: what was queued is dropped, nothing more is kept, and it is owed whatever
`catch_up` gives when it is drained: a keyframe, as it is by then. So memory is bounded by `bytes_max` or one message.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType


class Flow(StrEnum):
    """FLOWING: gets what comes. LAGGING: owed a new beginning. SHUT: gets what is queued, and no more."""

    FLOWING = "flowing"
    LAGGING = "lagging"
    SHUT = "shut"


NEXT: Mapping[Flow, frozenset[Flow]] = MappingProxyType(
    {
        Flow.FLOWING: frozenset({Flow.LAGGING, Flow.SHUT}),
        Flow.LAGGING: frozenset({Flow.FLOWING, Flow.SHUT}),
        Flow.SHUT: frozenset(),
    }
)


class Outbox:
    """Whoever writes calls `take` while the layers below hold nothing; bytes that they still hold are `below`.

    What `catch_up` gives counts as one message: all of it is queued, however long.
    """

    __slots__ = ("_bytes_max", "_catch_up", "_lagging_ms", "_queue", "flow", "unsent")

    def __init__(self, catch_up: Callable[[], Sequence[bytes]], bytes_max: int) -> None:
        self.flow = Flow.FLOWING
        self.unsent = 0
        """The bytes that are queued."""
        self._catch_up = catch_up
        self._bytes_max = bytes_max
        self._queue: list[bytes] = []
        self._lagging_ms = 0

    def offer(self, message: bytes, now_ms: int, below: int = 0) -> bool:
        """Queue a message if there is room; whether it was. Without room the viewer lags from now on."""
        if self.flow is not Flow.FLOWING:
            return False
        unsent = self.unsent + below
        if unsent and unsent + len(message) > self._bytes_max:
            self.owe(now_ms)
            return False
        self._add(message)
        return True

    def owe(self, now_ms: int) -> None:
        """Drop what is queued; what is taken next is what `catch_up` gives then."""
        if self.flow is Flow.FLOWING:
            self._go(Flow.LAGGING)
            self._clear()
            self._lagging_ms = now_ms

    def take(self) -> list[bytes]:
        """All messages that are due, in order; empty when there are none."""
        if self.flow is Flow.LAGGING:
            self._go(Flow.FLOWING)
            for message in self._catch_up():
                self._add(message)
        messages, self._queue, self.unsent = self._queue, [], 0
        return messages

    def lag_ms(self, now_ms: int) -> int:
        """How long it has been owed a new beginning; 0 when it is not."""
        return now_ms - self._lagging_ms if self.flow is Flow.LAGGING else 0

    def shut(self, last: bytes | None = None) -> None:
        """Take nothing more in. With a `last` message what is queued still goes out before it; without, it is dropped."""
        if self.flow is Flow.SHUT:
            return
        self._go(Flow.SHUT)
        if last is None:
            self._clear()
        else:
            self._add(last)

    def _add(self, message: bytes) -> None:
        self._queue.append(message)
        self.unsent += len(message)

    def _clear(self) -> None:
        self._queue.clear()
        self.unsent = 0

    def _go(self, flow: Flow) -> None:
        if flow not in NEXT[self.flow]:
            raise AssertionError(f"expected one of {sorted(NEXT[self.flow])} after {self.flow}, got {flow}")
        self.flow = flow
