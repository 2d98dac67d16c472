"""One process from start to end: the folder's lock, the socket, the signals, uvicorn around the house."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Any

import structlog
import uvicorn

from server.accounts.lock import FolderLock
from server.accounts.presence import Presence, write_presence
from server.app import House, open_house
from server.clock import SystemClock
from server.errors import ConfigurationError
from server.gateway.shape import server_options
from server.model import Opened
from server.settings import Mode, Settings
from server.spectators.reach import named

BACKLOG = 2_048


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
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Listen before anything else is opened, so that a port that is taken is told at once."""
    with _listen(settings.host, settings.port, "PORT", "`--port 0` takes any that is free") as listener:
        yield listener


@contextmanager
def _measured(settings: Settings) -> Iterator[socket.socket | None]:
    """Listen for who asks for metrics; None where nobody is to."""
    if settings.metrics_port is None:
        yield None
        return
    advice = "without it there are no metrics"
    with _listen(settings.metrics_host, settings.metrics_port, "METRICS_PORT", advice) as listener:
        yield listener


@contextmanager
def _listen(host: str, port: int, setting: str, advice: str) -> Iterator[socket.socket]:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigurationError(
            f"TENDESKS_{setting}: expected a free port at {host}, got {port} ({error.strerror}); {advice}"
        ) from error
    # Connections inherit it. asyncio sets it too, but not on sockets that were made without naming TCP, as these are:
    # every answer in two parts would wait 40 ms for the client's kernel to acknowledge the first one.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        yield listener
    finally:
        listener.close()


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
        config = uvicorn.Config(
            house.asgi,
            lifespan="off",
            server_header=False,
            forwarded_allow_ips=settings.forwarded_allow_ips,
            **options,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        write_presence(settings.data, Presence(token=house.token, url=url, pid=os.getpid()))
        try:
            plan = await house.scheduler.account(house.owner.office)
            opened = f"{settings.public_url or url}/#token={house.token}"
            on_ready(Opened(url=opened, tier=plan.tier, slots=plan.slots))
            if settings.samples:
                await house.begin_samples()
            await _until_asked_to_stop(house, serving)
        finally:
            write_presence(settings.data, Presence(token=house.token))
            server.should_exit = True
            await serving


@asynccontextmanager
async def _telling(house: House, listener: socket.socket | None) -> AsyncIterator[None]:
    """Answer who asks for metrics, from the start to the end of the house."""
    if listener is None:
        yield
        return
    from server.metrics.page import metrics_app, metrics_options  # noqa: PLC0415 - costs time and is seldom wanted

    server = _Server(uvicorn.Config(metrics_app(house.sources()), **metrics_options()))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


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
