"""A line to a peer that reads when the test says so."""

import zlib
from collections.abc import Callable, Sequence

from server.gateway.close import End
from server.gateway.deflate import TAIL, window_bits
from server.gateway.framing import DEFLATED_TEXT, TEXT, payload
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

    def payload(self, message: bytes) -> bytes:
        assert message[0] == TEXT[0]
        return payload(message)

    def read(self) -> list[bytes]:
        """The payloads of all that was written, and of what is written now that there is room."""
        read: list[bytes] = []
        while self.messages or not self.clear:
            taken, self.messages, self.below = self.messages, [], 0
            read += map(self.payload, taken)
            self.clear = True
            self.ready()
        return read


class InflatingLine(FakeLine):
    """Its peer reads deflated messages as RFC 7692 says, with no more than the window that was agreed on."""

    def __init__(self) -> None:
        super().__init__(wide=True, deflates=True)
        self.inflated = 0
        self.plain = 0
        self._decompressor = zlib.decompressobj(-window_bits)

    def payload(self, message: bytes) -> bytes:
        if message[0] != DEFLATED_TEXT[0]:
            self.plain += 1
            return super().payload(message)
        self.inflated += 1
        return self._decompressor.decompress(payload(message) + TAIL)
