"""The room where Parquet files are made: rows in, a whole file out, written by a process of its own.

The library for it lets no other thread of Python go on while it writes, and is no Python itself: it is imported by that
process alone. A file is handed over when it is whole and its length is known, so nothing that breaks on the way can look like one.
"""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

import orjson
import structlog

from server.clock import Clock
from server.errors import TooManyError, UnavailableError

log = structlog.get_logger(__name__)

tables_running_max = 1
"""How many are written at once: each takes a core."""
tables_waiting_max = 8
"""How many are asked for at once, of all accounts together, the one that is written among them."""
table_ms_max = 300_000
"""How long the writing of one may take."""
said_bytes_max = 4 * 1024
"""How much of what its process says on stderr is kept for the log."""
PROGRAM = (sys.executable, "-P", "-m", "server.sheets.parquet_child")
PASSED = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")
"""What of the server's environment the process gets: where programs and libraries are, and no secret."""


FAILED = "the Parquet file could not be written"


class Tables:
    """Takes rows and gives files. Every method is for the event loop's thread."""

    def __init__(self, *, clock: Clock, folder: Path, program: Sequence[str] = PROGRAM) -> None:
        self._clock = clock
        self._folder = folder
        self._program = program
        self._turns = asyncio.Semaphore(tables_running_max)
        self._asked = 0

    async def parquet(self, told: Mapping[str, str], lines: AsyncIterator[bytes]) -> IO[bytes]:
        """A Parquet file without a name, at its start; whoever is given it closes it.

        `told` is what its metadata say; `lines` are rows, each as `[title, state, attempts, reason]`, message, input and result in
        a JSON array and a line of its own.

        Raises:
            TooManyError: `tables_waiting_max` are asked for already.
            UnavailableError: it could not be written, or not in `table_ms_max`.
        """
        if self._asked >= tables_waiting_max:
            raise TooManyError(
                f"tables_waiting_max: expected at most {tables_waiting_max} Parquet files at once, got one more",
                limit="tables_waiting_max",
            )
        self._asked += 1
        try:
            return await self._made(told, lines)
        finally:
            self._asked -= 1

    async def _made(self, told: Mapping[str, str], lines: AsyncIterator[bytes]) -> IO[bytes]:
        with self._file() as rows, ExitStack() as undone:
            await asyncio.to_thread(rows.write, orjson.dumps(told) + b"\n")
            async for some in lines:
                await asyncio.to_thread(rows.write, some)
            rows.seek(0)
            file = undone.enter_context(self._file())
            async with self._turns:
                await self._written(rows, file)
            file.seek(0)
            undone.pop_all()
            return file

    def _file(self) -> IO[bytes]:
        """A file without a name, gone when it is closed, whatever happens to this process."""
        return tempfile.TemporaryFile(dir=self._folder, prefix="table-", buffering=0)

    async def _written(self, rows: IO[bytes], file: IO[bytes]) -> None:
        """Have a process read the one file and write the other."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._program, stdin=rows, stdout=file, stderr=PIPE, env=_environment()
            )
        except OSError as error:
            raise UnavailableError(FAILED) from error
        limit = _Limit(process)
        timer = self._clock.call_later(table_ms_max, limit.reached)
        try:
            said = await _heard(process)
        finally:
            timer.cancel()
            _kill(process)
            await process.wait()
        if limit.over:
            raise UnavailableError(
                f"table_ms_max: the Parquet file took longer than {table_ms_max // 60_000} minutes"
            )
        if process.returncode != 0:
            log.error("table.died", code=process.returncode, said=said.decode("utf-8", "replace"))
            raise UnavailableError(FAILED)


class _Limit:
    """Ends a process that takes too long, and knows that it did."""

    def __init__(self, process: Process) -> None:
        self.over = False
        self._process = process

    def reached(self) -> None:
        self.over = True
        _kill(self._process)


async def _heard(process: Process) -> bytes:
    """The end of what it says on stderr, once it has ended."""
    said = b""
    while process.stderr is not None and (more := await process.stderr.read(said_bytes_max)):
        said = (said + more)[-said_bytes_max:]
    await process.wait()
    return said


def _kill(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED if name in os.environ}
