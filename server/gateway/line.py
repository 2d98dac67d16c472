"""One socket's way out, as its viewer sees it; `wire.py` and `queued.py` are the two there are."""

from collections.abc import Callable, Sequence
from typing import Protocol

from server.gateway.close import End

EXTENSION = "tendesks.wire"
"""Under this name the endpoint finds the wire of its connection in `scope["extensions"]`, if there is one."""


class Line(Protocol):
    """Every call returns at once, on the event loop."""

    clear: bool
    """Whether a message may be written: nothing is unsent, no close was sent, and the connection is there."""

    deflates: bool
    """Whether the peer has agreed to permessage-deflate; settled before there is a viewer."""

    ready: Callable[[], None]
    """Called whenever the line has become clear again."""

    hear: Callable[[str], None] | None
    """Takes a text in the step in which it comes, once it is set and where the line can; all else comes through ASGI."""

    def write(self, message: bytes, /) -> None:
        """Write a framed message, while the line is clear."""

    def write_all(self, messages: Sequence[bytes]) -> None:
        """Write several, as `write` does one."""

    def unsent(self) -> int:
        """Bytes that the operating system has not taken yet."""

    def hang_up(self, end: End) -> None:
        """End the socket, once; what does not get through is cut."""


def nothing() -> None:
    """Nobody waits for the line."""
