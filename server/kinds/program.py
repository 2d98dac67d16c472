"""A program in a session and process group of its own, with its pipes: started, heard, ended with all it started."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import BinaryIO, cast

from server.clock import Clock, Timer
from server.kinds import groups

GRACE_MS = 5_000
"""Between SIGTERM and SIGKILL."""
SETTLE_MS = 500
"""How long what a program started may go on writing after the program itself has ended."""
KILLED_MS = 1_000
"""How long a group may take to vanish after SIGKILL before it is left to the kernel (a dead network disk, say)."""

_POLL_MS = (1, 2, 5, 10, 20, 50)
_BULK_BYTES = 32 * 1024
_BULK_PAUSE_MS = 4

Sink = Callable[[bytes], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Launch:
    """What is started, where, and with what. `argv` is complete: nothing is looked up or expanded any more."""

    argv: Sequence[str]
    cwd: str
    environment: Mapping[str, str]
    stdin: bytes


class Program:
    """A running program. Whoever holds one must await `ended()` or `end()` in every case.

    Its stdin is a file that holds all its input: a program that never reads it holds up nobody. stdout and stderr
    are pipes and not the socket pairs that event loops make, because a program cannot open those as /dev/stdout.
    """

    def __init__(self, process: asyncio.subprocess.Process, pipes: Sequence["_Pipe"], clock: Clock) -> None:
        self._process = process
        self._pipes = pipes
        self._clock = clock
        self._gone = False

    @classmethod
    async def start(cls, launch: Launch, clock: Clock, stdout: Sink, stderr: Sink) -> "Program":
        """Start it. Takes milliseconds, and cannot be called off in the middle: shield it.

        Raises:
            OSError: it cannot be started; nothing is left behind.
        """
        pipes: list[_Pipe] = []
        with ExitStack() as given, ExitStack() as undone:
            stdin = given.enter_context(_file_with(launch.stdin))
            written = []
            for sink in (stdout, stderr):
                read, write = os.pipe()
                given.callback(os.close, write)
                written.append(write)
                pipes.append(await _Pipe.listening(read, sink, clock))
                undone.callback(pipes[-1].close)
            process = await asyncio.create_subprocess_exec(
                *launch.argv,
                cwd=launch.cwd,
                env=launch.environment,
                stdin=stdin,
                stdout=written[0],
                stderr=written[1],
                start_new_session=True,
            )
            undone.pop_all()
        return cls(process, pipes, clock)

    @property
    def group(self) -> int:
        """The number of its process group."""
        return self._process.pid

    async def ended(self) -> int:
        """Wait until the program and all it started have ended; return its exit code, or minus the signal's number.

        What still runs in its group when the program itself has ended, and is no longer writing, is ended too.
        """
        code = await self._process.wait()
        await self._until(lambda: all(pipe.ended for pipe in self._pipes), SETTLE_MS)
        await self.end()
        return code

    async def end(self) -> None:
        """End the whole group: SIGTERM, GRACE_MS, SIGKILL. Returns when nothing of it is left and all is closed.

        Cancelled meanwhile, it kills at once.
        """
        try:
            if not self._is_gone():
                self._signal(signal.SIGTERM)
                await self._until(self._is_gone, GRACE_MS)
        finally:
            self._signal(signal.SIGKILL)
            for pipe in self._pipes:
                pipe.close()
        await self._process.wait()
        await self._until(self._is_gone, KILLED_MS)
        await self._until(lambda: all(pipe.ended for pipe in self._pipes), KILLED_MS)

    def _is_gone(self) -> bool:
        """Whether neither the program nor anything in its group lives."""
        if not self._gone and self._process.returncode is not None:
            self._reap()
            self._gone = not groups.lives(self._process.pid)
        return self._gone

    def _signal(self, number: int) -> None:
        """Send a signal to the group.

        The program's process id stays taken while its group has members, and a group that was seen to be gone is
        left alone: so this does not reach a stranger.
        """
        if not self._gone:
            groups.send(self._process.pid, number)

    def _reap(self) -> None:
        """Collect what the kernel gave to us when its parent ended: so it is where we are a container's first process."""
        with suppress(ChildProcessError):
            while os.waitpid(-self._process.pid, os.WNOHANG)[0]:
                pass

    async def _until(self, condition: Callable[[], bool], limit_ms: int) -> None:
        """Ask until the condition holds or the time is up: no event tells that a process group is empty."""
        deadline_ms = self._clock.monotonic_ms() + limit_ms
        attempt = 0
        while not condition() and (left_ms := deadline_ms - self._clock.monotonic_ms()) > 0:
            await self._clock.sleep(min(_POLL_MS[min(attempt, len(_POLL_MS) - 1)], left_ms))
            attempt += 1


class _Pipe(asyncio.Protocol):
    """The reading end of a pipe. Gives bytes to its sink; one that never stops may not keep the loop to itself."""

    def __init__(self, sink: Sink, clock: Clock) -> None:
        self.ended = False
        self._sink = sink
        self._clock = clock
        self._transport: asyncio.ReadTransport | None = None
        self._resuming: Timer | None = None

    @classmethod
    async def listening(cls, descriptor: int, sink: Sink, clock: Clock) -> "_Pipe":
        file = os.fdopen(descriptor, "rb", buffering=0)
        _, pipe = await asyncio.get_running_loop().connect_read_pipe(lambda: cls(sink, clock), file)
        return pipe

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.ReadTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._sink(data)
        if len(data) >= _BULK_BYTES and self._transport is not None:
            self._transport.pause_reading()
            self._resuming = self._clock.call_later(_BULK_PAUSE_MS, self._transport.resume_reading)

    def connection_lost(self, error: Exception | None) -> None:
        del error  # an end is an end: what was read is all there is
        self.ended = True
        self._rest()

    def close(self) -> None:
        self._rest()
        if self._transport is not None:
            self._transport.close()

    def _rest(self) -> None:
        if self._resuming is not None:
            self._resuming.cancel()


def _file_with(data: bytes) -> BinaryIO:
    """Return an open file without a name that holds the data: in memory where the system has such files."""
    file: BinaryIO
    if hasattr(os, "memfd_create"):
        file = os.fdopen(os.memfd_create("input"), "w+b", buffering=0)
    else:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  the caller closes it
    file.write(data)
    file.seek(0)
    return file
