"""The pump around a replica: connects to the live socket, reads, acknowledges, and connects again when it is lost."""

import asyncio
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from server.cli.api import Api
from server.cli.replica import GapError, Replica
from server.clock import Clock

SUBPROTOCOL = Subprotocol("tendesks.v1")
ACK_MS = 5_000
STALE_MS = 8_000
AGAIN_MS = 500
AGAIN_MS_MAX = 5_000
OPEN_S = 5
MESSAGE_BYTES_MAX = 1024 * 1024


class Live:
    """The office as it is now, from the socket. `keep` does the work; run it as a task and cancel it at the end."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._replica = Replica()
        self._heard_ms: int | None = None
        self.changed = asyncio.Event()

    @property
    def state(self) -> dict[str, Any] | None:
        """The office's state; None while nothing fresh is known, so that nobody shows what is not so."""
        age_ms = self.age_ms
        return self._replica.state if age_ms is not None and age_ms <= STALE_MS else None

    @property
    def age_ms(self) -> int | None:
        """How long ago the server was heard; None when there is no connection."""
        return None if self._heard_ms is None else self._clock.monotonic_ms() - self._heard_ms

    def now_ms(self) -> int:
        """What the server's clock says."""
        return self._clock.now_ms() + self._replica.ahead_ms

    async def keep(self) -> None:
        """Follow the office for ever. Never raises for what a network or a server can do."""
        wait_ms = AGAIN_MS
        while True:
            before = self._heard_ms
            with suppress(OSError, TimeoutError, WebSocketException):
                await self._follow()
            wait_ms = AGAIN_MS if self._heard_ms != before else min(wait_ms * 2, AGAIN_MS_MAX)
            self._heard_ms = None
            self.changed.set()
            await self._clock.sleep(wait_ms)
            self._api.look_again()

    async def _follow(self) -> None:
        address = self._api.address
        async with connect(
            address.live,
            subprotocols=[SUBPROTOCOL],
            open_timeout=OPEN_S,
            close_timeout=1,
            max_size=MESSAGE_BYTES_MAX,
            compression=None,
            proxy=None if address.loopback else True,
        ) as socket:
            await socket.send(self._replica.hello(address.token), text=True)
            await self._read(socket)

    async def _read(self, socket: ClientConnection) -> None:
        acked_ms = self._clock.monotonic_ms()
        async for message in socket:
            now_ms = self._clock.monotonic_ms()
            try:
                moved = self._replica.receive(message, self._clock.now_ms())
            except GapError:
                self._replica.forget()
                return
            self._heard_ms = now_ms
            if moved:
                self.changed.set()
            if now_ms - acked_ms >= ACK_MS:
                acked_ms = now_ms
                await socket.send(self._replica.ack(), text=True)
