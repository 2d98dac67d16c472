"""The logs of all executions: written behind the executions' backs, and read while they grow."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from server.clock import Clock, Timer
from server.errors import NotFoundError
from server.executions import log_files
from server.executions.log import LAST_LINE_BYTES_MAX, Log, lines_in

FLUSH_MS = 1_000
WAITING_BYTES_MAX = 64 * 1024
"""A log that holds more than this in memory is written at once."""
PAGE_BYTES_MAX = 256 * 1024

_ID = re.compile(r"[a-z0-9]{6,16}")
_diary = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogPage:
    """Some lines of a log as (moment in milliseconds, text).

    `next` is the position to go on from; `ended`: nothing will ever come after it.
    """

    lines: Sequence[tuple[int, str]]
    next: int
    ended: bool


class Logs:
    """All logs under one folder, `folder/yz/abcd…yz.log`: the ends of ids are spread evenly, their beginnings not.

    No file is held open. At most once in FLUSH_MS, or at once when a log has ended or holds much, everything new is
    written in one go in a thread. What cannot be written (a full disk) is let go: the log says so, the execution
    goes on. When all logs together are above `logs_bytes_max`, the oldest are removed.
    """

    def __init__(self, folder: Path, clock: Clock, *, log_bytes_max: int, logs_bytes_max: int) -> None:
        self._folder = folder
        self._clock = clock
        self._log_bytes_max = log_bytes_max
        self._logs_bytes_max = logs_bytes_max
        self._living: dict[str, Log] = {}
        self._changed: dict[str, Log] = {}
        self._due: Timer | None = None
        self._flushing: asyncio.Task[None] | None = None
        self._total_bytes: int | None = None
        self._failing = False
        self._going_on = asyncio.Lock()  # of two that go on with one log the second must know of the first

    def begin(self, execution: str) -> Log:
        """Return a new log; nothing is made on the disk before its first line.

        Raises:
            NotFoundError: `execution` is no id.
        """
        log = Log(_checked(execution), self._clock, self._log_bytes_max, self._heed)
        self._living[execution] = log
        return log

    async def add(self, execution: str, text: str, goes_on: Callable[[], bool]) -> None:
        """Add lines for an execution that is carried out elsewhere, after all that any process has written of it.

        `goes_on` is asked in the very moment of writing: where it says no, nothing is added. Nothing stays in memory
        beyond the next FLUSH_MS, so there is no end to be told, and nobody needs to come back.

        Raises:
            NotFoundError: `execution` is no id.
        """
        async with self._going_on:
            log = self._living.get(execution) or await self._found(execution)
            if log is not None and goes_on():
                self._living[execution] = log
                log.write(text)
                self._forget_settled(log)

    async def tail(self, execution: str, after: int = 0) -> LogPage:
        """Return whole lines from position `after` on, the newest included; at most PAGE_BYTES_MAX bytes at a time.

        A position within a line counts as that of the next line. A log that never was, or is no longer kept, is
        empty and ended; so is one that others add to, as far as is known here.

        Raises:
            NotFoundError: `execution` is no id.
        """
        path = self._path(execution)
        log = self._living.get(execution)
        memory, written = (log.unwritten(), log.written_bytes) if log else (b"", None)
        start = max(after - 1, 0)  # the byte before tells whether `after` is the start of a line
        data, size = await asyncio.to_thread(log_files.read, path, start, PAGE_BYTES_MAX, written)
        data += memory[max(start + len(data) - size, 0) :][: PAGE_BYTES_MAX - len(data)]
        end = size + len(memory)
        begin, stop = _whole_lines(data, from_first=after <= 0, to_last=start + len(data) >= end)
        position = min(start + stop, end)
        ended = (log is None or log.ended or log.passing) and position == end
        return LogPage(lines=lines_in(data[begin:stop]), next=position, ended=ended)

    async def remove(self, executions: Sequence[str]) -> None:
        """Delete logs for good, of executions that have ended; harmless where there are none."""
        if not executions:
            return
        await self.flush()
        for execution in executions:
            self._living.pop(execution, None)
        paths = [self._path(execution) for execution in executions]
        gone = await asyncio.to_thread(log_files.remove, paths)
        if self._total_bytes is not None:
            self._total_bytes -= gone

    async def flush(self) -> None:
        """Return when all that was said before is on the disk, or was found not to fit there."""
        for _ in range(2):  # the one that is under way, and one for what has come since it began
            self._flush_now()
            if self._flushing is not None:
                await asyncio.shield(self._flushing)

    def _path(self, execution: str) -> Path:
        return self._folder / _checked(execution)[-2:] / f"{execution}{log_files.SUFFIX}"

    async def _found(self, execution: str) -> Log | None:
        """Return a log that goes on with what is on the disk, not kept yet; None: what is there cannot be read."""
        path = self._path(execution)
        try:
            last, size = await asyncio.to_thread(log_files.last_of, path, LAST_LINE_BYTES_MAX)
        except OSError as error:
            self._tell_of_failure(error)
            return None
        log = Log(execution, self._clock, self._log_bytes_max, self._heed)
        log.go_on(size, last)
        return log

    def _heed(self, log: Log) -> None:
        """A log has changed: have it written, soon or at once."""
        if log.settled:
            self._forget(log)
            return
        self._changed[log.execution] = log
        if log.ended or log.waiting_bytes > WAITING_BYTES_MAX:
            self._flush_now()
        elif self._due is None:
            self._due = self._clock.call_later(FLUSH_MS, self._flush_now)

    def _flush_now(self) -> None:
        if self._flushing is not None or not self._changed:
            return
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._flushing = asyncio.get_running_loop().create_task(self._flush())
        self._flushing.add_done_callback(self._flushed)

    def _flushed(self, task: asyncio.Task[None]) -> None:
        self._flushing = None
        if not task.cancelled():
            task.result()
        if self._changed and self._due is None:
            self._due = self._clock.call_later(FLUSH_MS, self._flush_now)

    async def _flush(self) -> None:
        logs, self._changed = self._changed, {}
        pieces = [
            log_files.Piece(
                execution=log.execution,
                path=self._path(log.execution),
                before_bytes=log.written_bytes,
                data=log.unwritten(),
            )
            for log in logs.values()
        ]
        errors = await asyncio.to_thread(log_files.append_all, pieces)
        for piece, error in zip(pieces, errors, strict=True):
            self._settle(logs[piece.execution], len(piece.data), error)
        self._tell_of_failure(next((error for error in errors if error), None))
        if self._total_bytes is None or self._total_bytes > self._logs_bytes_max:
            self._total_bytes = await asyncio.to_thread(
                log_files.sweep, self._folder, self._logs_bytes_max, frozenset(self._living)
            )

    def _settle(self, log: Log, count: int, error: OSError | None) -> None:
        if error is None:
            log.written(count)
            if self._total_bytes is not None:
                self._total_bytes += count
        else:
            log.lost(count, error.strerror or type(error).__name__)
        self._forget_settled(log)

    def _forget_settled(self, log: Log) -> None:
        if log.settled:
            self._forget(log)

    def _forget(self, log: Log) -> None:
        self._changed.pop(log.execution, None)
        if self._living.get(log.execution) is log:
            del self._living[log.execution]

    def _tell_of_failure(self, error: OSError | None) -> None:
        if error is not None and not self._failing:
            _diary.warning("logs cannot be written", folder=str(self._folder), error=str(error))
        self._failing = error is not None


def _checked(execution: str) -> str:
    if not _ID.fullmatch(execution):
        raise NotFoundError(f"expected the id of an execution, got {execution[:40]!r}")
    return execution


def _whole_lines(data: bytes, *, from_first: bool, to_last: bool) -> tuple[int, int]:
    """Return where the first whole line begins and the last one stops; a line longer than the page stops with it."""
    begin = 0 if from_first else data.find(b"\n") + 1 or len(data)
    stop = len(data) if to_last else data.rfind(b"\n") + 1
    return begin, stop if stop > begin else max(len(data), begin)
