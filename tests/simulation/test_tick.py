"""Ticks: which may be taken, what each input does, and that the same inputs give the same frames."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from simulation.inputs import BatchRemoved, Input, OfficeChanged, QuotaChanged, SlotsChanged
from simulation.tick import advance, due
from tests.contract.plays import PLAYS
from tests.contract.write_golden import golden
from tests.simulation.facts import at, batch, end, ms, office, queue, say, shown, start, wait

ROOT = Path(__file__).parents[2]


def test_the_first_tick_may_be_that_of_the_beginning() -> None:
    world = advance(office(), 0, [start("one")])
    assert (world.tick, shown(world)[0]) == (0, "working one")


@pytest.mark.parametrize("tick", [4, 5])
def test_a_tick_that_is_over_is_refused(tick: int) -> None:
    world = advance(office(), 5, [])
    with pytest.raises(ValueError, match=f"a tick after 5, got {tick}"):
        advance(world, tick, [])


def test_what_is_due_cannot_be_passed_over() -> None:
    world = advance(office(), 0, [start("one")])
    world = advance(world, 10, [end("one", 1)])
    assert due(world) == 30
    with pytest.raises(ValueError, match="expected tick 30 first, which is due, got 31"):
        advance(world, 31, [])


def test_nothing_is_due_in_an_office_that_sleeps() -> None:
    assert due(office(0)) is None


def test_the_world_before_stays_as_it_was() -> None:
    before = advance(office(), 0, [start("one", guess=9_000), batch("b1")])
    kept = replace(before, batches=dict(before.batches))
    advance(
        before,
        1,
        [end("one", 0.1), batch("b2"), BatchRemoved(batch="b1"), start("two"), SlotsChanged(slots=0)],
    )
    assert before == kept


@pytest.mark.parametrize(
    "unknown",
    [
        end("nobody", 1),
        say("nobody", 1, 500, note="x"),
        wait("nobody", 9),
        BatchRemoved(batch="nothing"),
        start("one", 1, title="again"),
        end("over", 1, "failed"),
        say("over", 1, 500, note="x"),
        wait("over", 9),
        start("over", 1),
        wait("one", None),
        batch("old", state="done", ended=-3_600),
    ],
    ids=lambda new: f"{type(new).__name__} {getattr(new, 'execution', '')}",
)
def test_what_is_not_news_changes_nothing(unknown: Input) -> None:
    world = at(office(), 0, start("one"), start("over"), batch("old", state="done", ended=0))
    world = at(world, 1, end("over", 1), BatchRemoved(batch="old"))
    assert shown(world)[:2] == ["working one", "done over"]
    assert at(world, 1.1, unknown) == replace(world, tick=11)


@pytest.mark.parametrize("again", [start("e11", 1, title="again"), end("e99", 1)])
def test_nor_does_it_upstairs(again: Input) -> None:
    world = at(office(50), 0, *(start(f"e{number}", number) for number in range(12)))
    assert [execution.id for execution in world.unseated] == ["e10", "e11"]
    assert at(world, 0.1, again) == replace(world, tick=1)


def test_slots_name_tier_and_quota_change() -> None:
    quota = QuotaChanged(used=3, limit=50, resets_ms=ms(99))
    world = at(office(3), 1, SlotsChanged(slots=1), OfficeChanged(name="Southwind", tier="free"), quota)
    assert (world.slots, world.name, world.tier, world.quota) == (1, "Southwind", "free", quota)
    assert shown(world) == ["idle"] + 9 * ["off"]


def test_an_upgrade_wakes_the_sleepers() -> None:
    assert shown(at(office(3), 1, SlotsChanged(slots=20))) == 10 * ["idle"]


def test_inputs_apply_in_their_order() -> None:
    world = at(
        office(), 1, SlotsChanged(slots=3), SlotsChanged(slots=1), batch("b1"), BatchRemoved(batch="b1")
    )
    assert (world.slots, world.batches) == (1, {})


def test_one_upstairs_is_heard_and_comes_down_with_what_it_said() -> None:
    world = at(office(50), 0, *(start(f"e{number}", number, guess=60_000) for number in range(11)))
    world = at(world, 11, say("e10", 11, 500, note="reading"), wait("e10", 60))
    world = at(world, 12, end("e4", 12, "cancelled"))
    desk = world.desks[4]
    assert shown(world)[4] == "waiting e10"
    assert desk.since_ms == ms(11)
    assert desk.execution is not None
    assert desk.execution.note == "reading"


def test_one_upstairs_ends_without_having_been_seen() -> None:
    world = at(office(50), 0, *(start(f"e{number}", number) for number in range(12)))
    world = at(world, 20, end("e10", 20))
    assert [execution.id for execution in world.unseated] == ["e11"]
    assert world.last_end_ms == ms(20)


def test_a_finished_batch_leaves_after_an_hour() -> None:
    world = at(office(0), 10, batch("b1", state="done", ended=9.95), batch("b2"), batch("b3", ended=20))
    assert due(world) == 36_100
    world = at(world, 3_610)
    assert world.batches.keys() == {"b2", "b3"}
    assert due(world) == 36_200
    assert at(world, 3_620).batches.keys() == {"b2"}


def test_a_batch_that_finished_long_ago_does_not_come_back() -> None:
    world = at(office(0), 4_000, batch("b1", state="done", ended=100))
    assert (world.batches, due(world)) == ({}, None)


def test_a_batch_whose_failures_are_retried_stays() -> None:
    world = at(office(0), 10, batch("b1", state="done", ended=5))
    world = at(world, 20, batch("b1"))
    assert due(world) is None
    assert at(world, 9_999).batches.keys() == {"b1"}


def test_the_queue_is_the_last_one_told() -> None:
    assert at(at(office(), 1, queue(5)), 2, queue(4)).queue == queue(4)


DIGEST = """
import hashlib
from tests.contract.plays import PLAYS
from tests.contract.write_golden import golden
print(hashlib.sha256("".join(golden(make()) for make in PLAYS).encode()).hexdigest())
"""


@pytest.mark.parametrize("hashseed", ["1", "4242"])
def test_another_process_makes_the_same_frames(hashseed: str) -> None:
    here = hashlib.sha256("".join(golden(make()) for make in PLAYS).encode()).hexdigest()
    there = subprocess.run(
        [sys.executable, "-c", DIGEST],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hashseed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here
