"""A desk: ten of them, the steps between activities, and where its person is."""

from itertools import product

import pytest

from simulation.desk import EMPTY, HELD, NEXT, RUNNING, WORKERS, Activity, Desk, Walk, follows

WALK = Walk(origin="desk-3", goal="couch-1", start_ms=0, end_ms=4_000, end_tick=40)
HOME = Walk(origin="couch-1", goal="desk-3", start_ms=0, end_ms=4_000, end_tick=40)


def test_ten_workers_have_names() -> None:
    assert WORKERS == ("Ada", "Bruno", "Chiyo", "Dalia", "Emeka", "Freya", "Gus", "Hana", "Ivo", "Juno")


def test_every_activity_is_empty_running_or_held() -> None:
    assert EMPTY | RUNNING | HELD == set(Activity) == NEXT.keys()
    assert not EMPTY & RUNNING
    assert not HELD & (EMPTY | RUNNING)


@pytest.mark.parametrize(("before", "after"), list(product(Activity, Activity)))
def test_the_table_decides_every_step(before: Activity, after: Activity) -> None:
    if after in NEXT[before]:
        assert follows(before, after) is after
    else:
        with pytest.raises(AssertionError, match=f"after {before}, got {after}"):
            follows(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [("idle", "done"), ("off", "failed"), ("done", "failed"), ("done", "off"), ("working", "off")],
)
def test_steps_that_would_be_false(before: str, after: str) -> None:
    assert Activity(after) not in NEXT[Activity(before)]


def person(*, place: str | None = None, walk: Walk | None = None, turn_tick: int | None = None) -> Desk:
    return Desk(number=3, activity=Activity.IDLE, since_ms=0, place=place, walk=walk, turn_tick=turn_tick)


@pytest.mark.parametrize(
    ("desk", "away", "reserved"),
    [
        (person(), False, None),
        (person(walk=WALK), True, "couch-1"),
        (person(place="couch-1"), True, "couch-1"),
        (person(walk=HOME), True, None),
    ],
)
def test_a_place_is_held_from_setting_out_to_leaving(desk: Desk, away: bool, reserved: str | None) -> None:
    assert (desk.home, desk.away, desk.reserved) == ("desk-3", away, reserved)


@pytest.mark.parametrize(
    ("desk", "tick"),
    [
        (person(), None),
        (person(turn_tick=50), 50),
        (person(walk=WALK), 40),
        (person(walk=HOME, turn_tick=50), 40),
        (person(walk=HOME, turn_tick=30), 30),
    ],
)
def test_the_next_tick_is_that_of_the_walk_or_of_the_turn(desk: Desk, tick: int | None) -> None:
    assert desk.next_tick == tick
