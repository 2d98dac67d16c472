"""A body in a process of its own: started whole or not at all, heard to its end, ended with all it started."""

import asyncio
import signal
from contextlib import suppress
from typing import Protocol

from server.clock import Clock
from server.kinds import marks
from server.kinds.contract import Context
from server.kinds.output import Said
from server.kinds.program import Launch, Program, Sink
from server.model import Work


class Hears(Protocol):
    """Takes what a body writes, and says what it says."""

    def feed(self, data: bytes) -> Said:
        """Take the next bytes."""


async def carry_out(
    work: Work, launch: Launch, clock: Clock, folder: str, *, stdout: Sink, stderr: Sink
) -> int:
    """Start it and wait for its end; return its exit code, or minus the signal's number.

    `folder` is the mark of the data folder. Cancelled, it ends the program (SIGTERM, 5 s, SIGKILL), and what has left
    its group for a session of its own, as browsers do.

    Raises:
        OSError: it cannot be started; nothing is left behind.
    """
    program = await _started(work, launch, clock, folder, stdout, stderr)
    try:
        return await program.ended()
    except asyncio.CancelledError:
        await _end(program, work, folder)
        raise


def hearing(context: Context, stream: Hears) -> Sink:
    """Return what takes a stream's bytes and tells the context what they say."""
    return lambda data: tell(context, stream.feed(data))


def tell(context: Context, said: Said) -> None:
    """Tell the context what was said: lines for the log, and what moves the desk."""
    if said.log:
        context.log(said.log)
    for directive in said.directives:
        if directive.permille is not None:
            context.progress(directive.permille)
        if directive.note is not None:
            context.note(directive.note)


def signal_name(number: int) -> str:
    """Return a signal's name such as SIGKILL; of one that has none, its number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


async def _started(
    work: Work, launch: Launch, clock: Clock, folder: str, stdout: Sink, stderr: Sink
) -> Program:
    starting = asyncio.ensure_future(Program.start(launch, clock, stdout, stderr))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # A start takes milliseconds: let it come to its end, then end what it started.
        with suppress(OSError):
            await _end(await starting, work, folder)
        raise


async def _end(program: Program, work: Work, folder: str) -> None:
    await program.end()
    await asyncio.to_thread(marks.end_strays, folder, work.token)
