"""What is told: a world fed from its beginning and one that begins now never disagree."""

import random
from pathlib import Path
from typing import Any

import pytest

from server.scheduler.events import all_facts, blocked_by
from simulation.inputs import (
    BatchChanged,
    Ended,
    Input,
    Progressed,
    QueueChanged,
    QuotaChanged,
    Started,
    Waiting,
)
from tests.fakes.office import House, house
from tests.scheduler.test_load import happen


def told(facts: list[Input]) -> dict[str, Any]:
    """The newest of everything, as a world would hold it."""
    state: dict[str, Any] = {"running": {}}
    for fact in facts:
        if isinstance(fact, Started):
            assert fact.execution not in state["running"], "nothing starts twice"
            state["running"][fact.execution] = {"started": fact}
        elif isinstance(fact, Ended):
            state["running"].pop(fact.execution, None)
        elif isinstance(fact, Progressed | Waiting):
            assert fact.execution in state["running"], "nothing is said of what does not run"
            state["running"][fact.execution][type(fact)] = fact
        elif isinstance(fact, BatchChanged):
            state[fact.batch] = fact
        else:
            state[type(fact).__name__] = fact
    return state


async def since_the_beginning(it: House, beginning: list[Input]) -> dict[str, Any]:
    return told([*beginning, *(fact for _, fact in it.bus.facts)])


@pytest.mark.parametrize("seed", range(8))
async def test_facts_and_events_agree_after_any_history(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    async with house(tmp_path, lasting=lambda _work: None) as it:
        beginning = list(await it.scheduler.facts("o1"))
        await it.submit(40, attempts=3)
        for _ in range(40):
            await happen(it, draw)
            if it.runner.running and draw.random() < 0.5:
                work, _ = it.runner.running[draw.choice(sorted(it.runner.running))]
                it.scheduler.reports.progressed(
                    work.execution, work.fence, draw.randint(0, 1_000), None, "reading"
                )
            now = told(list(await it.scheduler.facts("o1")))
            assert now == await since_the_beginning(it, beginning)


async def test_a_cycle_tells_each_batch_and_the_queue_once(tmp_path: Path) -> None:
    async with house(tmp_path, tier="pro", lasting=lambda _work: None) as it:
        await it.submit(100)
        heard = len(it.bus.facts)
        for execution in list(it.runner.running):
            it.runner.end(execution)
        await it.scheduler.settled()
        kinds = [type(fact) for _, fact in it.bus.facts[heard:]]
        assert kinds.count(Ended) == kinds.count(Started) == 10
        assert [kinds.count(kind) for kind in (BatchChanged, QueueChanged, QuotaChanged)] == [1, 1, 1]


async def test_ends_are_told_before_the_starts_that_they_made_room_for(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        await it.submit(2)
        heard = len(it.bus.facts)
        await it.minutes(1)
        kinds = [type(fact) for _, fact in it.bus.facts[heard:] if isinstance(fact, Ended | Started)]
        assert kinds == [Ended, Started]


async def test_capacity_is_what_holds_an_office_back_when_the_process_is_full(tmp_path: Path) -> None:
    async with house(tmp_path, offices=2, running_max=4, lasting=lambda _work: None) as it:
        await it.submit(4)
        await it.submit(4, office="o2")
        index = it.scheduler._index
        assert blocked_by(index, index.offices["o2"], None) == ("capacity", None)
        waiting = [fact for office, fact in it.bus.facts if office == "o2" and isinstance(fact, QueueChanged)]
        assert waiting[-1].blocked == "capacity"


async def test_progress_and_waits_are_part_of_the_facts(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free", lasting=lambda _work: None) as it:
        await it.submit(1)
        ((work, _),) = it.runner.running.values()
        it.scheduler.reports.progressed(work.execution, work.fence, 250, 9_000, None)
        it.scheduler.reports.progressed(work.execution, work.fence, None, None, "reading")
        it.scheduler.reports.waiting(work.execution, work.fence, 77)
        facts = all_facts(it.scheduler._index.offices["o1"])
        (progress,) = [fact for fact in facts if isinstance(fact, Progressed)]
        assert (progress.permille, progress.remaining_ms, progress.note) == (250, 9_000, "reading")
        assert Waiting(execution=work.execution, until_ms=77) in facts
        it.scheduler.reports.waiting(work.execution, work.fence, None)
        assert not [
            fact for fact in all_facts(it.scheduler._index.offices["o1"]) if isinstance(fact, Waiting)
        ]
