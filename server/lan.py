"""The second listener of local mode: the local network finds what guests may use there, and nothing else.

It is opened when the first link needs it, and at a start if such a link is still good. Its port stays the same, so that
links do: it is kept in the data folder.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import TypeAlias

import psutil
import structlog

from server.errors import ConfigurationError, UnavailableError
from server.listening import listen
from server.settings import Settings
from server.spectators.reach import ANYWHERE, Place, named, reach_of

log = structlog.get_logger(__name__)

PORT_FILE = "lan-port"
ADVICE = "links for the local network need it; 0 takes any that is free"
FAR_AWAY = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737), to ask the machine by which of its own it would go there. Nothing is sent."""

Stop: TypeAlias = Callable[[], Awaitable[None]]
Serve: TypeAlias = Callable[[socket.socket], Stop]
"""Begins to serve the guests' application at a socket, and returns the way to stop it."""


class LanListener:
    """Opens once, however often it is asked to."""

    def __init__(self, settings: Settings, serve: Serve) -> None:
        self._settings = settings
        self._serve = serve
        self._stop: Stop | None = None
        self._open = ExitStack()
        self._port = 0
        self._opening = asyncio.Lock()

    async def open(self) -> Place:
        """Open it, if it is not open, and say where it is found.

        Raises:
            UnavailableError: this machine is in no local network, or the port is taken.
        """
        async with self._opening:
            host = self._host()
            if self._stop is None:
                try:
                    listener = self._listen()
                except ConfigurationError as error:
                    raise UnavailableError(error.detail) from error
                self._port = listener.getsockname()[1]
                _keep_port(self._settings.data, self._port)
                self._stop = self._serve(listener)
        return Place(base=f"http://{named(host)}:{self._port}", reach=reach_of(host))

    async def close(self) -> None:
        """Close it; harmless when it is not open."""
        if self._stop is not None:
            await self._stop()
            self._stop = None
        self._open.close()

    def _host(self) -> str:
        """By which address of this machine others find it."""
        host = self._settings.lan_host
        found = own_address(_addresses()) if host in ANYWHERE else host
        if found is None:
            raise UnavailableError(
                "lan: expected this machine to be in a local network, got none; LAN_HOST names an address of it"
            )
        return found

    def _listen(self) -> socket.socket:
        settings, kept = self._settings, _kept_port(self._settings.data)
        if settings.lan_port == 0 and kept is not None:
            try:
                return self._open.enter_context(listen(settings.lan_host, kept, "LAN_PORT", ADVICE))
            except ConfigurationError as error:
                log.warning("links for the local network move to another port", reason=error.detail)
        return self._open.enter_context(listen(settings.lan_host, settings.lan_port, "LAN_PORT", ADVICE))


def own_address(addresses: Iterable[str]) -> str | None:
    """The address by which this machine goes out, else the first private one of `addresses`; None: it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(FAR_AWAY)
            own = str(probe.getsockname()[0])
        except OSError:
            own = ""
    return next((each for each in (own, *addresses) if _is_of_a_network(each)), None)


def _addresses() -> list[str]:
    every = (each for some in psutil.net_if_addrs().values() for each in some)
    return [each.address for each in every if each.family is socket.AF_INET]


def _is_of_a_network(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return isinstance(address, IPv4Address) and not (address.is_loopback or address.is_unspecified)


def _kept_port(folder: Path) -> int | None:
    try:
        port = int((folder / PORT_FILE).read_text("ascii"))
    except (OSError, ValueError):
        return None
    return port if 0 < port < 65_536 else None


def _keep_port(folder: Path, port: int) -> None:
    if _kept_port(folder) != port:
        (folder / PORT_FILE).write_text(f"{port}\n", "ascii")
