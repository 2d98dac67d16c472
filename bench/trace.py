"""The office trace: ten desks, three batches, ten minutes, the same for the same seed; and the frames it gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.played import BASE_MS, PlayedOffice
from server.model import View
from server.ticker.epoch import Epoch
from server.ticker.stream import Stream
from server.ticker.timeline import Timeline
from simulation.inputs import Input, OfficeChanged, SlotsChanged
from simulation.pending import Pending

SEED = 7
HZ = 10
MINUTES = 10
SLOTS = 10
OFFICE = "office000001"
SILENCE_MS = 3_000


@dataclass(frozen=True, kw_only=True)
class Step:
    """The inputs of one tick, merged as those that wait for a tick are."""

    tick: int
    inputs: Sequence[Input]


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What an office begins with, and what happens to it tick by tick."""

    facts: Sequence[Input]
    steps: Sequence[Step]
    ticks: int

    def epoch(self) -> Epoch:
        """An office at the trace's beginning."""
        timeline = Timeline(base_ms=BASE_MS, start_ms=0, hz=HZ)
        return Epoch(office=OFFICE, number=1, timeline=timeline, facts=self.facts)


@dataclass(frozen=True, kw_only=True)
class Message:
    """A keyframe, diff or clock as a viewer gets it: when, in milliseconds from the trace's beginning."""

    at_ms: int
    kind: str
    data: bytes


def trace(seed: int = SEED, minutes: int = MINUTES, slots: int = SLOTS) -> Trace:
    """The trace of a seed; figures are compared on that of seed 7, with ten slots."""
    office, ticks = PlayedOffice(seed=seed, slots=slots), minutes * 60 * HZ
    office.play(BASE_MS + minutes * 60_000)
    facts: list[Input] = [OfficeChanged(name="Northwind", tier="pro"), SlotsChanged(slots=slots)]
    pending: dict[int, Pending] = {}
    for at_ms, new in office.heard:
        # What happens between two ticks belongs to the later one.
        pending.setdefault((at_ms - BASE_MS) * HZ // 1000 + 1, Pending()).add(new)
    steps = [
        Step(tick=tick, inputs=waiting.take()) for tick, waiting in sorted(pending.items()) if tick <= ticks
    ]
    return Trace(facts=facts, steps=steps, ticks=ticks)


def messages(played: Trace, view: View = View.FULL) -> list[Message]:
    """All that a viewer gets who is there from the beginning: a keyframe, then diffs, and the time where it was silent."""
    epoch = played.epoch()
    stream = epoch.open(view)
    found = [Message(at_ms=0, kind="keyframe", data=stream.keyframe())]
    for tick, diffs in stepped(played, epoch):
        at_ms = tick * 1000 // HZ
        for data in diffs:
            found += _clocks(stream, found[-1].at_ms, at_ms)
            found.append(Message(at_ms=at_ms, kind="diff", data=data))
    return found + _clocks(stream, found[-1].at_ms, played.ticks * 1000 // HZ + 1)


def stepped(played: Trace, epoch: Epoch) -> Iterator[tuple[int, list[bytes]]]:
    """Take every tick at which something happens or is due by itself; the diffs of all streams that are open."""
    steps = iter(played.steps)
    step = next(steps, None)
    while True:
        ticks = [tick for tick in (epoch.due_tick, step.tick if step else None) if tick is not None]
        tick = min(ticks, default=played.ticks + 1)
        if tick > played.ticks:
            return
        inputs: Sequence[Input] = ()
        if step is not None and step.tick == tick:
            inputs, step = step.inputs, next(steps, None)
        yield tick, [diff for _, diff in epoch.step(tick, inputs)]


def _clocks(stream: Stream, from_ms: int, to_ms: int) -> list[Message]:
    """What is said of the time between two frames."""
    moments = range(from_ms + SILENCE_MS, to_ms, SILENCE_MS)
    return [Message(at_ms=at_ms, kind="clock", data=stream.clock(at_ms)) for at_ms in moments]
