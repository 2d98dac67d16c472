"""A request's body: counted, hashed and timed while it is read; what is left of it is read away before an answer."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from server.clock import Clock
from server.errors import LimitExceededError
from server.routes.refusals import TooSlowError

BODY_BYTES_MAX = 1024 * 1024
UPLOAD_IDLE_MS_MAX = 30_000


class Upload:
    """Reads a body once. `digest` is that of what was read; a body of JSON and a list of 200 MB go the same way."""

    def __init__(self, request: Request, clock: Clock, *, bytes_max: int, limit: str) -> None:
        self._request = request
        self._clock = clock
        self._bytes_max = bytes_max
        self._limit = limit
        self._hash = hashlib.sha256()
        self._count = 0
        self._ended = False

    @property
    def digest(self) -> bytes:
        """SHA-256 of all that was read so far."""
        return self._hash.digest()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes.

        Raises:
            LimitExceededError: it is larger than it may be.
            TooSlowError: nothing came for 30 s.
            ClientDisconnect: whoever sent it has gone.
        """
        self._check(int(self._request.headers.get("content-length", "0")))
        async for chunk in self._messages():
            self._count += len(chunk)
            self._check(self._count)
            self._hash.update(chunk)
            yield chunk

    async def whole(self) -> bytes:
        """Return the body in one piece."""
        return b"".join([chunk async for chunk in self.chunks()])

    async def drain(self) -> None:
        """Read the rest away, up to the limit, so that the sender comes to read the answer.

        A connection that is closed with bytes unread is reset, and takes the answer with it.
        """
        with suppress(TooSlowError, ClientDisconnect):
            async for chunk in self._messages():
                self._count += len(chunk)
                if self._count > self._bytes_max:
                    return

    async def _messages(self) -> AsyncIterator[bytes]:
        while not self._ended:
            message = await self._next()
            if message["type"] == "http.disconnect":
                self._ended = True
                raise ClientDisconnect
            self._ended = not message.get("more_body", False)
            yield message.get("body", b"")

    async def _next(self) -> Message:
        receiving = asyncio.ensure_future(self._request.receive())
        late = False

        def expire() -> None:
            nonlocal late
            late = True
            receiving.cancel()

        timer = self._clock.call_later(UPLOAD_IDLE_MS_MAX, expire)
        try:
            return await receiving
        except asyncio.CancelledError:
            if not late:
                raise
            self._ended = True
            raise TooSlowError(
                f"upload_idle_ms_max: expected more of the body within {UPLOAD_IDLE_MS_MAX // 1000} s, got nothing"
            ) from None
        finally:
            timer.cancel()

    def _check(self, count: int) -> None:
        if count > self._bytes_max:
            raise LimitExceededError(
                f"{self._limit}: expected a body of up to {self._bytes_max:,} bytes, got more",
                limit=self._limit,
            )
