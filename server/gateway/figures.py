"""What the hub has done, in plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.model import View


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """As of one moment; those named `…s_total` and `bytes` only grow.

    `sockets`: open ones, silent ones included; `viewers`: those that follow a stream, by view; `lagging`: those owed a
    keyframe now because they were too slow. `messages_total`: whatever was written for viewers (frames, hellos, clocks,
    counts), and `bytes_total` their bytes on the wire; `deliveries_total`: the diffs among them, one for each viewer.
    `lagged_total`: how often a viewer began to lag; `resyncs_total`: keyframes because a baseline was gone;
    `resumed_total`: viewers that came back and went on where they were; `too_slow_total`: closed with 4408.
    """

    sockets: int
    viewers: Mapping[View, int]
    lagging: int
    messages_total: int
    deliveries_total: int
    bytes_total: int
    lagged_total: int
    resyncs_total: int
    resumed_total: int
    too_slow_total: int


class Counters:
    """The counts behind `Figures`; the hub's viewers add to one and the same."""

    __slots__ = ("bytes", "deliveries", "lagged", "lagging", "messages", "resumed", "resyncs", "too_slow")

    def __init__(self) -> None:
        self.messages = 0
        self.deliveries = 0
        self.bytes = 0
        self.lagging = 0
        self.lagged = 0
        self.resyncs = 0
        self.resumed = 0
        self.too_slow = 0

    def wrote(self, message: bytes, count: int = 1) -> None:
        """So many viewers were written a message."""
        self.messages += count
        self.bytes += count * len(message)
