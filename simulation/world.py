"""World: everything an office's frames are drawn from, at one tick; frozen, with its invariants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from simulation.desk import EMPTY, HELD, RUNNING, Activity, Desk, desks_max
from simulation.execution import Execution, begun
from simulation.idle import away_max, rest, seed_of
from simulation.inputs import BatchChanged, Input, QueueChanged, QuotaChanged, Started
from simulation.seating import seat
from simulation.timestep import Moment, time_of


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """One office at one tick.

    ``unseated`` are the running executions without a desk, oldest first. Batches, queue and quota are the last word
    heard of each: all unfinished batches and those that finished within the hour. ``last_end_ms`` is the moment
    of the last end of any work, ``hour_tick`` when the next finished batch leaves the hour, ``due_tick`` when anything
    at all changes by itself.
    """

    office: str
    name: str
    tier: str
    slots: int
    hz: int
    base_ms: int
    seed: int
    tick: int
    desks: tuple[Desk, ...]
    unseated: tuple[Execution, ...]
    batches: Mapping[str, BatchChanged]
    queue: QueueChanged
    quota: QuotaChanged | None
    last_end_ms: int | None
    hour_tick: int | None
    due_tick: int | None

    @property
    def now_ms(self) -> int:
        """The moment of this tick."""
        return time_of(self.tick, base_ms=self.base_ms, hz=self.hz)

    @property
    def running(self) -> int:
        """How many executions run: at desks and beyond them."""
        return sum(desk.activity in RUNNING for desk in self.desks) + len(self.unseated)

    @property
    def finished_ms(self) -> int | None:
        """When the last work ended, if there was some and none is left."""
        return self.last_end_ms if self.queue.waiting == 0 and self.running == 0 else None

    def check(self) -> None:
        """Raise `AssertionError` if anything holds that never may."""
        numbers = [desk.number for desk in self.desks]
        _require(numbers == list(range(desks_max)), f"desks 0 to {desks_max - 1}", numbers)
        for desk in self.desks:
            _check_desk(desk, self.slots)
        _check_seating(self.desks, self.unseated)
        _check_places(self.desks)
        due_tick = due_of(self.desks, self.hour_tick)
        _require(self.due_tick == due_tick, f"due tick {due_tick}", self.due_tick)
        _require(due_tick is None or due_tick > self.tick, f"nothing due at tick {self.tick}", due_tick)


def begin(office: str, name: str, tier: str, slots: int, base_ms: int, hz: int = 10) -> World:
    """An office without work at tick 0, everyone in place at once: idle within the slots, asleep beyond."""
    if hz < 1 or slots < 0:
        raise ValueError(f"expected hz >= 1 and slots >= 0, got {hz} and {slots}")
    moment = Moment(tick=0, now_ms=base_ms, hz=hz, seed=seed_of(office))
    desks = tuple(_first_desk(number, number < slots, moment) for number in range(desks_max))
    return World(
        office=office,
        name=name,
        tier=tier,
        slots=slots,
        hz=hz,
        base_ms=base_ms,
        seed=moment.seed,
        tick=0,
        desks=desks,
        unseated=(),
        batches={},
        queue=QueueChanged(waiting=0, perhour=None, eta_ms=None, blocked=None, until_ms=None),
        quota=None,
        last_end_ms=None,
        hour_tick=None,
        due_tick=due_of(desks, None),
    )


def keep_seats(first: World, before: World, facts: Iterable[Input]) -> World:
    """A world just begun, with those who sat in the world ``before`` and run by the ``facts`` at their old desks.

    So that nobody changes desks when an office is rebuilt in mid-work: give the result the same facts at tick 0.
    """
    starts = {new.execution: new for new in facts if isinstance(new, Started)}
    moment = Moment(tick=first.tick, now_ms=first.now_ms, hz=first.hz, seed=first.seed)
    desks = list(first.desks)
    for number, desk in enumerate(before.desks):
        known = desk.execution
        if desk.activity in RUNNING and known is not None and known.id in starts:
            desks[number] = seat(desks[number], begun(starts[known.id]), moment)
    return replace(first, desks=tuple(desks), due_tick=due_of(desks, first.hour_tick))


def due_of(desks: Iterable[Desk], hour_tick: int | None) -> int | None:
    """The first tick at which one of these changes by itself."""
    soonest = hour_tick
    for desk in desks:
        if desk.walk is None and desk.turn_tick is None:
            continue  # at work, as most are
        tick = desk.next_tick
        if tick is not None and (soonest is None or tick < soonest):
            soonest = tick
    return soonest


def _first_desk(number: int, within: bool, moment: Moment) -> Desk:
    desk = Desk(number=number, activity=Activity.OFF, since_ms=moment.now_ms)
    return replace(desk, activity=Activity.IDLE, turn_tick=rest(desk, moment)) if within else desk


def _check_desk(desk: Desk, slots: int) -> None:
    within, activity = desk.number < slots, desk.activity
    seated = desk.execution is not None
    _require(seated == (activity not in EMPTY), "an execution if the desk is not empty", desk)
    _require(activity is not Activity.OFF or not within, f"nobody asleep within {slots} slots", desk)
    _require(activity is not Activity.IDLE or within, f"nobody idle beyond {slots} slots", desk)
    _require(activity not in HELD or desk.turn_tick is not None, "a hold that ends", desk)
    _require(desk.reason is None or activity is Activity.FAILED, "a reason only of a failure", desk)
    _require(desk.place is None or activity is Activity.IDLE, "only idle people at places", desk)
    _require(desk.place is None or desk.walk is None, "people walking or somewhere, not both", desk)


def _check_seating(desks: Iterable[Desk], unseated: tuple[Execution, ...]) -> None:
    known = [execution.id for execution in unseated]
    known += [desk.execution.id for desk in desks if desk.execution is not None]
    _require(len(known) == len(set(known)), "every execution once", known)
    order = [(execution.since_ms, execution.id) for execution in unseated]
    _require(order == sorted(order), "the oldest unseated first", order)
    full = all(desk.activity in RUNNING for desk in desks)
    _require(full or not unseated, "nobody unseated while a desk is free", known)


def _check_places(desks: Iterable[Desk]) -> None:
    reserved = [desk.reserved for desk in desks if desk.reserved is not None]
    _require(len(reserved) == len(set(reserved)), "every place held once", reserved)
    away = [desk.number for desk in desks if desk.away]
    _require(len(away) <= away_max, f"at most {away_max} people away", away)


def _require(holds: bool, expected: str, got: object) -> None:
    if not holds:
        raise AssertionError(f"expected {expected}, got {got}")
