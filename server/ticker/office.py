"""One awake office: who looks at which of its streams, what waits for its next tick, and when it is due again."""

from server.model import View
from server.ticker.epoch import Epoch
from server.ticker.inputs import Inbox
from server.ticker.pace import Pace
from server.ticker.stream import Stream
from simulation.inputs import Input

linger_ms = 60_000
"""How long a stream goes on after its last viewer, and an office after it woke, without anybody."""
silence_ms_max = 3_000
"""A stream with viewers says at least its time this often."""


class Office:
    """All moments are monotonic milliseconds. Without an epoch it is still waking.

    One that is held has a `full` stream without end, and nobody there to be told the time.
    """

    def __init__(self, name: str, inbox: Inbox, pace: Pace) -> None:
        self.name = name
        self.inbox = inbox
        self._pace = pace
        self.epoch: Epoch | None = None
        self.rebuild_ms: int | None = None
        self._woken_ms = 0
        self._held = False
        self._input_tick: int | None = None
        self._watchers: dict[View, int] = {}
        self._left_ms: dict[View, int] = {}
        self._spoke_ms: dict[View, int] = {}

    def begin(self, epoch: Epoch, now_ms: int) -> list[Stream]:
        """Go over to a new epoch; its streams in place of those of the old one."""
        views = [] if self.epoch is None else list(self.epoch.streams)
        self.epoch, self.rebuild_ms, self._input_tick = epoch, None, None
        self._woken_ms = now_ms
        self._spoke_ms = dict.fromkeys(views, now_ms)
        return [epoch.open(view) for view in views]

    def watch(self, view: View, now_ms: int) -> Stream:
        """One viewer more on the stream of this view."""
        watchers = self._watchers.get(view, 0)
        if watchers == 0:
            self._spoke_ms[view] = now_ms
        self._watchers[view] = watchers + 1
        return self._awake.open(view)

    def leave(self, view: View, now_ms: int) -> None:
        """One viewer less."""
        self._watchers[view] -= 1
        self._left_ms[view] = now_ms

    def peek(self, view: View, now_ms: int) -> Stream:
        """The stream of this view for one reading, which counts as a viewer that has left already."""
        self._left_ms[view] = now_ms
        return self._awake.open(view)

    def hold(self) -> Stream:
        """Keep the `full` stream going without a viewer, from now on."""
        self._held = True
        return self._awake.open(View.FULL)

    def release(self, now_ms: int) -> None:
        """Hold it no longer."""
        self._held = False
        self._left_ms[View.FULL] = now_ms

    def arrived(self, now_ms: int) -> int | None:
        """Inputs came; they belong to the next tick that is not over yet. When it is due, if that is news."""
        if self._input_tick is not None:
            return None
        timeline = self._awake.timeline
        self._input_tick = timeline.tick(now_ms) + 1
        return timeline.due_ms(self._input_tick)

    def due_ms(self) -> int | None:
        """When there is something to do next; None for one that is held while nothing moves."""
        if self.rebuild_ms is not None:
            return self.rebuild_ms
        epoch, tick = self._awake, self._due_tick()
        if not epoch.streams and tick is None:
            return self._woken_ms + linger_ms
        soonest_ms = None if tick is None else epoch.timeline.due_ms(tick)
        for view in epoch.streams:
            moment_ms = self._stream_ms(view)
            if moment_ms is not None and (soonest_ms is None or moment_ms < soonest_ms):
                soonest_ms = moment_ms
        return soonest_ms

    def late(self, now_ms: int, wall_ms: int) -> bool:
        """Whether only a rebuild is true again: it asked for one, or is too far behind, or off the wall clock."""
        if self.rebuild_ms is not None:
            return now_ms >= self.rebuild_ms
        timeline, tick = self._awake.timeline, self._due_tick()
        due_ms = now_ms if tick is None else timeline.due_ms(tick)
        return timeline.lost(due_ms=due_ms, monotonic_ms=now_ms, wall_ms=wall_ms)

    def tick(self, now_ms: int) -> list[tuple[Stream, bytes]]:
        """Take every tick that is due by now; the diffs, in order."""
        frames: list[tuple[Stream, bytes]] = []
        epoch = self._awake
        newest = epoch.timeline.tick(now_ms)
        while (tick := self._due_tick()) is not None and tick <= newest:
            inputs: list[Input] = []
            if tick == self._input_tick:
                inputs, self._input_tick = self.inbox.take(), None
            self._pace.ticked(now_ms - epoch.timeline.due_ms(tick))
            frames += epoch.step(tick, inputs)
        for stream, _ in frames:
            self._spoke_ms[stream.view] = now_ms
        return frames

    def silent(self, now_ms: int) -> list[Stream]:
        """The streams whose viewers have heard nothing for too long; they count as told from here on."""
        streams = []
        for view, stream in self._awake.streams.items():
            if self._watchers.get(view) and now_ms - self._spoke_ms[view] >= silence_ms_max:
                self._spoke_ms[view] = now_ms
                streams.append(stream)
        return streams

    def close_left(self, now_ms: int) -> None:
        """End the streams whose last viewer left long enough ago."""
        for view in [*self._awake.streams]:
            if not self._kept(view) and now_ms >= self._gone_ms(view):
                self._awake.close(view)

    def sleepy(self, now_ms: int) -> bool:
        """Whether nobody has looked for so long that it may go to sleep."""
        return not self._awake.streams and now_ms >= self._woken_ms + linger_ms

    @property
    def _awake(self) -> Epoch:
        if self.epoch is None:
            raise RuntimeError(f"expected office {self.name} to be awake, it is still waking")
        return self.epoch

    def _kept(self, view: View) -> bool:
        return bool(self._watchers.get(view)) or (self._held and view is View.FULL)

    def _stream_ms(self, view: View) -> int | None:
        """When its stream must speak or end; None for one that is held without a viewer."""
        if self._watchers.get(view):
            return self._spoke_ms[view] + silence_ms_max
        return None if self._kept(view) else self._gone_ms(view)

    def _gone_ms(self, view: View) -> int:
        return self._left_ms[view] + linger_ms

    def _due_tick(self) -> int | None:
        own, told = self._awake.due_tick, self._input_tick
        if own is None or (told is not None and told < own):
            return told
        return own
