"""What the process of a Python function says, taken apart: progress, notes, and how it ended. Pure.

A line for the server is MARK, a word, a space and the rest: `progress 400`, `note reading`, `done JSON` or
`failed {"reason", "message", "retryable", "halts"}`. What is not marked was printed before the function's process could
turn its stdout elsewhere, and goes to the log.
"""

from typing import Any

import orjson

from server.kinds.output import DIRECTIVES_MAX, Directive, Said
from server.kinds.python_child import MARK
from server.kinds.wording import one_line
from server.model import ExecutionState, Outcome, Reason

MESSAGE_CHARACTERS_MAX = 300
_FRAME_BESIDE_RESULT_BYTES_MAX = 64 * 1024


class Frames:
    """One process's lines. `outcome` is how it says that it ended; what it says after that is not heard."""

    def __init__(self, result_bytes_max: int) -> None:
        self.outcome: Outcome | None = None
        self._line_bytes_max = result_bytes_max + _FRAME_BESIDE_RESULT_BYTES_MAX
        self._start = b""

    def feed(self, data: bytes) -> Said:
        """Take the next bytes; what is not yet a whole line is kept for later, up to what a line may be long."""
        *lines, start = (self._start + data).split(b"\n")
        self._start = start[-self._line_bytes_max :]
        return self._said(lines)

    def end(self) -> Said:
        """There will be no more; half a line says nothing to the server."""
        start, self._start = self._start, b""
        return self._said([start.partition(MARK)[0]] if start else [])

    def _said(self, lines: list[bytes]) -> Said:
        printed: list[str] = []
        directives: list[Directive] = []
        for line in lines:
            before, mark, frame = line.partition(MARK)
            try:
                directive = self._heard(frame) if mark and self.outcome is None else None
            except (ValueError, KeyError, TypeError):  # two processes wrote at once, say
                before = line
            else:
                directives += [directive] if directive else []
            if before:
                printed.append(before.decode("utf-8", "replace") + "\n")
        return Said(log="".join(printed), directives=tuple(directives[-DIRECTIVES_MAX:]))

    def _heard(self, frame: bytes) -> Directive | None:
        word, _, rest = frame.partition(b" ")
        match word:
            case b"progress":
                return Directive(permille=int(rest), note=None)
            case b"note":
                return Directive(permille=None, note=rest.decode("utf-8", "replace"))
            case b"done":
                self.outcome = Outcome(state=ExecutionState.DONE, result=rest)
            case b"failed":
                said: dict[str, Any] = orjson.loads(rest)
                self.outcome = failed(
                    Reason(said["reason"]),
                    said["message"],
                    retryable=said["retryable"],
                    halts=said["halts"],
                )
        return None


def failed(reason: Reason, message: str, *, retryable: bool = True, halts: bool = False) -> Outcome:
    """The outcome of a function that failed; the message becomes one line."""
    return Outcome(
        state=ExecutionState.FAILED,
        reason=reason,
        message=one_line(message, MESSAGE_CHARACTERS_MAX),
        retryable=retryable,
        halts=halts,
    )
