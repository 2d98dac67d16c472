"""Fixed histories of offices, told second by second: what the golden frames are made from."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from simulation.inputs import (
    BatchChanged,
    Ended,
    EndState,
    Input,
    OfficeChanged,
    Progressed,
    QueueChanged,
    QuotaChanged,
    SlotsChanged,
    Started,
    Waiting,
)
from simulation.world import World, begin

BASE_MS = 1_764_000_000_000
HZ = 10


@dataclass
class Play:
    """An office at its beginning, what happens to it by tick, and how long it is watched."""

    name: str
    first: World
    seconds: int
    inputs: dict[int, list[Input]] = field(default_factory=lambda: defaultdict(list))

    def at(self, second: float, *new: Input) -> None:
        self.inputs[round(second * HZ)].extend(new)


def office(name: str, tier: str, slots: int, seconds: int) -> Play:
    return Play(
        name=name, first=begin(f"golden{name[:4]}", "Northwind", tier, slots, BASE_MS, HZ), seconds=seconds
    )


def ms(second: float) -> int:
    return BASE_MS + round(second * 1000)


def started(
    number: int, second: float, *, nth: int = 1, attempt: tuple[int, int] = (1, 1), guess: int | None = None
) -> Started:
    return Started(
        execution=f"exec{number:03}{nth}",
        task=f"task{number:03}",
        batch="batch001",
        title=f"Company {number}",
        attempt=attempt[0],
        attempts=attempt[1],
        at_ms=ms(second),
        estimate_ms=guess,
    )


def ended(
    number: int,
    second: float,
    state: EndState = "done",
    *,
    nth: int = 1,
    reason: str | None = None,
    retry: float | None = None,
) -> Ended:
    return Ended(
        execution=f"exec{number:03}{nth}",
        at_ms=ms(second),
        state=state,
        reason=reason,
        retry_ms=None if retry is None else ms(retry),
    )


def progressed(number: int, second: float, permille: int | None, note: str | None) -> Progressed:
    return Progressed(
        execution=f"exec{number:03}1",
        at_ms=ms(second),
        permille=permille,
        remaining_ms=None,
        note=note,
    )


def batch(
    state: str, total: int, done: int, failed: int, running: int, *, ended_at: float | None = None
) -> BatchChanged:
    return BatchChanged(
        batch="batch001",
        name="Compañías 2026",
        state=state,
        total=total,
        done=done,
        failed=failed,
        running=running,
        order=0,
        eta_ms=None if ended_at is not None else (ms(600), ms(780)),
        ended_ms=None if ended_at is None else ms(ended_at),
    )


def queue(waiting: int, *, perhour: int | None = None) -> QueueChanged:
    return QueueChanged(waiting=waiting, perhour=perhour, eta_ms=None, blocked=None, until_ms=None)


def work_through(
    play: Play, *, slots: int, total: int, lasts: Callable[[int], int], guess: int | None
) -> None:
    """A list of tasks on so many slots: the next one begins when one ends, with all figures along the way."""
    free = [0.5] * slots
    heapify(free)
    marks: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for number in range(total):
        begin_at = heappop(free)
        end_at = begin_at + lasts(number)
        heappush(free, end_at)
        marks[begin_at][0] += 1
        marks[end_at][1] += 1
        play.at(begin_at, started(number, begin_at, guess=guess))
        middle = (begin_at + end_at) / 2
        play.at(middle, progressed(number, middle, 400 + 20 * (number % 10), "reading the site"))
        play.at(end_at, ended(number, end_at))
    begun = over = 0
    for second, (begins, ends) in sorted(marks.items()):
        begun, over = begun + begins, over + ends
        last = second if over == total else None
        state = "running" if last is None else "done"
        play.at(second, batch(state, total, over, 0, begun - over, ended_at=last), queue(total - begun))


def quiet() -> Play:
    play = office("quiet", "free", 1, 420)
    play.at(0, QuotaChanged(used=12, limit=50, resets_ms=ms(86_400)))
    return play


def starter() -> Play:
    play = office("starter", "starter", 3, 60)
    play.at(0.2, batch("queued", 12, 0, 0, 0), queue(12))
    work_through(play, slots=3, total=12, lasts=lambda number: 6 + number * 7 % 5, guess=9_000)
    return play


def overflow() -> Play:
    play = office("overflow", "enterprise", 37, 60)
    play.at(0.2, batch("queued", 60, 0, 0, 0), queue(60, perhour=1_200))
    work_through(play, slots=37, total=60, lasts=lambda number: 10 + number * 11 % 17, guess=None)
    return play


def failures() -> Play:
    play = office("failures", "starter", 3, 40)
    play.at(0, queue(2), batch("running", 5, 0, 0, 3))
    play.at(0, *(started(number, 0, attempt=(1, 2), guess=20_000) for number in range(3)))
    play.at(3, ended(0, 2.96, "failed", reason="timeout", retry=9), queue(3), batch("running", 5, 0, 0, 2))
    play.at(4, Waiting(execution="exec0011", until_ms=ms(10)), progressed(2, 4, None, "schreibt „Übersicht“"))
    play.at(9, started(0, 9, nth=2, attempt=(2, 2), guess=20_000), queue(2), batch("running", 5, 0, 0, 3))
    play.at(10, Waiting(execution="exec0011", until_ms=None), progressed(2, 10, 500, None))
    play.at(12, ended(0, 12, "failed", nth=2, reason="exit"), batch("running", 5, 0, 1, 2))
    play.at(13, started(3, 13), queue(1), batch("running", 5, 0, 1, 3))
    play.at(20, ended(3, 20, "lost"), ended(2, 20, "cancelled"), queue(2), batch("running", 5, 0, 1, 1))
    play.at(21, started(4, 21), ended(4, 21.05), queue(1), batch("running", 5, 1, 1, 1))
    play.at(22, started(3, 22, nth=2), queue(0), batch("running", 5, 1, 1, 2))
    play.at(30, ended(1, 30), ended(3, 30, "failed", nth=2, reason="unreachable"))
    play.at(30, batch("done", 5, 2, 2, 0, ended_at=30))
    return play


def downgrade() -> Play:
    play = office("downgrade", "enterprise", 50, 90)
    play.at(0, queue(30), *(started(number, number / 100, guess=60_000) for number in range(50)))
    play.at(5, OfficeChanged(name="Northwind", tier="free"), SlotsChanged(slots=1))
    for number in range(50):
        second = 6 + (number * 13 % 50) * 1.3
        states: tuple[EndState, ...] = ("done", "done", "failed", "cancelled")
        state = states[number % 4]
        play.at(second, ended(number, second, state, reason="exit" if state == "failed" else None))
    play.at(80, started(60, 80), queue(29))
    return play


def strolls() -> Play:
    play = office("strolls", "pro", 10, 600)
    for second in range(100, 600, 130):
        play.at(second, *(started(second + each, second) for each in range(9)))
        play.at(second + 3, *(ended(second + each, second + 3) for each in range(9)))
    play.at(590, SlotsChanged(slots=1))
    return play


PLAYS = (quiet, starter, overflow, failures, downgrade, strolls)
