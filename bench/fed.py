"""Serves the shipped house, and tells its bus what a scheduler would tell: `python -m bench.fed worst|large|quiet|trace|three serve …`.

An office is fed from the moment at which it wakes, in the middle between two ticks; moments are those of its own time.
"""

import asyncio
import resource
import sys
import time
from collections.abc import Callable
from itertools import count

from bench.feed import FEEDS, Feed, moved
from bench.trace import BASE_MS, HZ
from server import app
from server.__main__ import main
from server.bus.contract import Listener
from server.bus.memory import MemoryBus

AHEAD_MAX = 600
"""So many ticks without an input are passed over at once."""


class FedBus(MemoryBus):
    """Feeds every office that somebody listens to."""

    def __init__(self, feed: Feed) -> None:
        super().__init__()
        self._feed = feed
        self._fed: set[str] = set()

    def listen(self, office: str | None, listener: Listener) -> Callable[[], None]:
        """See Bus."""
        stop = super().listen(office, listener)
        if office is not None and office not in self._fed:
            self._fed.add(office)
            loop = asyncio.get_running_loop()
            self._follow(office, loop.time() + 0.5 / HZ, time.time_ns() // 1_000_000 - BASE_MS, 0)
        return stop

    def _follow(self, office: str, from_s: float, by_ms: int, tick: int) -> None:
        """Tell what belongs to a tick when it is there, and wait for the next one at which there is something to tell."""

        def tell() -> None:
            self.publish(office, [moved(new, by_ms) for new in self._feed(tick)])
            following = next(n for n in count(tick + 1) if self._feed(n) or n > tick + AHEAD_MAX)
            self._follow(office, from_s, by_ms, following)

        asyncio.get_running_loop().call_at(from_s + tick / HZ, tell)


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    feed = FEEDS[sys.argv.pop(1)]()
    app.MemoryBus = lambda: FedBus(feed)  # type: ignore[assignment, misc]
    main()
