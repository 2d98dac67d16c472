"""What the process that makes a picture says, line by line, and what its end means."""

import signal
from collections.abc import Mapping
from typing import Any

import orjson
import structlog

from server.kinds import groups
from server.kinds.program import Program
from server.preview.export import Export, ExportState
from server.preview.limits import cpu_s_max, memory_bytes_max

log = structlog.get_logger(__name__)

line_bytes_max = 64 * 1024
"""The longest line it may say; it has no reason to say a long one."""
said_bytes_max = 4 * 1024
"""How much of what it says on stderr is kept for the log."""


class Hearing:
    """Hears one process, and knows how its export stands. A process that says nonsense has failed."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._line = b""
        self._said = b""
        self._failure: str | None = None
        self._bytes: int | None = None

    def out(self, data: bytes) -> None:
        """Take what it wrote to stdout."""
        *lines, rest = (self._line + data).split(b"\n")
        self._line = rest[:line_bytes_max]
        for line in lines:
            self._hear(line)

    def err(self, data: bytes) -> None:
        """Take what it wrote to stderr."""
        self._said = (self._said + data)[-said_bytes_max:]

    def late(self, ms_max: int, program: Program) -> None:
        """It takes too long: it is killed, with what it started."""
        self._failure = f"export_ms_max: it took longer than {ms_max // 60_000} minutes"
        groups.send(program.group, signal.SIGKILL)

    def ended(self, code: int) -> None:
        """It has ended: its export is done, or failed and says why."""
        export = self._export
        if self._bytes is not None and self._failure is None:
            export.state, export.bytes, export.permille = ExportState.DONE, self._bytes, 1000
            return
        if self._failure is None:
            log.error("export.died", export=export.id, code=code, said=self._said.decode("utf-8", "replace"))
        export.state, export.reason = ExportState.FAILED, self._failure or _meaning(code)

    def _hear(self, line: bytes) -> None:
        try:
            said = orjson.loads(line)
        except orjson.JSONDecodeError:
            return
        if isinstance(said, dict):
            self._take(said)

    def _take(self, said: Mapping[str, Any]) -> None:
        match said:
            case {"permille": int(permille)}:
                self._export.permille = max(self._export.permille, min(999, permille))
            case {"failed": str(detail)}:
                self._failure = detail
            case {"done": {"bytes": int(size), "size": [int(width), int(height)]}}:
                self._bytes, self._export.size = size, (width, height)


def _meaning(code: int) -> str:
    """What an end without a word means."""
    if code == -signal.SIGXCPU:
        return f"cpu_s_max: it took more than {cpu_s_max // 60} minutes of processor time"
    if code == -signal.SIGKILL:
        return (
            f"It was ended from outside, or took more than memory_bytes_max = {memory_bytes_max // 2**20} MiB"
        )
    return "The picture could not be made"
