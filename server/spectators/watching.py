"""Who looks at something that has no live socket, a replay or results, and hears at once when its link ends.

They ask to be told of the end and are answered after a while that there was none; then they ask again. As long as a
question waits, somebody is there: so they are counted as those at sockets are, and a link that ends answers them all.
"""

import asyncio
from collections.abc import Awaitable, Callable

from server.clock import Clock
from server.errors import LinkEndedError, TooManyError, UnavailableError
from server.model import Link
from server.spectators.audience import Audience


class Watching:
    """All questions that wait, of one process."""

    def __init__(self, audience: Audience, clock: Clock) -> None:
        self._audience = audience
        self._clock = clock
        self._waiting: set[asyncio.Future[None]] = set()
        self._open = True

    async def until_end(self, link: Link, wait_ms: int, left: Callable[[], Awaitable[None]]) -> None:
        """Return when so long nothing happened, or whoever asked has `left` (what returns then).

        Raises:
            LinkEndedError: the link has ended.
            TooManyError: as many look at it already as may.
            UnavailableError: the server is about to stop; ask again.
        """
        loop = asyncio.get_running_loop()
        ended, over = loop.create_future(), loop.create_future()
        seat = self._audience.enter(link, lambda: _settle(ended))
        if seat is None:
            raise TooManyError(
                f"viewers_max: expected at most {link.viewers_max} viewers of this link at once; come back later"
            )
        timer = self._clock.call_later(wait_ms, lambda: _settle(over))
        leaving = asyncio.ensure_future(left())
        self._waiting.add(over)
        try:
            if self._open and wait_ms > 0:
                await asyncio.wait({ended, over, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            leaving.cancel()
            self._waiting.discard(over)
            self._audience.leave(seat)
        if ended.done():
            raise LinkEndedError
        if not self._open:
            raise UnavailableError("the server is about to stop: ask again in a moment")

    def stop(self) -> None:
        """Answer all who wait, and let nobody wait any more."""
        self._open = False
        for over in self._waiting:
            _settle(over)


def _settle(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
