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

from server.accounts.presence import read_presence
from server.cli.address import Address, read_local
from server.cli.exits import CommandError
from server.clock import Clock

LOG_FILE = "server.log"
READY_MS_MAX = 30_000
LOOK_MS = 25
END_MS_MAX = 10_000
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
    async with httpx2.AsyncClient(trust_env=not address.loopback, timeout=2) as client:
        try:
            return (await client.get(f"{address.url}/readyz")).is_success
        except httpx2.TransportError:
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
