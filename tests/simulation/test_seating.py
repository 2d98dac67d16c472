"""Who sits where: the order of product.md O2, and how long ended work holds a desk."""

from random import Random

import pytest

from simulation.desk import Activity, Desk
from simulation.execution import begun
from simulation.inputs import Ended, EndState, Input, SlotsChanged
from simulation.seating import age, choose, end, leave, seat, settle, show
from simulation.timestep import Moment
from tests.simulation import facts
from tests.simulation.facts import at, ms, office, shown, start

NOW = Moment(tick=100, now_ms=ms(10), hz=10, seed=5)


def desks(**odd: str) -> list[Desk]:
    """Ten desks, written as their activity, or as the activity and the second since: ``d3="done 7"``."""
    made = []
    for number in range(10):
        activity, _, second = odd.get(f"d{number}", "working").partition(" ")
        made.append(Desk(number=number, activity=Activity(activity), since_ms=ms(int(second or 0))))
    return made


@pytest.mark.parametrize(
    ("room", "slots", "number"),
    [
        (desks(d1="done 7", d2="idle", d4="idle", d6="off"), 5, 2),
        (desks(d1="done 7", d3="failed 6", d6="off", d8="done 1"), 5, 3),
        (desks(d1="done 7", d3="failed 7"), 5, 1),
        (desks(d6="off", d7="done 1", d8="off"), 5, 6),
        (desks(d7="done 3", d8="failed 2"), 5, 8),
        (desks(d0="off", d9="off"), 0, 0),
        (desks(d9="idle"), 50, 9),
    ],
)
def test_the_next_desk(room: list[Desk], slots: int, number: int) -> None:
    chosen = choose(room, slots)
    assert chosen is not None
    assert chosen.number == number


def test_no_desk_while_all_ten_run() -> None:
    assert choose(desks(d4="waiting"), 10) is None


def test_the_oldest_first_then_by_id() -> None:
    begun_ones = [begun(start("b", 2)), begun(start("c", 1)), begun(start("a", 2))]
    assert [execution.id for execution in sorted(begun_ones, key=age)] == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("state", "retry", "activity", "seconds"),
    [("done", None, "done", 2), ("failed", None, "failed", 5), ("failed", 60, "failed", 2)],
)
def test_holds(state: EndState, retry: float | None, activity: str, seconds: int) -> None:
    world = at(office(), 0, start("one"))
    world = at(world, 10, facts.end("one", 9.95, state, retry=retry))
    assert shown(world)[0] == f"{activity} one"
    assert world.desks[0].since_ms == ms(9.95)
    assert shown(at(world, 10 + seconds - 0.1))[0] == f"{activity} one"
    assert shown(at(world, 10 + seconds))[0] == "idle"


@pytest.mark.parametrize("state", ["cancelled", "lost"])
def test_cancelled_or_lost_is_idle_at_once(state: EndState) -> None:
    world = at(office(), 0, start("one"))
    assert shown(at(world, 10, facts.end("one", 10, state)))[0] == "idle"


def test_a_failure_says_why_and_when_it_tries_again() -> None:
    working = seat(desks(d0="idle")[0], begun(start("one")), NOW)
    failed = end(working, facts.end("one", 10, "failed", reason="timeout", retry=70), NOW)
    assert (failed.reason, failed.retry_ms, failed.turn_tick) == ("timeout", ms(70), 120)
    assert (leave(failed, NOW).reason, leave(failed, NOW).retry_ms) == (None, None)
    done = end(working, facts.end("one", 10, "done", reason="exit", retry=70), NOW)
    assert (done.reason, done.retry_ms) == (None, None)


def test_a_desk_shows_its_execution_waiting_since_the_wait_began() -> None:
    world = at(office(), 1, start("one", 0.9))
    world = at(world, 5, facts.wait("one", 9))
    assert (shown(world)[0], world.desks[0].since_ms) == ("waiting one", ms(5))
    world = at(world, 9, facts.wait("one", None))
    assert (shown(world)[0], world.desks[0].since_ms) == ("working one", ms(0.9))


