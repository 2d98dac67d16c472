"""A socket that listens, made so that what is wrong with its address is told in one line."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from server.errors import ConfigurationError

BACKLOG = 2_048


@contextmanager
def listen(host: str, port: int, setting: str, advice: str) -> Iterator[socket.socket]:
    """Listen at an address until the end of the block; `port` 0 takes any that is free.

    Raises:
        ConfigurationError: it cannot be listened at; the message names the setting.
    """
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
