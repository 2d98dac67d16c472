"""A second, naive telling of who sits where: product.md O1 and O2 word by word, to check the first against."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from simulation.inputs import Ended, Input, SlotsChanged, Started, Waiting


@dataclass
class Seat:
    shows: str
    execution: str = ""
    until_tick: int = 0
    held_since: tuple[int, int] = (0, 0)


@dataclass
class Room:
    slots: int
    seats: list[Seat] = field(default_factory=list)
    upstairs: dict[str, tuple[int, str]] = field(default_factory=dict)
    waits: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.seats = [Seat("idle" if number < self.slots else "off") for number in range(10)]

    def running(self) -> dict[str, Seat]:
        return {seat.execution: seat for seat in self.seats if seat.shows in ("working", "waiting")}

    def tick(self, tick: int, inputs: Iterable[Input]) -> None:
        for seat in self.seats:
            if seat.shows in ("done", "failed") and seat.until_tick <= tick:
                seat.shows, seat.execution = "empty", ""
        for new in inputs:
            self.hear(tick, new)
        for execution, _ in sorted(self.upstairs.items(), key=lambda item: item[1]):
            free = self.next_free()
            if free is None:
                break
            del self.upstairs[execution]
            free.shows, free.execution = "working", execution
        for number, seat in enumerate(self.seats):
            if seat.shows in ("empty", "idle", "off"):
                seat.shows = "idle" if number < self.slots else "off"
            if seat.shows in ("working", "waiting"):
                seat.shows = "waiting" if seat.execution in self.waits else "working"

    def next_free(self) -> Seat | None:
        empty = ("empty", "idle", "off")
        within, beyond = self.seats[: self.slots], self.seats[self.slots :]
        for part in (within, beyond):
            for seat in part:
                if seat.shows in empty:
                    return seat
            held = [seat for seat in part if seat.shows in ("done", "failed")]
            if held:
                return min(held, key=lambda seat: seat.held_since)
        return None

    def hear(self, tick: int, new: Input) -> None:
        match new:
            case SlotsChanged():
                self.slots = new.slots
            case Started():
                self.upstairs[new.execution] = (new.at_ms, new.execution)
            case Waiting():
                if new.until_ms is None:
                    self.waits.discard(new.execution)
                elif new.execution in self.running() or new.execution in self.upstairs:
                    self.waits.add(new.execution)
            case Ended():
                self.end(tick, new)

    def end(self, tick: int, new: Ended) -> None:
        self.upstairs.pop(new.execution, None)
        seat = self.running().get(new.execution)
        if seat is None:
            return
        if new.state in ("done", "failed"):
            seat.shows = new.state
            seat.until_tick = tick + (50 if new.state == "failed" and new.retry_ms is None else 20)
            seat.held_since = (new.at_ms, self.seats.index(seat))
        else:
            seat.shows, seat.execution = "empty", ""
