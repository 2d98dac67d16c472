"""Inputs in few words, and an office that takes them second by second."""

from simulation.inputs import BatchChanged, Ended, EndState, Input, Progressed, QueueChanged, Started, Waiting
from simulation.tick import advance, due
from simulation.world import World, begin

BASE_MS = 1_764_000_000_000
HZ = 10


def ms(second: float) -> int:
    return BASE_MS + round(second * 1000)


def start(name: str, second: float = 0, *, guess: int | None = None, title: str = "Acme Corp") -> Started:
    return Started(
        execution=name,
        task=f"task-{name}",
        batch="batch1",
        title=title,
        attempt=1,
        attempts=3,
        at_ms=ms(second),
        estimate_ms=guess,
    )


def end(
    name: str,
    second: float,
    state: EndState = "done",
    *,
    reason: str | None = None,
    retry: float | None = None,
) -> Ended:
    retry_ms = None if retry is None else ms(retry)
    return Ended(execution=name, at_ms=ms(second), state=state, reason=reason, retry_ms=retry_ms)


def say(
    name: str,
    second: float,
    permille: int | None = None,
    *,
    left_ms: int | None = None,
    note: str | None = None,
) -> Progressed:
    return Progressed(execution=name, at_ms=ms(second), permille=permille, remaining_ms=left_ms, note=note)


def wait(name: str, until: float | None) -> Waiting:
    return Waiting(execution=name, until_ms=None if until is None else ms(until))


def batch(
    name: str, *, state: str = "running", order: int = 0, ended: float | None = None, title: str = "Spring"
) -> BatchChanged:
    return BatchChanged(
        batch=name,
        name=title,
        state=state,
        total=9,
        done=4,
        failed=1,
        running=2,
        order=order,
        eta_ms=None,
        ended_ms=None if ended is None else ms(ended),
    )


def queue(waiting: int) -> QueueChanged:
    return QueueChanged(waiting=waiting, perhour=None, eta_ms=None, blocked=None, until_ms=None)


def office(slots: int = 10) -> World:
    return begin("office1", "Northwind", "pro", slots, BASE_MS, HZ)


def at(world: World, second: float, *inputs: Input) -> World:
    """The world at that second, everything due on the way included."""
    tick = round(second * HZ)
    while (soon := due(world)) is not None and soon < tick:
        world = advance(world, soon, [])
    return advance(world, tick, inputs)


def shown(world: World) -> list[str]:
    """Every desk in a word or two: its activity, and whose it is."""
    return [
        f"{desk.activity} {desk.execution.id}" if desk.execution else str(desk.activity)
        for desk in world.desks
    ]
