"""One stream (p): what one view of one office shows in one epoch, its numbers, and its newest diffs."""

from server.model import Role, View
from server.ticker.messages import (
    Held,
    Keyframe,
    encode_clock,
    encode_diff,
    encode_hello,
    encode_keyframe,
    encode_resumed,
)
from server.ticker.ring import Ring
from server.ticker.timeline import Timeline
from simulation.fields import State
from simulation.patch import Patch
from simulation.views import project, project_patch

ring_bytes_least = 16 * 1024
ring_keyframes = 4


class Stream:
    """Keyframes are projected and encoded when somebody wants one, once for each seq; diffs as they happen.

    The ring keeps the newest diffs up to max(16 KiB, 4 keyframes). A keyframe's size is known when one is encoded; so
    that the limit follows a state that grows, one is encoded for its size alone after each quarter of the limit.
    """

    def __init__(
        self, *, office: str, view: View, epoch: int, seq: int, timeline: Timeline, tick: int, state: State
    ) -> None:
        self.office = office
        self.view = view
        self.epoch = epoch
        self.timeline = timeline
        self._tick = tick
        self._state = state
        self._ring = Ring(seq)
        self._ring_bytes_max = ring_bytes_least
        self._unmeasured = 0
        self._current: Keyframe | None = None
        self._keyframe: bytes | None = None

    @property
    def seq(self) -> int:
        """The number of the newest diff, or of the keyframe that this stream began with."""
        return self._ring.seq

    def step(self, tick: int, state: State, patch: Patch) -> bytes | None:
        """Go on to the whole `state` at `tick`, which `patch` leads to; the diff, or None if this view sees no change."""
        self._tick, self._state = tick, state
        shown = project_patch(patch, self.view)
        if not shown:
            return None
        self._current = self._keyframe = None
        diff = encode_diff(seq=self.seq + 1, tick=tick, patch=shown)
        self._ring.push(diff)
        self._unmeasured += len(diff)
        self._trim()
        return diff

    def current(self) -> Keyframe:
        """The state at `seq`; its tick and time are those of the newest tick at the first call for that seq."""
        if self._current is None:
            self._current = Keyframe(
                epoch=self.epoch,
                view=self.view,
                seq=self.seq,
                tick=self._tick,
                now=self.timeline.moment_ms(self._tick),
                state=project(self._state, self.view),
            )
        return self._current

    def keyframe(self) -> bytes:
        """`current` as a message."""
        if self._keyframe is None:
            self._keyframe = encode_keyframe(self.current())
            self._ring_bytes_max = max(ring_bytes_least, ring_keyframes * len(self._keyframe))
            self._unmeasured = 0
        return self._keyframe

    def catch_up(self, held: Held | None) -> tuple[bytes, ...]:
        """What leads a viewer from what it holds to `seq`: the diffs it missed, announced, or else a keyframe."""
        missed = None
        if held is not None and (held.epoch, held.view) == (self.epoch, self.view):
            missed = self._ring.since(held.seq)
        if held is None or missed is None:
            return (self.keyframe(),)
        return (encode_resumed(held=held.seq, seq=self.seq), *missed)

    def hello(self, role: Role, monotonic_ms: int) -> bytes:
        """The message that names this stream to one viewer."""
        held = Held(epoch=self.epoch, view=self.view, seq=self.seq)
        now_ms = self.timeline.now_ms(monotonic_ms)
        return encode_hello(held, office=self.office, now_ms=now_ms, hz=self.timeline.hz, role=role)

    def clock(self, monotonic_ms: int) -> bytes:
        """The message that says the time when nothing else was said."""
        return encode_clock(seq=self.seq, now_ms=self.timeline.now_ms(monotonic_ms))

    def _trim(self) -> None:
        full = self._ring.size > self._ring_bytes_max
        if full and self._unmeasured * ring_keyframes >= self._ring_bytes_max:
            self.keyframe()
        self._ring.trim(self._ring_bytes_max)
