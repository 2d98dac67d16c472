"""What a body writes, taken apart: lines for the log, directives that move the desk, the end that is the result. Pure.

Takes bytes, keeps a bounded number of them, and works on whole pieces rather than on lines, so that a program that
never stops writing costs little more than reading it does.
"""

import codecs
import re
from dataclasses import dataclass

LINE_BYTES_MAX = 64 * 1024
DIRECTIVES_MAX = 64

_DIRECTIVE = re.compile(
    rb"^::(?:progress[ \t]+(?P<share>0(?:\.\d*)?|\.\d+|1(?:\.0*)?)|note)(?:[ \t]+(?P<words>[^\n]*))?\r?\n",
    re.MULTILINE,
)
_OVERWRITTEN = re.compile(r"^[^\n]*\r", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Directive:
    """One line that moves the desk: how much is done, a note, or both."""

    permille: int | None
    note: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What one piece of output said: lines for the log (each ends with a newline, the last one may not)."""

    log: str
    directives: tuple[Directive, ...] = ()


class Stream:
    """One stream of output; every line of it counts."""

    def __init__(self, kept_bytes_max: int) -> None:
        self.tail = Tail(kept_bytes_max)
        self._lines = Lines()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> Said:
        """Take the next bytes; what is not yet a whole line is kept for later."""
        return self._take(*self._lines.feed(data))

    def end(self) -> Said:
        """The stream has ended: its last line counts although nothing ended it."""
        return self._take(*self._lines.end(), final=True)

    def _take(self, rest: bytes, lines: bytes, final: bool = False) -> Said:
        directives, counted = self._parted(lines)
        self.tail.feed(rest + counted)
        written = (
            lines if rest.isspace() else rest + lines
        )  # the bare end of a long line is no line of its own
        return Said(log=_readable(self._decoder.decode(written, final)), directives=directives)

    def _parted(self, lines: bytes) -> tuple[tuple[Directive, ...], bytes]:
        return (), lines


class DirectedStream(Stream):
    """A stream in which `::progress 0.4 reading` and `::note …` are directives and count as no output."""

    def _parted(self, lines: bytes) -> tuple[tuple[Directive, ...], bytes]:
        if b"::" not in lines:
            return (), lines
        # Of a flood of them only the last ones are worth reading.
        found = list(_DIRECTIVE.finditer(lines))[-DIRECTIVES_MAX:]
        return tuple(_directive(match) for match in found), _DIRECTIVE.sub(b"", lines)


class Lines:
    """Cuts bytes into whole lines. A line above LINE_BYTES_MAX comes in pieces as it grows."""

    def __init__(self) -> None:
        self._start = b""
        self._within_long_line = False

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """Return (the rest of a long line that came in pieces, whole lines)."""
        data = self._start + data
        cut = data.find(b"\n") + 1 if self._within_long_line else 0
        if self._within_long_line and not cut:
            return self._piece(data), b""
        self._within_long_line = False
        rest, data = data[:cut], data[cut:]
        cut = data.rfind(b"\n") + 1
        return rest, data[:cut] + self._piece(data[cut:])

    def end(self) -> tuple[bytes, bytes]:
        """Return what is left, as `feed` does."""
        left, self._start = self._start, b""
        if self._within_long_line or not left:
            return left, b""
        return b"", left + b"\n"

    def _piece(self, start: bytes) -> bytes:
        """Keep the start of a line; give it out unfinished once it is too long to keep."""
        if len(start) < LINE_BYTES_MAX:
            self._start = start
            return b""
        self._start, self._within_long_line = b"", True
        return start


class Tail:
    """The last bytes of a stream, at least `kept_bytes_max` of them and at most twice as many."""

    def __init__(self, kept_bytes_max: int) -> None:
        self._kept_bytes_max = kept_bytes_max
        self._kept = bytearray()
        self._opening = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes and let go of the oldest."""
        self._kept += data
        if len(self._kept) <= 2 * self._kept_bytes_max:
            return
        cut = len(self._kept) - self._kept_bytes_max
        start = self._kept.rfind(b"\n", 0, cut) + 1
        if start or not self._opening:
            self._opening = bytes(self._kept[start:cut].lstrip()[:1])
        del self._kept[:cut]

    def last(self) -> bytes:
        """Return the last `kept_bytes_max` bytes."""
        return bytes(self._kept[-self._kept_bytes_max :])

    def last_line(self) -> bytes:
        """Return the last line that is not blank, without its end; of a cut one what is left."""
        return bytes(self._kept).rstrip().rpartition(b"\n")[2]

    def opening(self) -> bytes:
        """Return the first character of the last line when the line is no longer whole, else nothing."""
        return b"" if b"\n" in bytes(self._kept).rstrip() else self._opening


def _directive(match: re.Match[bytes]) -> Directive:
    words = (match["words"] or b"").decode("utf-8", "replace").strip()
    if match["share"] is None:
        return Directive(permille=None, note=words)
    return Directive(permille=round(1000 * float(match["share"])), note=words or None)


def _readable(text: str) -> str:
    """Drop NUL, and of a line that was written over with carriage returns all but the last state."""
    text = text.replace("\x00", "").replace("\r\n", "\n")
    return _OVERWRITTEN.sub("", text) if "\r" in text else text
