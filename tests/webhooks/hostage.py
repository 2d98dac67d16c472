"""A hosted server's way out, bent to a receiver on loopback: the guard stays, its list of what is public is the test's."""

from collections.abc import Callable, Iterable
from typing import Any

import httpcore2

from server.kinds.pinned import PinnedBackend
from tests.fakes.receiver import Receiver


class Bent(PinnedBackend):
    """Every host is the receiver, whatever the port; TLS is left out, which its own test looks at."""

    def __init__(self, receiver: Receiver) -> None:
        async def found(_host: str, _port: int) -> list[str]:
            return ["127.0.0.1"]

        super().__init__(found, lambda address: address == "127.0.0.1")
        self._receiver = receiver

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None, socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:  # fmt: skip
        stream = await super().connect_tcp(host, self._receiver.port, timeout, local_address, socket_options)
        return Plain(stream)


class Plain(httpcore2.AsyncNetworkStream):
    """A connection that says it speaks TLS, and does not."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(self, *_args: Any, **_options: Any) -> httpcore2.AsyncNetworkStream:
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def to_loopback(receiver: Receiver) -> Callable[[], httpcore2.AsyncNetworkBackend]:
    return lambda: Bent(receiver)
