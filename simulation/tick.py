"""One tick: what is due by itself, then the inputs in their order, then seating; a world becomes the next one."""

from bisect import insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from simulation.desk import EMPTY, HELD, RUNNING, Desk
from simulation.execution import Execution, begun, progressed, waiting
from simulation.idle import arrive, stir
from simulation.inputs import (
    BatchChanged,
    BatchRemoved,
    Ended,
    Input,
    OfficeChanged,
    Progressed,
    QueueChanged,
    QuotaChanged,
    SlotsChanged,
    Started,
    Waiting,
)
from simulation.seating import age, choose, end, leave, seat, settle, show
from simulation.timestep import Moment, tick_of, time_of
from simulation.world import World, due_of

hour_ms = 3_600_000
"""How long a finished batch stays in the world."""


def advance(world: World, tick: int, inputs: Sequence[Input]) -> World:
    """The world at ``tick``, after the inputs. The first call may be for tick 0 itself.

    Ticks may be left out while nothing is due: the result is that of ticking one by one. Inputs about executions
    nobody knows change nothing. Raises `ValueError` for a tick that is over, or beyond one that is due.
    """
    if tick < world.tick or tick == world.tick > 0:
        raise ValueError(f"expected a tick after {world.tick}, got {tick}")
    if world.due_tick is not None and tick > world.due_tick:
        raise ValueError(f"expected tick {world.due_tick} first, which is due, got {tick}")
    draft = _Draft.of(world, tick)
    if tick == world.due_tick:
        draft.turn()
    for new in inputs:
        draft.apply(new)
    draft.seat()
    return draft.world()


def due(world: World) -> int | None:
    """The next tick at which something changes by itself: a hold ends, someone sets out or arrives, an hour is over."""
    return world.due_tick


@dataclass(kw_only=True, slots=True)
class _Draft:
    """A world in the making: what a tick changes, changeable."""

    before: World
    moment: Moment
    name: str
    tier: str
    slots: int
    desks: list[Desk]
    unseated: list[Execution]
    batches: Mapping[str, BatchChanged]
    queue: QueueChanged
    quota: QuotaChanged | None
    last_end_ms: int | None

    @classmethod
    def of(cls, world: World, tick: int) -> "_Draft":
        now_ms = time_of(tick, base_ms=world.base_ms, hz=world.hz)
        return cls(
            before=world,
            moment=Moment(tick=tick, now_ms=now_ms, hz=world.hz, seed=world.seed),
            name=world.name,
            tier=world.tier,
            slots=world.slots,
            desks=list(world.desks),
            unseated=list(world.unseated),
            batches=world.batches,
            queue=world.queue,
            quota=world.quota,
            last_end_ms=world.last_end_ms,
        )

    def world(self) -> World:
        before, tick = self.before, self.moment.tick
        desks = tuple(self.desks)
        hour_tick = before.hour_tick if self.batches is before.batches else self._hour_tick()
        return World(
            office=before.office,
            name=self.name,
            tier=self.tier,
            slots=self.slots,
            hz=before.hz,
            base_ms=before.base_ms,
            seed=before.seed,
            tick=tick,
            desks=desks,
            unseated=tuple(self.unseated),
            batches=self.batches,
            queue=self.queue,
            quota=self.quota,
            last_end_ms=self.last_end_ms,
            hour_tick=hour_tick,
            due_tick=due_of(desks, hour_tick),
        )

    def _hour_tick(self) -> int | None:
        ends = [batch.ended_ms for batch in self.batches.values() if batch.ended_ms is not None]
        if not ends:
            return None
        return tick_of(min(ends) + hour_ms, base_ms=self.before.base_ms, hz=self.before.hz)

    def turn(self) -> None:
        """Let what is due by itself happen: arrivals, ends of holds, people setting out, batches leaving the hour."""
        tick = self.moment.tick
        for number, desk in enumerate(self.desks):
            after = desk
            if after.walk is not None and after.walk.end_tick <= tick:
                after = arrive(after, self.moment)
            if after.turn_tick is not None and after.turn_tick <= tick:
                after = self._turned(after)
            self.desks[number] = after
        if self.before.hour_tick is not None and self.before.hour_tick <= tick:
            self.batches = {id_: batch for id_, batch in self.batches.items() if not self._over(batch)}

    def _turned(self, desk: Desk) -> Desk:
        return leave(desk, self.moment) if desk.activity in HELD else stir(desk, self.desks, self.moment)

    def _over(self, batch: BatchChanged) -> bool:
        return batch.ended_ms is not None and batch.ended_ms + hour_ms <= self.moment.now_ms

    def seat(self) -> None:
        """Give desks to the unseated, oldest first; then the empty ones fall idle or asleep, as the slots want it."""
        while self.unseated:
            free = choose(self.desks, self.slots)
            if free is None:
                return
            self.desks[free.number] = seat(free, self.unseated.pop(0), self.moment)
        for desk in self.desks:
            if desk.activity in EMPTY and (settled := settle(desk, self.slots, self.moment)) is not desk:
                self.desks[desk.number] = settled

    def apply(self, new: Input) -> None:
        """Take in one fact."""
        match new:
            case Started():
                self._start(new)
            case Progressed():
                self._change(new.execution, lambda known: progressed(known, new))
            case Waiting():
                self._change(new.execution, lambda known: waiting(known, new, self.moment.now_ms))
            case Ended():
                self._end(new)
            case _:
                self._figure(new)

    def _figure(
        self, new: SlotsChanged | OfficeChanged | QuotaChanged | BatchChanged | BatchRemoved | QueueChanged
    ) -> None:
        match new:
            case SlotsChanged():
                self.slots = new.slots
            case OfficeChanged():
                self.name, self.tier = new.name, new.tier
            case QuotaChanged():
                self.quota = new
            case QueueChanged():
                self.queue = new
            case BatchChanged():
                self._batch(new)
            case BatchRemoved():
                self.batches = {id_: batch for id_, batch in self.batches.items() if id_ != new.batch}
            case _:
                assert_never(new)

    def _batch(self, new: BatchChanged) -> None:
        if new.ended_ms is not None:
            self._ended_at(new.ended_ms)
        self.batches = {**self.batches, new.batch: new}
        if self._over(new):
            del self.batches[new.batch]

    def _ended_at(self, at_ms: int) -> None:
        self.last_end_ms = at_ms if self.last_end_ms is None else max(self.last_end_ms, at_ms)

    def _start(self, new: Started) -> None:
        seated = (desk.execution for desk in self.desks if desk.execution is not None)
        if any(known.id == new.execution for known in (*seated, *self.unseated)):
            return
        insort(self.unseated, begun(new), key=age)

    def _change(self, execution: str, change: Callable[[Execution], Execution]) -> None:
        """Put a changed execution in place of the one known by this id, at its desk or beyond."""
        for desk in self.desks:
            known = desk.execution
            if known is not None and known.id == execution:
                if desk.activity in RUNNING and (changed := change(known)) is not known:
                    self.desks[desk.number] = show(desk, changed)
                return
        for index, known in enumerate(self.unseated):
            if known.id == execution:
                self.unseated[index] = change(known)
                return

    def _end(self, new: Ended) -> None:
        for desk in self.desks:
            known = desk.execution
            if known is not None and known.id == new.execution:
                if desk.activity in RUNNING:
                    self.desks[desk.number] = end(desk, new, self.moment)
                    self._ended_at(new.at_ms)
                return
        for index, known in enumerate(self.unseated):
            if known.id == new.execution:
                del self.unseated[index]
                self._ended_at(new.at_ms)
                return
