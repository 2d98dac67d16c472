"""The floor: its one source, and ways across it that are the same in both directions."""

import json
from itertools import product
from pathlib import Path

import pytest

from simulation.desk import desks_max
from simulation.places import EDGES, NODES, PLACES, SEATS, SETTLE_MS, SPEED, desk_place, dump, route, walk_ms

DESKS = [desk_place(number) for number in range(desks_max)]


def test_the_scene_reads_what_the_simulation_knows() -> None:
    kept = Path(__file__).parents[2] / "assets" / "places.json"
    assert kept.read_text(encoding="utf-8") == dump(), (
        "write simulation.places.dump() into assets/places.json"
    )


def test_the_dump_has_the_shape_the_scene_expects() -> None:
    floor = json.loads(dump())
    assert list(floor) == ["unit", "speed", "seats", "places", "nodes", "edges"]
    assert floor["places"][0] == {"name": "coffee-1", "face": -90, "pose": "coffee"}
    assert floor["seats"]["desk-0"] == [-460, -235, 0]
    assert floor["edges"][0] == ["aisle-0", "aisle-1"]


def test_every_desk_has_a_seat_and_every_place_a_node() -> None:
    assert list(SEATS) == DESKS
    assert {*DESKS, *PLACES} <= NODES.keys()
    assert {end for edge in EDGES for end in edge} <= NODES.keys()


def test_a_straight_way_takes_its_length() -> None:
    assert route("aisle-0", "aisle-1") == ("aisle-0", "aisle-1")
    assert walk_ms("aisle-0", "aisle-1") == SETTLE_MS - (-(398 - 163) * 1000 // SPEED)
    assert walk_ms("desk-3", "desk-3") == 0


def test_the_shortest_way_is_taken() -> None:
    assert route("desk-0", "shelf-1") == ("desk-0", "aisle-0", "back-left", "shelf-1")
    assert route("desk-4", "couch-1") == ("desk-4", "aisle-4", "back-right", "couch-1")


@pytest.mark.parametrize(("desk", "place"), list(product(DESKS, PLACES)))
def test_the_way_back_is_the_way_there(desk: str, place: str) -> None:
    assert route(place, desk) == route(desk, place)[::-1]
    assert walk_ms(place, desk) == walk_ms(desk, place)
    assert 1_000 < walk_ms(desk, place) < 20_000


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="got \\['moon'\\]"):
        route("desk-0", "moon")


def test_a_place_cut_off_from_the_rest_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulation.places._neighbours", lambda: {"desk-0": (), "island": ()})
    with pytest.raises(ValueError, match="expected a way from desk-0 to island"):
        route.__wrapped__("desk-0", "island")