def test_showing_an_execution_keeps_the_way_back() -> None:
    world = office()
    while not world.desks[0].walk:
        world = at(world, world.tick / 10 + 0.1)
    called = at(world, world.tick / 10 + 1, start("one", 3))
    assert called.desks[0].walk is not None
    again = show(called.desks[0], begun(start("one", 3, title="other")))
    assert again.walk == called.desks[0].walk


def test_settling_wakes_within_the_slots_and_puts_to_sleep_beyond() -> None:
    room = desks(d2="off", d3="idle", d7="off", d8="idle", d9="done 1")
    settled = [str(settle(desk, 5, NOW).activity) for desk in room]
    assert settled[2:4] == ["idle", "idle"]
    assert settled[7:] == ["off", "off", "done"]
    assert settle(room[3], 5, NOW) is room[3]


def test_a_late_execution_takes_the_held_desk_rather_than_wake_a_sleeper() -> None:
    world = at(office(2), 0, start("a"), start("b"))
    world = at(world, 5, facts.end("b", 5), start("c", 5))
    assert shown(world)[:3] == ["working a", "working c", "off"]


def test_more_than_the_slots_wakes_sleepers_lowest_first() -> None:
    world = at(office(3), 0, *(start(f"e{number}", number / 10) for number in range(5)))
    assert shown(world)[:6] == ["working e0", "working e1", "working e2", "working e3", "working e4", "off"]


def test_what_began_and_ended_within_one_tick_is_not_seated() -> None:
    world = at(office(), 5, start("one", 4.95), facts.end("one", 4.99))
    assert shown(world) == ["idle"] * 10


@pytest.mark.parametrize("seed", range(40))
def test_from_fifty_to_one_the_ten_stay_busy_and_fall_asleep_only_when_empty(seed: int) -> None:
    chance = Random(seed)
    names = [f"e{number:02}" for number in range(50)]
    world = at(office(50), 1, *(start(name, number / 100) for number, name in enumerate(names)))
    upstairs, left = names[10:], list(names)
    world = at(world, 2, SlotsChanged(slots=1))
    second = 2.0
    while left:
        second += chance.choice((0.1, 0.1, 0.7, 3.0))
        ended = [
            left.pop(chance.randrange(len(left))) for _ in range(min(len(left), chance.choice((1, 2, 4))))
        ]
        before = world
        world = at(world, second, *(one_end(name, second, chance) for name in ended))
        upstairs = [name for name in upstairs if name not in ended]
        freed = sum(desk.execution is not None and desk.execution.id in ended for desk in before.desks)
        seated, upstairs = upstairs[:freed], upstairs[freed:]
        at_desks = {desk.execution.id for desk in world.desks if desk.execution}
        assert set(seated) <= at_desks, "the oldest of those upstairs come down"
        assert [execution.id for execution in world.unseated] == upstairs
        assert not upstairs or "off" not in shown(world)
        assert sum(text.startswith("working") for text in shown(world)) == min(10, len(left))
        world.check()
    assert shown(at(world, second + 5)) == ["idle"] + 9 * ["off"]


def one_end(name: str, second: float, chance: Random) -> Ended:
    return facts.end(name, second, chance.choice(("done", "failed", "cancelled", "lost")))


def test_nothing_new_takes_a_desk_beyond_one_slot_before_its_turn() -> None:
    """Slots cut from three to one: the held desk within goes before sleepers, sleepers before those held beyond."""
    world = at(office(3), 0, start("a"), start("b", 0.1), start("c", 0.2), SlotsChanged(slots=1))
    ends: list[Input] = [facts.end("a", 5), facts.end("c", 5)]
    world = at(world, 5, *ends)
    assert shown(world)[:4] == ["done a", "working b", "done c", "off"]
    assert shown(at(world, 6, start("d", 6)))[:4] == ["working d", "working b", "done c", "off"]
    both = shown(at(world, 6, start("d", 6), start("e", 6)))
    assert both[:5] == ["working d", "working b", "done c", "working e", "off"]
