"""One epoch of an office: its world, its time line, and the streams that show it."""

from collections.abc import Sequence
from typing import TypeVar

from server.model import View
from server.ticker.stream import Stream
from server.ticker.timeline import Timeline
from simulation.inputs import Input, OfficeChanged, SlotsChanged
from simulation.patch import diff
from simulation.snapshot import snapshot, snapshot_after
from simulation.tick import advance
from simulation.world import World, begin, keep_seats

Fact = TypeVar("Fact", OfficeChanged, SlotsChanged)


class Epoch:
    """The world begins at tick 0 with all facts applied at once; who runs since the world `before` keeps the desk.

    A view's numbers go on within an epoch: a stream that is opened again starts one above the last number of the one
    that was closed, because what it showed meanwhile has no number. With the epoch they start again at 0.
    """

    def __init__(
        self,
        *,
        office: str,
        number: int,
        timeline: Timeline,
        facts: Sequence[Input],
        before: World | None = None,
    ) -> None:
        named, slotted = _last(facts, OfficeChanged), _last(facts, SlotsChanged)
        first = begin(
            office=office,
            name=named.name,
            tier=named.tier,
            slots=slotted.slots,
            base_ms=timeline.base_ms,
            hz=timeline.hz,
        )
        if before is not None:
            first = keep_seats(first, before, facts)
        self.office = office
        self.number = number
        self.timeline = timeline
        self.streams: dict[View, Stream] = {}
        self._next_seq: dict[View, int] = {}
        self.world = advance(first, 0, facts)
        self._state = snapshot(self.world)

    def open(self, view: View) -> Stream:
        """The stream of this view, begun if it is not there."""
        stream = self.streams.get(view)
        if stream is None:
            stream = self.streams[view] = Stream(
                office=self.office,
                view=view,
                epoch=self.number,
                seq=self._next_seq.get(view, 0),
                timeline=self.timeline,
                tick=self.world.tick,
                state=self._state,
            )
        return stream

    def close(self, view: View) -> None:
        """End the stream of this view; its ring is gone."""
        self._next_seq[view] = self.streams.pop(view).seq + 1

    @property
    def due_tick(self) -> int | None:
        """The next tick at which something changes by itself."""
        return self.world.due_tick

    @property
    def tick(self) -> int:
        """The newest tick taken."""
        return self.world.tick

    def step(self, tick: int, inputs: Sequence[Input]) -> list[tuple[Stream, bytes]]:
        """Take a tick; the streams that show a change, with their diffs."""
        world = advance(self.world, tick, inputs)
        state = snapshot_after(self.world, self._state, world)
        patch = diff(self._state, state)
        self.world, self._state = world, state
        stepped = [(stream, stream.step(tick, state, patch)) for stream in self.streams.values()]
        return [(stream, frame) for stream, frame in stepped if frame is not None]


def _last(facts: Sequence[Input], kind: type[Fact]) -> Fact:
    for fact in reversed(facts):
        if isinstance(fact, kind):
            return fact
    raise ValueError(f"expected a {kind.__name__} among the facts of an office, got none in {len(facts)}")
