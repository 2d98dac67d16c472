"""What the ticker needs from the rooms above and beside it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from server.ticker.stream import Stream
from simulation.inputs import Input

Facts: TypeAlias = Callable[[str], Awaitable[Sequence[Input]]]
"""All that is true of an office now, as inputs for an empty world; among them its name, tier and slots.

The facts are put together without an await in the last step, and the ticker awaits the call itself, not a task: so no
event falls between the facts and what it hears afterwards. Raises NotFoundError when there is no such office.
"""

RaiseEpoch: TypeAlias = Callable[[str], Awaitable[int]]
"""Make the office's epoch in the store one higher, and return it. Raises NotFoundError when there is no such office."""


class Sink(Protocol):
    """Where frames go. Every call returns at once, on the event loop, whatever becomes of the sockets."""

    def deliver(self, stream: Stream, diff: bytes) -> None:
        """The next diff, for all who are on this stream."""

    def tell(self, stream: Stream, message: bytes) -> None:
        """A message that is no frame, for all who are on this stream."""

    def renew(self, stream: Stream) -> None:
        """The epoch has risen: all who were on the stream of this office and view are on this one from now on."""
