"""One socket's way out: what it is owed of its stream, and how it ends."""

import structlog

from server.clock import Clock
from server.gateway.acks import Acks
from server.gateway.close import Close, End
from server.gateway.figures import Counters
from server.gateway.framing import framed
from server.gateway.line import Line, nothing
from server.gateway.outbox import Flow, Outbox
from server.gateway.protocol import Level
from server.gateway.session import Enter
from server.model import Identity, Role
from server.ticker.messages import Held
from server.ticker.stream import Stream

log = structlog.get_logger(__name__)

FLOWING, FULL = Flow.FLOWING, Level.FULL
lag_ms_max = 30_000
"""A viewer that lags for longer is closed."""
RESUMED = b'{"type":"resumed"'
hidden_ms = 30_000
"""A hidden viewer gets a keyframe this often, if there is something new in it."""


class Viewer:
    """Messages come framed. While its line is clear and it lags in nothing, what comes is written in the same step.

    Else it waits in the outbox, or is made up for by a keyframe, until the line is clear and the viewer has
    acknowledged enough. A clear line and a flowing outbox together mean that nothing is queued.
    """

    __slots__ = (
        "_acks",
        "_clock",
        "_counters",
        "_greeted_epoch",
        "_held",
        "_keyframe_ms",
        "_keyframe_seq",
        "_late",
        "_level",
        "_line",
        "_outbox",
        "_role",
        "_slow",
        "end",
        "identity",
        "stream",
    )  # fmt: skip

    def __init__(self, *, clock: Clock, line: Line, counters: Counters, outbox_bytes_max: int) -> None:
        self.end: End | None = None
        self.identity: Identity | None = None
        self.stream: Stream | None = None
        self._clock = clock
        self._line = line
        self._counters = counters
        self._acks = Acks()
        self._outbox = Outbox(self._catch_up, outbox_bytes_max)
        self._role = Role.GUEST
        self._level = Level.FULL
        self._held: Held | None = None
        self._greeted_epoch: int | None = None
        self._keyframe_seq = 0
        self._keyframe_ms = 0
        self._late: bytes | None = None
        self._slow = False
        line.ready = self._go_on

    @property
    def unsent(self) -> int:
        """Bytes kept for this viewer, here and below."""
        return self._outbox.unsent + self._line.unsent()

    def enter(self, stream: Stream, enter: Enter) -> None:
        """Follow a stream; hello and the way to it come first."""
        self.stream, self.identity, self._role, self._held = stream, enter.identity, enter.role, enter.held
        self._owe()

    def leave(self) -> None:
        """The socket is gone."""
        self._line.ready = nothing
        self._caught_up()

    def renew(self, stream: Stream) -> None:
        """Follow the stream of a new epoch."""
        self.stream = stream
        self._owe()

    @property
    def deflates(self) -> bool:
        """Whether its line takes deflated messages."""
        return self._line.deflates

    def flows(self, seq: int) -> bool:
        """Whether `frame` would write the diff with this number at once."""
        clear = self._line.clear and self._outbox.flow is FLOWING
        return clear and self._level is FULL and seq <= self._acks.seq_max

    def frame(self, message: bytes, seq: int, now_ms: int) -> bool:
        """The next diff of its stream, which is at `seq`; whether it was written at once."""
        line = self._line
        if line.clear and self._outbox.flow is FLOWING and self._level is FULL and seq <= self._acks.seq_max:
            line.write(message)
            return True
        if self._level is not FULL:
            self._look_in(now_ms)
        elif line.clear and self._outbox.flow is FLOWING:
            self._acks.fall_behind(seq - 1)
            self._outbox.owe(now_ms)
            self._fell_behind()
        else:
            self._offer(message, now_ms)
        return False

    def tell(self, message: bytes, now_ms: int) -> None:
        """A message that is no frame; one that finds no room is not kept."""
        self._offer(message, now_ms)
        self._look_in(now_ms)

    def count(self, message: bytes, now_ms: int) -> None:
        """How many viewers there are; the last such message waits for one that lags."""
        if self._outbox.flow is Flow.LAGGING:
            self._late = message
        else:
            self.tell(message, now_ms)

    def show(self, level: Level) -> None:
        """Every frame from now on, after a keyframe; or a keyframe now and then."""
        before, self._level = self._level, level
        if level is before or self.stream is None:
            return
        # A hidden page is slowed down by its browser, and gets next to nothing: its acks mean nothing either.
        self._acks.begin(self.stream.seq)
        if level is FULL:
            self._owe()
        else:
            self._keyframe_seq, self._keyframe_ms = self.stream.seq, self._clock.monotonic_ms()
            self._go_on()

    def ack(self, seq: int) -> None:
        """It has applied all up to `seq`."""
        if self.stream is None:
            return
        behind = self._acks.behind
        self._acks.ack(seq, self.stream.seq)
        if behind:
            self._go_on()

    def restart(self, message: bytes) -> None:
        """Say goodbye: what is queued, then this message, then the end."""
        if self.end is None:
            self.end = End(close=Close.RESTARTING)
            self._outbox.shut(message)
            self._go_on()

    def close(self, end: End) -> None:
        """End now; what is queued is dropped."""
        if self.end is None:
            self.end = end
            self._outbox.shut()
            self._line.hang_up(end)

    def cut(self) -> None:
        """End what could not say goodbye in time."""
        self._line.hang_up(self.end or End(close=Close.RESTARTING))

    def _offer(self, message: bytes, now_ms: int) -> None:
        outbox = self._outbox
        flowed = outbox.flow is FLOWING
        if not outbox.offer(message, now_ms, self._line.unsent()) and flowed:
            self._fell_behind()
        if outbox.lag_ms(now_ms) >= lag_ms_max:
            self._counters.too_slow += 1
            self.close(End(close=Close.TOO_SLOW))
        else:
            self._go_on()

    def _owe(self) -> None:
        self._outbox.owe(self._clock.monotonic_ms())
        self._go_on()

    def _look_in(self, now_ms: int) -> None:
        """Checked whenever the stream says anything, which is every 3 s: so a keyframe may be that much late."""
        if self._level is FULL or self.stream is None or self.stream.seq == self._keyframe_seq:
            return
        if now_ms - self._keyframe_ms >= hidden_ms:
            self._owe()

    def _go_on(self) -> None:
        """Write what is due, if the line is clear. A defect in it ends this viewer, and no other."""
        if not self._line.clear:
            return
        try:
            self._write_due()
        except Exception:
            log.exception("a viewer could not be written to")
            self.close(End(close=Close.INTERNAL))

    def _write_due(self) -> None:
        if self._acks.behind and self._outbox.flow is Flow.LAGGING:
            return
        messages = self._outbox.take()
        if messages:
            self._line.write_all(messages)
            for message in messages:
                self._counters.wrote(message)
        if self.end is not None and self._line.clear:
            self._line.hang_up(self.end)

    def _catch_up(self) -> list[bytes]:
        """From what the viewer holds to now, as it is at this moment; a hello first if it was never told this epoch."""
        if self.stream is None:
            raise AssertionError("expected a viewer that follows a stream, got one that does not")
        stream, held, now_ms = self.stream, self._held, self._clock.monotonic_ms()
        way = stream.catch_up(held)
        self._note(resumed=way[0].startswith(RESUMED), held=held is not None)
        messages = [framed(message) for message in way]
        if self._greeted_epoch != stream.epoch:
            messages.insert(0, framed(stream.hello(self._role, now_ms)))
        if self._late is not None:
            messages.append(self._late)
        self._held = self._late = None
        self._greeted_epoch = stream.epoch
        self._keyframe_seq, self._keyframe_ms = stream.seq, now_ms
        self._acks.begin(stream.seq)
        self._caught_up()
        return messages

    def _note(self, *, resumed: bool, held: bool) -> None:
        if resumed:
            self._counters.resumed += 1
        elif held or self._slow:
            self._counters.resyncs += 1

    def _fell_behind(self) -> None:
        self._slow = True
        self._counters.lagged += 1
        self._counters.lagging += 1

    def _caught_up(self) -> None:
        if self._slow:
            self._slow = False
            self._counters.lagging -= 1
