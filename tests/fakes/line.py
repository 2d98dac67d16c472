"""A line to a peer that reads when the test says so."""

from collections.abc import Callable, Sequence

from server.gateway.close import End
from server.gateway.framing import payload
from server.gateway.line import nothing


class FakeLine:
    """Satisfies server.gateway.line.Line. What is written stays unsent until it is read; a `wide` one takes all at once."""

    def __init__(self, *, clear: bool = True, wide: bool = False, deflates: bool = False) -> None:
        self.clear = clear
        self.deflates = deflates
        self.ready = nothing
        self.hear: Callable[[str], None] | None = None
        self.wide = wide
        self.messages: list[bytes] = []
        self.below = 0
        self.ends: list[End] = []

    def write(self, message: bytes) -> None:
        assert self.clear
        assert not self.ends
        self.messages.append(message)
        self.clear = self.wide

    def write_all(self, messages: Sequence[bytes]) -> None:
        assert messages
        self.write(messages[0])
        self.messages += messages[1:]

    def unsent(self) -> int:
        return self.below + (0 if self.wide else sum(map(len, self.messages)))

    def hang_up(self, end: End) -> None:
        if not self.ends:
            self.ends.append(end)

    def read(self) -> list[bytes]:
        """The payloads of all that was written, and of what is written now that there is room."""
        read: list[bytes] = []
        while self.messages or not self.clear:
            taken, self.messages, self.below = self.messages, [], 0
            read += map(payload, taken)
            self.clear = True
            self.ready()
        return read
