"""Frames that go to more than one place: each of them in turn, in one order."""

from server.ticker.contract import Sink
from server.ticker.stream import Stream


class Sinks:
    """Satisfies Sink for all of its sinks."""

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = sinks

    def deliver(self, stream: Stream, diff: bytes) -> None:
        """See Sink."""
        for sink in self._sinks:
            sink.deliver(stream, diff)

    def tell(self, stream: Stream, message: bytes) -> None:
        """See Sink."""
        for sink in self._sinks:
            sink.tell(stream, message)

    def renew(self, stream: Stream) -> None:
        """See Sink."""
        for sink in self._sinks:
            sink.renew(stream)
