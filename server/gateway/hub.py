"""Who looks at what: every frame to every viewer of its stream, without waiting for any of them."""

import asyncio
from collections.abc import Callable, Iterator

from server.clock import Clock, Timer
from server.gateway.close import End
from server.gateway.deflate import Following
from server.gateway.figures import Counters, Figures
from server.gateway.framing import framed
from server.gateway.protocol import encode_restart, encode_viewers
from server.gateway.session import Enter
from server.gateway.viewer import Viewer
from server.model import Identity, View
from server.ticker.stream import Stream

count_ms_least = 5_000
"""The number of viewers is told at most this often."""
stopped_together_max = 500
"""So many sockets are ended in one step of the event loop."""
retry_ms_least, retry_ms_spread = 1_000, 4_000
"""Viewers come back this long after a planned stop, and so much more by chance, so that not all come at once."""


class Hub:
    """Satisfies server.ticker.contract.Sink. `chance` gives numbers in [0, 1); `sockets_max` counts silent ones too."""

    def __init__(self, *, clock: Clock, chance: Callable[[], float], sockets_max: int) -> None:
        self._clock = clock
        self._chance = chance
        self._sockets_max = sockets_max
        self._sockets: dict[Viewer, None] = {}
        self._viewers: dict[str, dict[View, Following[Viewer]]] = {}
        self._counts: dict[str, _Count] = {}
        self._empty = asyncio.Event()
        self.counters = Counters()
        self.stopping = False

    def admit(self, viewer: Viewer) -> bool:
        """Take a new socket in; False if there are too many."""
        if len(self._sockets) >= self._sockets_max:
            return False
        self._sockets[viewer] = None
        return True

    def enter(self, viewer: Viewer, stream: Stream, enter: Enter) -> None:
        """Let a viewer follow a stream."""
        views = self._viewers.setdefault(stream.office, {})
        views.setdefault(stream.view, Following()).add(viewer)
        viewer.enter(stream, enter)
        self._count(stream.office)

    def leave(self, viewer: Viewer) -> None:
        """A socket is gone."""
        self._sockets.pop(viewer, None)
        viewer.leave()
        if not self._sockets:
            self._empty.set()
        if viewer.stream is not None:
            office, view = viewer.stream.office, viewer.stream.view
            self._viewers[office][view].remove(viewer)
            self._count(office)

    def count(self, office: str) -> int:
        """How many look at an office, whatever they see of it."""
        return sum(map(len, self._viewers.get(office, {}).values()))

    def deliver(self, stream: Stream, diff: bytes) -> None:
        """See Sink. This is the hot path: what is the same for all viewers is found out once."""
        message, seq, now_ms = framed(diff), stream.seq, self._clock.monotonic_ms()
        following = self._of(stream)
        deflated, missed, written = following.deflate(diff, seq, now_ms), [], 0
        if deflated is not None:
            missed = [one for one in following.in_step if not one.frame(deflated, seq, now_ms)]
            self._wrote(deflated, len(following.in_step) - len(missed))
        for viewer in following.apart:
            if viewer.frame(message, seq, now_ms):
                written += 1
        self._wrote(message, written)
        following.part(missed)

    def tell(self, stream: Stream, message: bytes) -> None:
        """See Sink."""
        message, now_ms, following = framed(message), self._clock.monotonic_ms(), self._of(stream)
        for viewer in following:
            viewer.tell(message, now_ms)
        following.rest(now_ms)

    def renew(self, stream: Stream) -> None:
        """See Sink. After a delivery that failed in its midst as well, when nobody knows who is in step."""
        following = self._of(stream)
        following.part([*following.in_step])
        for viewer in following:
            viewer.renew(stream)

    def close(self, office: str, end: End, whom: Callable[[Identity], bool] = lambda _: True) -> None:
        """End the sockets of an office, or those of whoever `whom` names."""
        for viewer in [*self._all_of(office)]:
            if viewer.identity is not None and whom(viewer.identity):
                viewer.close(end)

    def figures(self) -> Figures:
        """What has been done so far, and who looks now; in all offices."""
        viewers = dict.fromkeys(View, 0)
        for views in self._viewers.values():
            for view, some in views.items():
                viewers[view] += len(some)
        counters = self.counters
        return Figures(
            sockets=len(self._sockets),
            viewers=viewers,
            lagging=counters.lagging,
            messages_total=counters.messages,
            deliveries_total=counters.deliveries,
            bytes_total=counters.bytes,
            lagged_total=counters.lagged,
            resyncs_total=counters.resyncs,
            resumed_total=counters.resumed,
            too_slow_total=counters.too_slow,
        )

    async def stop(self, grace_ms: int) -> None:
        """A planned stop: tell everybody when to come back, close with 1012, and cut off who has not left in time.

        To be awaited before the server itself shuts down: uvicorn closes all sockets first and asks later.
        """
        self.stopping = True
        for count in self._counts.values():
            count.call_off()
        for number, viewer in enumerate([*self._sockets], 1):
            retry_ms = retry_ms_least + int(self._chance() * retry_ms_spread)
            viewer.restart(framed(encode_restart(retry_ms)))
            if number % stopped_together_max == 0:
                await asyncio.sleep(0)
        if self._sockets:
            self._empty.clear()
            timer = self._clock.call_later(grace_ms, self._empty.set)
            await self._empty.wait()
            timer.cancel()
        for viewer in [*self._sockets]:
            viewer.cut()

    def _wrote(self, message: bytes, count: int) -> None:
        self.counters.wrote(message, count)
        self.counters.deliveries += count

    def _of(self, stream: Stream) -> Following[Viewer]:
        return self._viewers.get(stream.office, {}).get(stream.view) or Following()

    def _all_of(self, office: str) -> Iterator[Viewer]:
        for viewers in self._viewers.get(office, {}).values():
            yield from viewers

    def _count(self, office: str) -> None:
        if not self.count(office):
            self._viewers.pop(office, None)
            if office in self._counts:
                self._counts.pop(office).call_off()
        elif not self.stopping:
            if office not in self._counts:
                self._counts[office] = _Count(self._clock, lambda: self._announce(office))
            self._counts[office].changed()

    def _announce(self, office: str) -> None:
        message = framed(encode_viewers(self.count(office)))
        now_ms = self._clock.monotonic_ms()
        for viewer in self._all_of(office):
            viewer.count(message, now_ms)


class _Count:
    """Tells of changes at once, but not twice within `count_ms_least`."""

    def __init__(self, clock: Clock, announce: Callable[[], None]) -> None:
        self._clock = clock
        self._announce = announce
        self._told_ms: int | None = None
        self._timer: Timer | None = None

    def changed(self) -> None:
        """Announce it now, or as soon as that is allowed."""
        if self._timer is not None:
            return
        now_ms = self._clock.monotonic_ms()
        if self._told_ms is None or now_ms - self._told_ms >= count_ms_least:
            self._tell()
        else:
            self._timer = self._clock.call_later(self._told_ms + count_ms_least - now_ms, self._tell)

    def call_off(self) -> None:
        """Announce nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    def _tell(self) -> None:
        self._timer = None
        self._told_ms = self._clock.monotonic_ms()
        self._announce()
