"""The world at its beginning, and the invariants it is held to."""

from dataclasses import replace

import pytest
from hypothesis import given

from simulation.desk import Activity, Desk
from simulation.execution import begun
from simulation.tick import advance
from simulation.world import World, begin, due_of, keep_seats
from tests.simulation.facts import BASE_MS, at, batch, end, ms, office, queue, shown, start
from tests.simulation.histories import SETTINGS, History, histories, lived


@pytest.mark.parametrize("slots", [0, 1, 3, 10, 50])
def test_an_office_begins_with_everyone_in_place(slots: int) -> None:
    world = office(slots)
    world.check()
    awake = min(10, slots)
    assert shown(world) == ["idle"] * awake + ["off"] * (10 - awake)
    assert not any(desk.away for desk in world.desks)
    assert (world.tick, world.now_ms, world.running) == (0, BASE_MS, 0)


def test_nobody_walks_in() -> None:
    """The first stroll comes after a rest, and not two at once."""
    turns = [desk.turn_tick for desk in office().desks]
    assert None not in turns
    assert len(set(turns)) == 10
    assert min(tick for tick in turns if tick) >= 600


@pytest.mark.parametrize(("slots", "hz"), [(-1, 10), (3, 0)])
def test_an_impossible_office_is_refused(slots: int, hz: int) -> None:
    with pytest.raises(ValueError, match=f"got {hz} and {slots}"):
        begin("office1", "", "pro", slots, BASE_MS, hz)


def test_what_is_due_first() -> None:
    desks = [replace(desk, turn_tick=90 + desk.number) for desk in office(0).desks]
    assert due_of(desks, None) == 90
    assert due_of(desks, 5) == 5
    assert due_of(office(0).desks, None) is None


def test_running_counts_desks_and_those_beyond() -> None:
    world = at(office(50), 0, *(start(f"e{number:02}", 0) for number in range(23)))
    assert (world.running, len(world.unseated)) == (23, 13)


def test_finished_is_the_last_end_once_there_was_work_and_none_is_left() -> None:
    world = at(office(), 0, queue(1))
    assert at(office(), 5, queue(0)).finished_ms is None, "there was no work"
    world = at(world, 1, start("a", 1), start("b", 1), queue(1))
    world = at(world, 4, end("a", 3.95), end("b", 3.9))
    assert world.finished_ms is None, "one still waits"
    world = at(world, 5, queue(0))
    assert world.finished_ms == ms(3.95)
    assert at(world, 6, start("c", 6)).finished_ms is None


def test_a_batch_that_ended_says_when_all_was_finished() -> None:
    """Work that began and ended within a tick is seen in its batch alone; so is work from before a restart."""
    assert at(office(), 5, batch("b1", state="done", ended=4.2)).finished_ms == ms(4.2)


def test_a_rebuild_moves_nobody() -> None:
    before = at(office(2), 5, *(start(name, second) for second, name in enumerate("cbad")))
    before = at(before, 6, end("c", 6), end("b", 6, "cancelled"))
    assert shown(before)[:4] == ["done c", "idle", "working a", "working d"]
    facts = [start("new", 6), start("a", 2), start("d", 3)]
    after = advance(keep_seats(office(2), before, facts), 0, facts)
    assert shown(after)[:5] == ["working new", "idle", "working a", "working d", "off"]


@SETTINGS
@given(histories())
def test_after_a_rebuild_everyone_sits_where_they_sat(history: History) -> None:
    *_, (before, _) = lived(history)
    at_desks = [desk.execution for desk in before.desks if str(desk.activity) in {"working", "waiting"}]
    facts = [known.began for known in (*at_desks, *before.unseated) if known is not None]
    first = begin(before.office, "", "pro", before.slots, BASE_MS)
    after = advance(keep_seats(first, before, facts), 0, facts)
    after.check()
    assert after.running == before.running
    for desk, was in zip(after.desks, before.desks, strict=True):
        if was.execution in at_desks and was.execution is not None:
            assert desk.execution is not None
            assert desk.execution.id == was.execution.id


def broken(world: World, number: int, **odd: object) -> World:
    desk = replace(world.desks[number], **odd)  # type: ignore[arg-type]
    return replace(world, desks=(*world.desks[:number], desk, *world.desks[number + 1 :]))


BUSY = at(office(50), 0, *(start(f"e{number:02}", number / 100) for number in range(12)))
IDLE = office(5)


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        (replace(IDLE, desks=IDLE.desks[1:]), "desks 0 to 9"),
        (broken(IDLE, 0, execution=begun(start("x"))), "an execution if the desk is not empty"),
        (broken(BUSY, 0, execution=None), "an execution if the desk is not empty"),
        (broken(IDLE, 0, activity=Activity.OFF), "nobody asleep within 5 slots"),
        (broken(IDLE, 7, activity=Activity.IDLE), "nobody idle beyond 5 slots"),
        (broken(BUSY, 1, activity=Activity.DONE), "a hold that ends"),
        (broken(BUSY, 1, reason="exit"), "a reason only of a failure"),
        (broken(BUSY, 1, place="couch-1"), "only idle people at places"),
        (broken(BUSY, 1, execution=begun(start("e00"))), "every execution once"),
        (replace(BUSY, unseated=BUSY.unseated[::-1]), "the oldest unseated first"),
        (replace(IDLE, unseated=(begun(start("x")),)), "nobody unseated while a desk is free"),
        (broken(broken(IDLE, 0, place="cat-1"), 1, place="cat-1"), "every place held once"),
        (replace(IDLE, due_tick=3), "due tick"),
        (replace(IDLE, tick=10**6), "nothing due at tick"),
    ],
)
def test_what_may_never_hold_is_found(world: World, expected: str) -> None:
    with pytest.raises(AssertionError, match=f"expected {expected}"):
        world.check()


def test_more_than_three_away_is_found() -> None:
    world = IDLE
    for number, place in enumerate(("couch-1", "couch-2", "cat-1", "shelf-1")):
        world.check()
        world = broken(world, number, place=place)
    with pytest.raises(AssertionError, match="at most 3 people away"):
        world.check()


def test_a_desk_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Desk(number=0, activity=Activity.IDLE, since_ms=0).number = 1  # type: ignore[misc]
