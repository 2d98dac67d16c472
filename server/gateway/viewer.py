"""One socket's way out: what it is owed of its stream, and how it ends."""

import asyncio
from collections.abc import Callable

from server.clock import Clock
from server.gateway.close import Close, End
from server.gateway.outbox import Flow, Outbox
from server.gateway.protocol import Level
from server.gateway.session import Enter
from server.model import Identity, Role
from server.ticker.messages import Held
from server.ticker.stream import Stream

lag_ms_max = 30_000
"""A viewer that lags for longer is closed."""
hidden_ms = 30_000
"""A hidden viewer gets a keyframe this often, if there is something new in it."""


class Viewer:
    """The ticker's side calls `frame`, `tell`, `renew`; the one writer waits for `wake` and calls `take` and `sent`.

    `below` says how many bytes the layers below still hold; `cut` ends the socket although what was written before
    does not get through.
    """

    def __init__(
        self, *, clock: Clock, outbox_bytes_max: int, below: Callable[[], int], cut: Callable[[End], None]
    ) -> None:
        self.wake = asyncio.Event()
        self.end: End | None = None
        self.identity: Identity | None = None
        self.stream: Stream | None = None
        self._clock = clock
        self._below = below
        self._cut = cut
        self._outbox = Outbox(self._catch_up, outbox_bytes_max)
        self._role = Role.GUEST
        self._level = Level.FULL
        self._held: Held | None = None
        self._greeted_epoch: int | None = None
        self._keyframe_seq = 0
        self._keyframe_ms = 0
        self._late: bytes | None = None

    @property
    def unsent(self) -> int:
        """Bytes kept for this viewer, here and below."""
        return self._outbox.unsent + self._below()

    def enter(self, stream: Stream, enter: Enter) -> None:
        """Follow a stream; hello and the way to it come first."""
        self.stream, self.identity, self._role, self._held = stream, enter.identity, enter.role, enter.held
        self._owe()

    def renew(self, stream: Stream) -> None:
        """Follow the stream of a new epoch."""
        self.stream = stream
        self._owe()

    def frame(self, diff: bytes) -> None:
        """The next diff of its stream."""
        if self._level is Level.FULL:
            self._offer(diff)
        else:
            self._look_in()

    def tell(self, message: bytes) -> None:
        """A message that is no frame; one that finds no room is not kept."""
        self._offer(message)
        self._look_in()

    def count(self, message: bytes) -> None:
        """How many viewers there are; the last such message waits for one that lags."""
        if self._outbox.flow is Flow.LAGGING:
            self._late = message
        else:
            self.tell(message)

    def show(self, level: Level) -> None:
        """Every frame from now on, after a keyframe; or a keyframe now and then."""
        before, self._level = self._level, level
        if level is before or self.stream is None:
            return
        if level is Level.FULL:
            self._owe()
        else:
            self._keyframe_seq, self._keyframe_ms = self.stream.seq, self._clock.monotonic_ms()

    def restart(self, message: bytes) -> None:
        """Say goodbye: what is queued, then this message, then the end."""
        if self.end is None:
            self.end = End(close=Close.RESTARTING)
            self._outbox.shut(message)
            self.wake.set()

    def close(self, end: End) -> None:
        """End now; what is queued is dropped."""
        if self.end is not None:
            return
        self.end = end
        self._outbox.shut()
        if self._outbox.flying or self._below():
            self._cut(end)
        else:
            self.wake.set()

    def cut(self) -> None:
        """End what could not say goodbye in time."""
        self._cut(self.end or End(close=Close.RESTARTING))

    def take(self) -> bytes | None:
        """The next message to write; once there is none and `end` is set, that is to be written."""
        return self._outbox.take()

    def sent(self) -> None:
        """The message taken last was written."""
        self._outbox.sent()

    def _offer(self, message: bytes) -> None:
        now_ms = self._clock.monotonic_ms()
        self._outbox.offer(message, now_ms, self._below())
        if self._outbox.lag_ms(now_ms) >= lag_ms_max:
            self.close(End(close=Close.TOO_SLOW))
        self.wake.set()

    def _owe(self) -> None:
        self._outbox.owe(self._clock.monotonic_ms())
        self.wake.set()

    def _look_in(self) -> None:
        """Checked whenever the stream says anything, which is every 3 s: so a keyframe may be that much late."""
        if self._level is Level.FULL or self.stream is None or self.stream.seq == self._keyframe_seq:
            return
        if self._clock.monotonic_ms() - self._keyframe_ms >= hidden_ms:
            self._owe()

    def _catch_up(self) -> list[bytes]:
        """From what the viewer holds to now, as it is at this moment; a hello first if it was never told this epoch."""
        if self.stream is None:
            raise AssertionError("expected a viewer that follows a stream, got one that does not")
        stream, held, now_ms = self.stream, self._held, self._clock.monotonic_ms()
        messages = [stream.hello(self._role, now_ms)] if self._greeted_epoch != stream.epoch else []
        messages += stream.catch_up(held)
        if self._late is not None:
            messages.append(self._late)
        self._held = self._late = None
        self._greeted_epoch = stream.epoch
        self._keyframe_seq, self._keyframe_ms = stream.seq, now_ms
        return messages
