"""A server of this command's own, for the time it needs one: started in its own session, ended when the command ends.

It hangs on a pipe: when this process is gone, however it went, the server reads the pipe's end and stops by itself.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx2
import psutil

from server.accounts.presence import PRESENCE_FILE, read_presence
from server.cli.address import Address, read_local
from server.cli.exits import CommandError
from server.clock import Clock

LOG_FILE = "server.log"
READY_MS_MAX = 30_000
LOOK_MS = 25
END_MS_MAX = 10_000
LEAVES_MS_MAX = 45_000
BOOT_S = 2
"""How far off a process's start may be: it is counted from the machine's, which is known to the second."""
STARTS_MAX = 4
# -P: a file called server.py in the user's folder must not be taken for ours.
SERVE = (
    sys.executable,
    "-P",
    "-m",
    "server",
    "serve",
    "--port",
    "0",
    "--no-samples",
    "--until-eof",
    "--data",
)


class NotStartedError(CommandError):
    """The server did not come up; the message is its own last line."""

    code = "not_started"


async def answers(address: Address) -> bool:
    """Whether a server is ready at the address."""
    async with httpx2.AsyncClient(
        verify=address.certified, trust_env=not address.loopback, timeout=2
    ) as client:
        try:
            return (await client.get(f"{address.url}/readyz")).is_success
        except httpx2.TransportError:
            return False


def holder_of(data: Path) -> psutil.Process | None:
    """The living process that wrote the server's file; None where it is gone, or its number is another's by now."""
    found = read_presence(data)
    if found is None or found.url is None or found.pid is None:
        return None
    try:
        process = psutil.Process(found.pid)
        began_s, wrote_s = process.create_time(), (data / PRESENCE_FILE).stat().st_mtime
    except (psutil.Error, OSError):
        return None
    return process if began_s <= wrote_s + BOOT_S and _lives(process) else None


async def comes_back(address: Address, holder: psutil.Process, clock: Clock) -> bool:
    """Whether a server that lives and is not ready gets ready; False once it is gone, or after LEAVES_MS_MAX.

    One that was told to stop gives what runs half a minute to end, and nobody else may have its folder before that.
    """
    give_up_ms = clock.monotonic_ms() + LEAVES_MS_MAX
    while _lives(holder) and clock.monotonic_ms() < give_up_ms:
        await clock.sleep(LOOK_MS * 10)
        if await answers(address):
            return True
    return False


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@asynccontextmanager
async def own_server(data: Path, clock: Clock) -> AsyncIterator[Address]:
    """Start a server on a free port with this data folder, give its address, and end it afterwards.

    Should it die on the way it is started again: what was handed in is in its store.

    Raises:
        NotStartedError: it ended before it was ready, or was not ready in time.
    """
    server = LocalServer(data, clock)
    watching: asyncio.Task[None] | None = None
    end_ms = END_MS_MAX
    try:
        address = await server.start()
        watching = asyncio.create_task(server.keep())
        yield address
    except asyncio.CancelledError:
        end_ms = 0  # somebody is in a hurry; the server ends by itself
        raise
    finally:
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        await server.end(end_ms)


class LocalServer:
    """One `tendesks serve` as a child process."""

    def __init__(self, data: Path, clock: Clock, command: Sequence[str] = SERVE) -> None:
        self._command = command
        self._data = data.absolute()
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> Address:
        """Start it and return once it is ready."""
        self._process = self._begin()
        return await self._ready(self._process)

    def _begin(self) -> subprocess.Popen[bytes]:
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._data / LOG_FILE).open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
                [*self._command, str(self._data)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._data,
                start_new_session=True,
            )

    async def keep(self) -> None:
        """Start it again when it dies, a few times; cancelled when it is no longer needed."""
        for _ in range(STARTS_MAX - 1):
            await self.keep_once()

    async def keep_once(self) -> None:
        """Wait until it is dead, and start it again."""
        while self._process is not None and self._process.poll() is None:
            await self._clock.sleep(LOOK_MS * 10)
        await self.end(0)
        with suppress(NotStartedError):
            await self.start()

    async def end(self, within_ms: int) -> None:
        """Ask it to stop and wait a little; whatever it still has to put in order, it does without us."""
        if self._process is None or self._process.stdin is None:
            return
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        give_up_ms = self._clock.monotonic_ms() + within_ms
        while self._process.poll() is None and self._clock.monotonic_ms() < give_up_ms:
            await self._clock.sleep(LOOK_MS)

    async def _ready(self, process: subprocess.Popen[bytes]) -> Address:
        give_up_ms = self._clock.monotonic_ms() + READY_MS_MAX
        while process.poll() is None and self._clock.monotonic_ms() < give_up_ms:
            address = self._written_by(process.pid)
            if address is not None and await answers(address):
                return address
            await self._clock.sleep(LOOK_MS)
        ended = process.poll() is not None
        process.kill()
        process.wait()
        await self.end(0)
        raise NotStartedError(
            self._last_words() if ended else f"the server was not ready within {READY_MS_MAX // 1000} s"
        )

    def _written_by(self, pid: int) -> Address | None:
        """The address in the data folder, if this very process wrote it."""
        found = read_presence(self._data)
        return read_local(self._data) if found is not None and found.pid == pid else None

    def _last_words(self) -> str:
        lines = (self._data / LOG_FILE).read_text(errors="replace").strip().splitlines()
        said = lines[-1].removeprefix("tendesks: ") if lines else "it said nothing"
        return f"no server could be started: {said}"
