"""Random histories of an office from a seed: what may happen to it, tick by tick, and a world that lives through it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from hypothesis import settings
from hypothesis import strategies as st

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
from simulation.tick import advance, due
from simulation.timestep import time_of
from simulation.world import World, begin

settings.register_profile("histories-quick", max_examples=200, deadline=None, derandomize=True)
settings.register_profile("histories-thorough", max_examples=5_000, deadline=None)
SETTINGS = settings.get_profile(f"histories-{os.environ.get('TENDESKS_HISTORIES', 'quick')}")
"""For every property over histories: TENDESKS_HISTORIES=thorough tries twenty times as many, other ones each time."""

BASE_MS = 1_763_900_000_000
SLOTS = (0, 1, 3, 9, 10, 11, 20, 37, 50)
TITLES = (
    "",
    "Acme Corp",
    "Zoë & Söhne",
    "東京都庁",
    '"quoted" \\ path',
    "x" * 200,
    "👩‍💻 " * 60,
    "\ud800 half",
)
GAPS = (1, 1, 1, 1, 2, 3, 5, 21, 60, 700)
BATCHES = 9


class Happening(NamedTuple):
    """What one tick is given."""

    tick: int
    inputs: list[Input]


@dataclass
class Office:
    """What the teller of a history remembers, so that it makes sense most of the time."""

    chance: Random
    slots: int
    now_ms: int = BASE_MS
    born: int = 0
    running: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    waiting: int = 40

    def past_ms(self) -> int:
        return self.now_ms - self.chance.randrange(100)

    def begun(self) -> Started:
        self.born += 1
        name = f"e{self.born:05}"
        self.running.append(name)
        return self.start(name)

    def start(self, name: str) -> Started:
        attempt = self.chance.randint(1, 3)
        return Started(
            execution=name,
            task=name.replace("e", "t"),
            batch=self.batch(),
            title=self.chance.choice(TITLES),
            attempt=attempt,
            attempts=self.chance.randint(attempt, 3),
            at_ms=self.past_ms() - self.chance.choice((0, 0, 30_000)),
            estimate_ms=self.chance.choice((None, 0, 1, 60_000, 1_200_000)),
        )

    def batch(self) -> str:
        return f"b{self.chance.randrange(BATCHES):05}"

    def someone(self) -> str:
        """An execution: mostly a running one, now and then one that is over or was never heard of."""
        known = self.running if self.running and self.chance.random() < 0.9 else self.ended
        return self.chance.choice(known) if known else "e99999"


def inputs_of(office: Office) -> list[Input]:
    """What one tick brings: mostly little, now and then a burst."""
    chance = office.chance
    kinds = (begin_some, begin_some, end_one, end_one, end_one, progress, progress, wait, figures, blip)
    count = chance.choice((0, 1, 1, 2, 3, 12))
    return [new for _ in range(count) for new in chance.choice(kinds)(office)]


def begin_some(office: Office) -> list[Input]:
    free = max(0, office.slots - len(office.running))
    return [office.begun() for _ in range(office.chance.choice((0, 1, min(free, 3), free)))]


def end_one(office: Office) -> list[Input]:
    state = office.chance.choice(("done", "done", "failed", "cancelled", "lost"))
    name = office.someone()
    if name in office.running:
        office.running.remove(name)
        office.ended.append(name)
    failed = state == "failed"
    retry_ms = office.now_ms + 9_000 if failed and office.chance.random() < 0.5 else None
    reason = "exit" if failed else None
    return [Ended(execution=name, at_ms=office.past_ms(), state=state, reason=reason, retry_ms=retry_ms)]


def blip(office: Office) -> list[Input]:
    """Begun and ended within one tick."""
    begun = office.begun()
    office.running.remove(begun.execution)
    end = Ended(execution=begun.execution, at_ms=office.now_ms, state="done", reason=None, retry_ms=None)
    return [begun, end]


def progress(office: Office) -> list[Input]:
    chance = office.chance
    return [
        Progressed(
            execution=office.someone(),
            at_ms=office.past_ms(),
            permille=chance.choice((None, chance.randint(-5, 1_100), chance.randint(0, 1_000))),
            remaining_ms=chance.choice((None, None, chance.randrange(600_000))),
            note=chance.choice((None, "", "reading", "x" * 130, "読んでいる")),
        )
    ]


def wait(office: Office) -> list[Input]:
    until_ms = office.chance.choice((None, office.now_ms + 8_000))
    return [Waiting(execution=office.someone(), until_ms=until_ms)]


def figures(office: Office) -> list[Input]:
    teller = office.chance.choice((slots, queue, batch, batch, batch, rest))
    return teller(office)


def slots(office: Office) -> list[Input]:
    office.slots = office.chance.choice(SLOTS)
    return [SlotsChanged(slots=office.slots)]


def queue(office: Office) -> list[Input]:
    chance = office.chance
    office.waiting = chance.choice((0, 0, chance.randrange(1_000)))
    blocked = chance.choice((None, None, "quota"))
    return [
        QueueChanged(
            waiting=office.waiting,
            perhour=chance.choice((None, 186)),
            pace=chance.choice(((), (BASE_MS, 3), (BASE_MS + 60_000, 3, 0))),
            eta_ms=chance.choice((None, (office.now_ms + 60_000, office.now_ms + 90_000))),
            blocked=blocked,
            until_ms=None if blocked is None else office.now_ms + 86_400_000,
        )
    ]


def batch(office: Office) -> list[Input]:
    chance, name = office.chance, office.batch()
    if chance.random() < 0.1:
        return [BatchRemoved(batch=name)]
    ended = chance.random() < 0.4
    return [
        BatchChanged(
            batch=name,
            name=chance.choice(TITLES),
            state="done" if ended else chance.choice(("queued", "running", "paused", "waiting")),
            total=100,
            done=chance.randrange(50),
            failed=chance.randrange(50),
            running=0 if ended else chance.randrange(10),
            order=int(name[1:]),
            eta_ms=None if ended else chance.choice((None, (office.now_ms + 5_000, office.now_ms + 9_000))),
            ended_ms=office.now_ms - chance.choice((0, 3_590_000, 3_700_000)) if ended else None,
        )
    ]


def rest(office: Office) -> list[Input]:
    quota = QuotaChanged(used=office.born, limit=5_000, resets_ms=BASE_MS + 10**9)
    renamed = OfficeChanged(name=office.chance.choice(TITLES), tier=office.chance.choice(("free", "pro")))
    return [quota] if office.chance.random() < 0.7 else [renamed]


@dataclass(frozen=True)
class History:
    """A seed and a length; printed whole by Hypothesis when a property fails, and enough to repeat it."""

    seed: int
    length: int
    gaps: tuple[int, ...] = GAPS

    def first(self) -> World:
        slots = Random(self.seed).choice(SLOTS)
        return begin(f"office{self.seed % 7}", "", "pro", slots, BASE_MS)

    def happenings(self) -> Iterator[Happening]:
        chance = Random(self.seed)
        office = Office(chance=chance, slots=chance.choice(SLOTS))
        tick = 0
        for _ in range(self.length):
            yield Happening(tick, inputs_of(office))
            tick += chance.choice(self.gaps)
            office.now_ms = time_of(tick, base_ms=BASE_MS, hz=10)


def lived(history: History) -> Iterator[tuple[World, Happening]]:
    """The world after every tick that was taken, due ones included, with what the tick was given."""
    world = history.first()
    for happening in history.happenings():
        while (tick := due(world)) is not None and tick < happening.tick:
            world = advance(world, tick, [])
            yield world, Happening(tick, [])
        world = advance(world, happening.tick, happening.inputs)
        yield world, happening


def histories(gaps: tuple[int, ...] = GAPS) -> st.SearchStrategy[History]:
    return st.builds(History, seed=st.integers(0, 2**32), length=st.integers(1, 40), gaps=st.just(gaps))
