"""Pictures for the server, painted by a process of its own: kept warm, started again when it dies, ended when nobody asks.

One picture is painted at a time. Nothing of what paints is imported here.
"""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, NamedTuple

import structlog

from server.clock import Clock, Timer
from server.errors import InvalidInputError, TooManyError, UnavailableError
from server.preview.order import FAILED, LENGTH, PAINTED, Order, picture_bytes_max, written

orders_max = 16
"""How many pictures are asked for at once, the one that is painted among them."""
picture_ms_max = 120_000
"""How long one picture may take, the start of the process included; then the process is ended."""
idle_ms_max = 300_000
"""A process that nobody asked for so long is ended."""
_log = structlog.get_logger("preview")
_PROGRAM = (sys.executable, "-P", "-m", "server.preview.easel")


class _Said(NamedTuple):
    mark: bytes
    body: bytes


class _GoneError(UnavailableError):
    """The process ended while it was asked."""


class Studio:
    """Takes orders and gives pictures. Every method is for the event loop's thread."""

    def __init__(self, clock: Clock, program: tuple[str, ...] = _PROGRAM) -> None:
        self._clock = clock
        self._program = program
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._orders = 0
        self._idle: Timer | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def warm(self) -> bool:
        """Whether the process is there, so that a picture takes a second and not several."""
        return self._process is not None and self._process.returncode is None

    async def paint(self, order: Order) -> bytes:
        """The picture of an order, as PNG.

        Raises:
            InvalidInputError: the order is not right; `detail` says what was expected.
            TooManyError: `orders_max` are waited for already.
            UnavailableError: it could not be painted, or not in `picture_ms_max`.
        """
        text = written(order)
        if self._orders >= orders_max:
            raise TooManyError(
                f"orders_max: expected at most {orders_max} pictures at once, got one more",
                limit="orders_max",
            )
        self._orders += 1
        try:
            async with self._turn:
                return await self._painted(text)
        finally:
            self._orders -= 1

    async def stop(self) -> None:
        """End the process; whoever waits for a picture gets none."""
        self._call_off()
        await self._end()
        for closing in list(self._closing):
            await closing

    async def _painted(self, text: bytes) -> bytes:
        self._call_off()
        warm = self._process is not None
        try:
            said = await self._said(text)
        except _GoneError:
            if not warm:
                raise
            said = await self._said(text)  # it may have died since the last picture, of nothing in this one
        self._idle = self._clock.call_later(idle_ms_max, self._rest)
        if said.mark == PAINTED:
            return said.body
        sentence = said.body.decode("utf-8", "replace")
        if said.mark == FAILED:
            _log.warning("picture failed", why=sentence)
            raise UnavailableError("the picture could not be painted")
        raise InvalidInputError(sentence)

    async def _said(self, text: bytes) -> _Said:
        try:
            return await self._within(self._asked(text))
        except BaseException:
            # Half a conversation cannot be gone on with, whether it was called off or broke.
            await self._end()
            raise

    async def _within(self, asked: Coroutine[Any, Any, _Said]) -> _Said:
        """What is said, if it is in time by our clock."""
        asking = asyncio.ensure_future(asked)

        def late() -> None:
            asking.cancel()

        timer = self._clock.call_later(picture_ms_max, late)
        try:
            return await asking
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                asking.cancel()
                raise
            raise UnavailableError(
                f"picture_ms_max: expected a picture within {picture_ms_max} ms, got none"
            ) from None
        finally:
            timer.cancel()

    async def _asked(self, text: bytes) -> _Said:
        process = await self._ready()
        if process.stdin is None or process.stdout is None:
            raise UnavailableError("the painter cannot be asked")
        try:
            process.stdin.write(LENGTH.pack(len(text)) + text)
            await process.stdin.drain()
            (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
            if not 1 <= length <= picture_bytes_max:
                raise UnavailableError(
                    f"picture_bytes_max: expected a picture of up to {picture_bytes_max} bytes, got {length}"
                )
            answer = await process.stdout.readexactly(length)
        except (OSError, asyncio.IncompleteReadError) as error:
            _log.warning("painter ended", code=process.returncode)
            raise _GoneError("the painter ended before the picture was done") from error
        return _Said(answer[:1], answer[1:])

    async def _ready(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *self._program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment(), limit=2**20
                )
            except OSError as error:
                raise UnavailableError("the painter could not be started") from error
        return self._process

    def _rest(self) -> None:
        self._idle = None
        closing = asyncio.ensure_future(self._end_unasked())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _end_unasked(self) -> None:
        async with self._turn:
            if self._idle is None:
                await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def _call_off(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None


def _environment() -> dict[str, str]:
    """What the process is told of ours: nothing but where programs and libraries are. No setting of ours, no secret."""
    kept = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")
    given = {name: os.environ[name] for name in kept if name in os.environ}
    return given | {"OPENBLAS_NUM_THREADS": "1", "SDL_VIDEODRIVER": "dummy", "PYTHONHASHSEED": "0"}
