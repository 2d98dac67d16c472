"""The log of one execution: lines with the moment they came, kept in memory until they are on the disk.

As text: the moment in milliseconds, a space, the line, a newline. So a log can be read with `less`.
"""

from collections.abc import Callable

from server.clock import Clock

LAST_LINE_BYTES_MAX = 128
"""Kept free for the last line, which says why there are no more."""


class Log:
    """Lines of one execution, up to `bytes_max`. Writing returns at once and never fails.

    `written_bytes` are on the disk, `size_bytes` are all there are: positions in the log count both alike.
    `passing`: it goes on with what is on the disk, and is kept in memory only until that is true of all of it.
    """

    def __init__(
        self, execution: str, clock: Clock, bytes_max: int, changed: Callable[["Log"], None]
    ) -> None:
        self.execution = execution
        self.size_bytes = 0
        self.written_bytes = 0
        self.ended = False
        self.passing = False
        self._clock = clock
        self._bytes_max = bytes_max
        self._changed = changed
        self._full = False
        self._in_memory: list[bytes] = []

    def go_on(self, size_bytes: int, last: bytes) -> None:
        """Go on after so many bytes that are on the disk; `last` are the last ones, a last line's worth or more."""
        self.passing = True
        self.size_bytes = self.written_bytes = size_bytes
        self._full = last.endswith(f" {self._closing()}\n".encode())
        if last and not last.endswith(b"\n"):  # cut by the end of a process
            self._in_memory, self.size_bytes = [b"\n"], size_bytes + 1

    @property
    def settled(self) -> bool:
        """Whether nothing of it needs to be in memory any more."""
        return (self.ended or self.passing) and not self.waiting_bytes

    @property
    def waiting_bytes(self) -> int:
        """How much is not yet on the disk."""
        return self.size_bytes - self.written_bytes

    def write(self, text: str) -> None:
        """Add lines; the last one needs no newline at its end."""
        if self._full or self.ended:
            return
        block = self._stamped(text)
        room = self._bytes_max - LAST_LINE_BYTES_MAX - self.size_bytes
        if len(block) > room:
            self._full = True
            block = block[: block.rfind(b"\n", 0, max(room, 0)) + 1]
            block += self._stamped(self._closing())
        self._add(block)

    def end(self) -> None:
        """There will be no more lines."""
        self.ended = True
        self._changed(self)

    def unwritten(self) -> bytes:
        """Return what is not yet on the disk, and go on keeping it."""
        if len(self._in_memory) != 1:
            self._in_memory = [b"".join(self._in_memory)]
        return self._in_memory[0]

    def written(self, count: int) -> None:
        """The first `count` bytes that were not yet on the disk are there now."""
        self._in_memory = [self.unwritten()[count:]]
        self.written_bytes += count

    def lost(self, count: int, why: str) -> None:
        """The first `count` bytes that were not yet on the disk cannot be written: forget them, and say so."""
        self._in_memory = [self.unwritten()[count:]]
        self.size_bytes -= count
        if not self.ended:
            self._add(self._stamped(f"Lines are missing here, they could not be written: {why}."))

    def _closing(self) -> str:
        return f"The log ends here: it has reached its {self._bytes_max:,} bytes."

    def _stamped(self, text: str) -> bytes:
        moment = self._clock.now_ms()
        lines = text.removesuffix("\n").replace("\x00", "").replace("\n", f"\n{moment} ")
        return f"{moment} {lines}\n".encode("utf-8", "replace")

    def _add(self, block: bytes) -> None:
        self._in_memory.append(block)
        self.size_bytes += len(block)
        self._changed(self)


def lines_in(data: bytes) -> list[tuple[int, str]]:
    """Return (moment in milliseconds, line) for each line of a log; what is damaged is given the moment 0."""
    lines = []
    for line in data.decode("utf-8", "replace").removesuffix("\n").split("\n") if data else ():
        moment, _, text = line.partition(" ")
        lines.append((int(moment), text) if moment.isdecimal() else (0, line))
    return lines
