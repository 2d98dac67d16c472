"""One process from start to end: the folder's lock, the socket, the signals, uvicorn around the house."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Any

import structlog
import uvicorn

from server.accounts.lock import FolderLock
from server.accounts.presence import Presence, write_presence
from server.app import open_house
from server.clock import SystemClock
from server.errors import UnavailableError
from server.gateway.shape import server_options
from server.house import House
from server.lan import LanListener
from server.listening import listen
from server.model import Opened
from server.settings import Mode, Settings
from server.spectators.reach import named
from server.vault.diary import redact_logging
from server.vault.redaction import redact_event

log = structlog.get_logger(__name__)


def serve(settings: Settings, *, on_ready: Callable[[Opened], None]) -> int:
    """Serve until SIGINT or SIGTERM; `on_ready` is told where and with which plan. Returns the exit code.

    The first signal lets what runs end for `drain_ms`, the second one ends it at once.

    Raises:
        AlreadyServedError: another server holds the data folder.
        ConfigurationError: the address cannot be listened at.
    """
    _keep_diary(settings)
    lock = FolderLock(settings.data)
    lock.take()
    try:
        with _listening(settings) as listener, _measured(settings) as measured:
            _carry_out(_serve(settings, listener, measured, on_ready))
    finally:
        lock.release()
    return 0


def _keep_diary(settings: Settings) -> None:
    """One line an event on stderr. In local mode only what the owner should look at."""
    level = "warning" if settings.mode is Mode.LOCAL else "info"
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact_event,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Listen before anything else is opened, so that a port that is taken is told at once."""
    with listen(settings.host, settings.port, "PORT", "`--port 0` takes any that is free") as listener:
        yield listener


@contextmanager
def _measured(settings: Settings) -> Iterator[socket.socket | None]:
    """Listen for who asks for metrics; None where nobody is to."""
    if settings.metrics_port is None:
        yield None
        return
    advice = "without it there are no metrics"
    with listen(settings.metrics_host, settings.metrics_port, "METRICS_PORT", advice) as listener:
        yield listener


def _carry_out(main: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


class _Server(uvicorn.Server):
    """uvicorn without hands on the signals: those are ours, because a stop begins with the queue and not with sockets."""

    def capture_signals(self) -> Any:
        """See uvicorn.Server."""
        return nullcontext()


class _Served:
    """An application at a socket, from now on until `stop`."""

    def __init__(self, app: Any, listener: socket.socket, options: Mapping[str, Any]) -> None:
        self._server = _Server(uvicorn.Config(app, **options))
        redact_logging()  # after what a Config does to it
        self.task = asyncio.create_task(self._server.serve(sockets=[listener]))

    async def stop(self) -> None:
        """Let what is asked be answered, for as long as uvicorn is told to."""
        self._server.should_exit = True
        await self.task


async def _serve(
    settings: Settings,
    listener: socket.socket,
    measured: socket.socket | None,
    on_ready: Callable[[Opened], None],
) -> None:
    port = listener.getsockname()[1]
    url = f"http://{named(settings.host)}:{port}"
    async with open_house(settings, SystemClock(), port=port) as house, _telling(house, measured):
        _tend_garbage()
        options = server_options(message_bytes_max=settings.message_bytes_max, compress=settings.compress)
        options |= {"lifespan": "off", "server_header": False}
        options |= {"forwarded_allow_ips": settings.forwarded_allow_ips}
        served = _Served(house.asgi, listener, options)
        lan = LanListener(settings, lambda socket: _Served(house.lan_asgi, socket, options).stop)
        house.lan = lan.open
        await _reopen(lan, house)
        write_presence(settings.data, Presence(token=house.token, url=url, pid=os.getpid()))
        try:
            plan = await house.scheduler.account(house.owner.office)
            opened = f"{settings.public_url or url}/#token={house.token}"
            on_ready(Opened(url=opened, tier=plan.tier, slots=plan.slots))
            if settings.samples:
                await house.begin_samples()
            await _until_asked_to_stop(house, served.task)
        finally:
            write_presence(settings.data, Presence(token=house.token))
            await served.stop()
            await lan.close()


async def _reopen(lan: LanListener, house: House) -> None:
    """Let the links for the local network that are still good be good. Where that cannot be, the rest goes on."""
    if not await house.lan_wanted():
        return
    try:
        await lan.open()
    except UnavailableError as error:
        log.warning("links for the local network do not work", reason=error.detail)


@asynccontextmanager
async def _telling(house: House, listener: socket.socket | None) -> AsyncIterator[None]:
    """Answer who asks for metrics, from the start to the end of the house."""
    if listener is None:
        yield
        return
    from server.metrics.page import metrics_app, metrics_options  # noqa: PLC0415 - costs time and is seldom wanted

    served = _Served(metrics_app(house.sources()), listener, metrics_options())
    try:
        yield
    finally:
        await served.stop()


def _tend_garbage() -> None:
    """Look for cycles of garbage rarely: thousands of short tasks a second live just long enough to be looked at each time.

    What is here once all is open stays to the end, so it is never looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def _until_asked_to_stop(house: House, serving: asyncio.Task[None]) -> None:
    asked, hurried = asyncio.Event(), asyncio.Event()

    def heard() -> None:
        (hurried if asked.is_set() else asked).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, heard)
    waiting = asyncio.create_task(asked.wait())
    await asyncio.wait({waiting, serving}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    stopping = asyncio.create_task(house.stop(house.settings.drain_ms))
    hurrying = asyncio.create_task(hurried.wait())
    await asyncio.wait({stopping, hurrying}, return_when=asyncio.FIRST_COMPLETED)
    if hurried.is_set():
        await house.hurry()
    hurrying.cancel()
    await stopping
