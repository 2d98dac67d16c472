"""Strolls: calm, by chance that repeats, never in the way of the truth."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from simulation.desk import Activity, Desk, Walk
from simulation.idle import arrive, away_max, chance, homeward, rest, seed_of, stir
from simulation.inputs import SlotsChanged
from simulation.places import PLACES, walk_ms
from simulation.tick import advance, due
from simulation.timestep import Moment
from simulation.world import World, begin
from tests.simulation.facts import BASE_MS, HZ, at, end, office, start

NOW = Moment(tick=1_000, now_ms=BASE_MS + 100_000, hz=HZ, seed=seed_of("office1"))


def idle(number: int = 3, **odd: object) -> Desk:
    return replace(Desk(number=number, activity=Activity.IDLE, since_ms=BASE_MS), **odd)  # type: ignore[arg-type]


def strolling(seconds: int, name: str = "office1") -> Iterator[World]:
    """An office without work, at every tick at which anything happens."""
    world = begin(name, "", "pro", 10, BASE_MS, HZ)
    while (tick := due(world)) is not None and tick <= seconds * HZ:
        world = advance(world, tick, [])
        yield world


def first_walk(world: World) -> World:
    """The office at the moment somebody sets out."""
    while all(desk.walk is None for desk in world.desks):
        world = advance(world, due(world) or 0, [])
    return world


def walker(world: World) -> Desk:
    return next(desk for desk in world.desks if desk.walk is not None)


def test_seeds_are_those_of_fnv() -> None:
    assert seed_of("") == 0xCBF29CE484222325
    assert seed_of("a") == 0xAF63DC4C8601EC8C
    assert seed_of("foobar") == 0x85944171F73967E8


def test_chance_repeats_and_depends_on_all_that_is_given() -> None:
    asked = [
        chance(NOW, 3, 1, 10**9),
        chance(NOW, 4, 1, 10**9),
        chance(NOW, 3, 2, 10**9),
        chance(replace(NOW, tick=1_001), 3, 1, 10**9),
        chance(replace(NOW, seed=seed_of("office2")), 3, 1, 10**9),
    ]
    assert len(set(asked)) == 5
    assert asked[0] == chance(NOW, 3, 1, 10**9)


def test_chance_is_even() -> None:
    counts = Counter(chance(replace(NOW, tick=tick), 0, 4, 11) for tick in range(11_000))
    assert counts.keys() == set(range(11))
    assert all(850 < count < 1_150 for count in counts.values())


def test_a_rest_lasts_one_to_two_and_a_half_minutes() -> None:
    rests = [
        rest(idle(number), replace(NOW, tick=tick)) - tick for number in range(10) for tick in range(300)
    ]
    assert 600 <= min(rests) < 660
    assert 1_440 < max(rests) <= 1_500


def test_people_stroll_every_one_and_a_half_to_four_minutes() -> None:
    out: dict[int, list[int]] = {number: [] for number in range(10)}
    for world in strolling(7_200):
        for desk in world.desks:
            if desk.walk and desk.walk.goal != desk.home and desk.walk.start_ms == world.now_ms:
                out[desk.number].append(desk.walk.start_ms)
    apart = [(later - earlier) / 60_000 for starts in out.values() for earlier, later in pairwise(starts)]
    assert all(len(starts) > 20 for starts in out.values())
    assert min(apart) > 1.5
    assert 2.5 < sum(apart) / len(apart) < 3
    assert sum(minutes > 4 for minutes in apart) < len(apart) / 15


def test_at_most_three_are_away_and_every_place_is_visited() -> None:
    away, places = Counter[int](), set[str]()
    for world in strolling(7_200):
        world.check()
        away[sum(desk.away for desk in world.desks)] += 1
        places.update(desk.place for desk in world.desks if desk.place)
    assert max(away) == away_max
    assert places == PLACES.keys()


def test_strolling_is_cheap() -> None:
    """Ten idle people make a handful of changes a minute."""
    assert sum(1 for _ in strolling(3_600)) / 60 < 18


def test_offices_do_not_stroll_in_step() -> None:
    assert [world.tick for world in strolling(600)] != [world.tick for world in strolling(600, "office2")]


def test_one_sets_out_stays_and_comes_back() -> None:
    world = first_walk(office())
    desk = walker(world)
    number, walk = desk.number, desk.walk
    assert walk is not None
    assert walk.end_ms - walk.start_ms == walk_ms(desk.home, walk.goal)
    there = at(world, walk.end_tick / HZ).desks[number]
    assert (there.walk, there.place) == (None, walk.goal)
    assert there.turn_tick is not None
    assert 200 <= there.turn_tick - walk.end_tick <= 350
    back = at(world, there.turn_tick / HZ).desks[number]
    assert back.walk is not None
    assert (back.walk.origin, back.walk.goal, back.place) == (walk.goal, desk.home, None)
    home = at(world, back.walk.end_tick / HZ).desks[number]
    assert not home.away
    assert home.since_ms == desk.since_ms, "a stroll is no change of activity"


@pytest.mark.parametrize("gone_ticks", [1, 17])
def test_one_who_is_called_turns_round_on_the_spot(gone_ticks: int) -> None:
    world = first_walk(office())
    desk = walker(world)
    walk = desk.walk
    assert walk is not None
    second = world.tick / HZ + gone_ticks / HZ
    others = [start(f"e{number}", second) for number in range(10)]
    called = at(world, second, *others)
    taken = called.desks[desk.number]
    assert taken.activity is Activity.WORKING
    assert taken.walk is not None
    assert (taken.walk.origin, taken.walk.goal) == (walk.goal, desk.home)
    lasts_ms = walk.end_ms - walk.start_ms
    assert taken.walk.end_ms - taken.walk.start_ms == lasts_ms
    gone_ms = called.now_ms - walk.start_ms
    assert called.now_ms - taken.walk.start_ms == lasts_ms - gone_ms, "as far from the goal as before"
    assert at(called, second + gone_ticks / HZ).desks[desk.number].walk is None


def test_one_who_has_not_left_yet_stays() -> None:
    setting_out = stir(idle(), [idle()], NOW)
    assert setting_out.walk is not None
    assert homeward(setting_out, NOW) is None


def test_one_at_a_place_walks_back_and_one_on_the_way_back_goes_on() -> None:
    way = homeward(idle(place="couch-1"), NOW)
    assert way is not None
    assert (way.origin, way.goal, way.start_ms) == ("couch-1", "desk-3", NOW.now_ms)
    assert homeward(idle(walk=way), NOW) is way
    assert homeward(idle(), NOW) is None


def test_whoever_is_called_to_work_while_away_rests_only_after_coming_home() -> None:
    world = first_walk(office())
    number = walker(world).number
    second = world.tick / HZ + 2
    world = at(world, second, *(start(f"e{each}", second) for each in range(10)))
    world = at(world, second + 0.5, end(f"e{number}", second + 0.5, "cancelled"))
    desk = world.desks[number]
    assert (desk.activity, desk.turn_tick) == (Activity.IDLE, None)
    assert desk.walk is not None
    home = at(world, desk.walk.end_tick / HZ).desks[number]
    assert home.walk is None
    assert home.turn_tick is not None


def test_those_sent_to_sleep_go_back_to_their_desks() -> None:
    world = first_walk(office())
    number = walker(world).number
    world = at(world, world.tick / HZ + 3, SlotsChanged(slots=0))
    desk = world.desks[number]
    assert desk.activity is Activity.OFF
    assert desk.walk is not None
    assert desk.walk.goal == desk.home
    asleep = at(world, desk.walk.end_tick / HZ)
    assert due(asleep) is None, "nobody who sleeps ever strolls"


def test_nobody_leaves_while_three_are_away() -> None:
    others = [idle(number, place=place) for number, place in enumerate(("couch-1", "couch-2", "cat-1"))]
    stays = stir(idle(7), others, NOW)
    assert not stays.away
    assert stays.turn_tick is not None
    assert 100 <= stays.turn_tick - NOW.tick <= 300


def test_a_reserved_place_is_not_chosen() -> None:
    walks = [Walk(origin="desk-0", goal=place, start_ms=0, end_ms=1, end_tick=1) for place in PLACES]
    out = [idle(number, walk=walk) for number, walk in enumerate(walks)]
    for place in PLACES:
        two = [desk for desk in out if desk.reserved != place][:2]
        goals = {
            leaving.walk.goal
            for tick in range(200)
            if (leaving := stir(idle(9), two, replace(NOW, tick=tick))).walk is not None
        }
        assert goals == PLACES.keys() - {desk.reserved for desk in two}


def test_arriving_nowhere_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="someone walking at desk 3"):
        arrive(idle(), NOW)
