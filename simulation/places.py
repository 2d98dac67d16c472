"""The floor as people walk it: seats, places for idle people, nodes and edges; shortest ways in whole centimetres.

The source of ``assets/places.json``, which the scene reads: `dump` gives its text and a test compares the two.
"""

import json
from collections.abc import Mapping
from functools import cache
from heapq import heappop, heappush
from itertools import pairwise
from math import isqrt
from types import MappingProxyType
from typing import NamedTuple

UNIT = (
    "centimetres: [x, z], x to the right, z towards the viewer; "
    "face in degrees, 0 looks to the viewer, 90 to the right"
)
SPEED = 140
"""How fast people walk, in centimetres a second."""
SETTLE_MS = 1_500
"""What getting up, coming into one's stride, and sitting down again take on top of the way."""


class Place(NamedTuple):
    """Where an idle person may stay a while: which way they face, in degrees, and how they stand or sit."""

    face: int
    pose: str


SEATS: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {
        "desk-0": (-460, -235, 0),
        "desk-1": (-225, -235, 0),
        "desk-2": (10, -235, 0),
        "desk-3": (245, -235, 0),
        "desk-4": (480, -235, 0),
        "desk-5": (-460, 120, 0),
        "desk-6": (-225, 120, 0),
        "desk-7": (10, 120, 0),
        "desk-8": (245, 120, 0),
        "desk-9": (480, 120, 0),
    }
)
"""The chair of each desk: x, z, face."""

PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "coffee-1": Place(-90, "coffee"),
        "coffee-2": Place(-90, "coffee"),
        "window-1": Place(-90, "look"),
        "shelf-1": Place(180, "read"),
        "display-1": Place(180, "look"),
        "poster-1": Place(180, "look"),
        "couch-1": Place(-90, "sit"),
        "couch-2": Place(-90, "sit"),
        "beanbag-1": Place(150, "lounge"),
        "beanbag-2": Place(-150, "lounge"),
        "cat-1": Place(-90, "crouch"),
    }
)

NODES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "back-left": (-590, -330),
        "back-right": (605, -330),
        "mid-left": (-590, -10),
        "mid-right": (605, -10),
        "front-left": (-590, 278),
        "front-right": (605, 278),
        "desk-0": (-398, -235),
        "aisle-0": (-398, -330),
        "desk-1": (-163, -235),
        "aisle-1": (-163, -330),
        "desk-2": (72, -235),
        "aisle-2": (72, -330),
        "desk-3": (307, -235),
        "aisle-3": (307, -330),
        "desk-4": (542, -235),
        "aisle-4": (542, -330),
        "desk-5": (-398, 120),
        "aisle-5": (-398, -10),
        "desk-6": (-163, 120),
        "aisle-6": (-163, -10),
        "desk-7": (72, 120),
        "aisle-7": (72, -10),
        "desk-8": (307, 120),
        "aisle-8": (307, -10),
        "desk-9": (542, 120),
        "aisle-9": (542, -10),
        "coffee-1": (-598, 120),
        "coffee-2": (-598, 195),
        "window-1": (-655, -15),
        "shelf-1": (-520, -395),
        "front-display": (-60, -330),
        "display-1": (-60, -385),
        "front-poster": (355, -330),
        "poster-1": (355, -390),
        "couch-1": (640, -270),
        "couch-2": (640, -190),
        "lounge-left": (-125, 278),
        "lounge-right": (45, 278),
        "beanbag-1": (-125, 325),
        "beanbag-2": (45, 320),
        "near-cat": (215, 278),
        "cat-1": (225, 325),
        "stairs": (620, -400),
    }
)

EDGES: tuple[tuple[str, str], ...] = (
    ("aisle-0", "aisle-1"),
    ("aisle-0", "back-left"),
    ("aisle-0", "desk-0"),
    ("aisle-1", "desk-1"),
    ("aisle-1", "front-display"),
    ("aisle-2", "aisle-3"),
    ("aisle-2", "desk-2"),
    ("aisle-2", "front-display"),
    ("aisle-3", "desk-3"),
    ("aisle-3", "front-poster"),
    ("aisle-4", "back-right"),
    ("aisle-4", "desk-4"),
    ("aisle-4", "front-poster"),
    ("aisle-5", "aisle-6"),
    ("aisle-5", "desk-5"),
    ("aisle-5", "mid-left"),
    ("aisle-6", "aisle-7"),
    ("aisle-6", "desk-6"),
    ("aisle-7", "aisle-8"),
    ("aisle-7", "desk-7"),
    ("aisle-8", "aisle-9"),
    ("aisle-8", "desk-8"),
    ("aisle-9", "desk-9"),
    ("aisle-9", "mid-right"),
    ("back-left", "mid-left"),
    ("back-left", "shelf-1"),
    ("back-right", "couch-1"),
    ("back-right", "couch-2"),
    ("back-right", "mid-right"),
    ("back-right", "stairs"),
    ("beanbag-1", "lounge-left"),
    ("beanbag-2", "lounge-right"),
    ("cat-1", "near-cat"),
    ("coffee-1", "mid-left"),
    ("coffee-2", "front-left"),
    ("display-1", "front-display"),
    ("front-left", "lounge-left"),
    ("front-left", "mid-left"),
    ("front-poster", "poster-1"),
    ("front-right", "mid-right"),
    ("front-right", "near-cat"),
    ("lounge-left", "lounge-right"),
    ("lounge-right", "near-cat"),
    ("mid-left", "window-1"),
)


def desk_place(number: int) -> str:
    """The name of a desk among the places: ``desk-0`` to ``desk-9``."""
    return f"desk-{number}"


@cache
def walk_ms(origin: str, goal: str) -> int:
    """How long somebody is on the shortest way, rounded up to whole milliseconds; the same in both directions.

    From sitting to sitting again, so `SETTLE_MS` longer than the way itself; nothing where it leads nowhere.

    Raises `KeyError` for a name that is no node, `ValueError` where no way leads.
    """
    way = route(origin, goal)
    length = sum(_distance(a, b) for a, b in pairwise(way))
    return 0 if length == 0 else SETTLE_MS - (-length * 1000 // SPEED)


@cache
def route(origin: str, goal: str) -> tuple[str, ...]:
    """The nodes of the shortest way from one place to another, both ends included (Dijkstra, 1959).

    Raises `KeyError` for a name that is no node, `ValueError` where no way leads.
    """
    neighbours = _neighbours()
    unknown = {origin, goal} - neighbours.keys()
    if unknown:
        raise KeyError(f"expected names of nodes, got {sorted(unknown)}")
    queue: list[tuple[int, tuple[str, ...]]] = [(0, (origin,))]
    reached: set[str] = set()
    while queue:
        length, way = heappop(queue)
        here = way[-1]
        if here == goal:
            return way
        if here in reached:
            continue
        reached.add(here)
        for there in neighbours[here]:
            heappush(queue, (length + _distance(here, there), (*way, there)))
    raise ValueError(f"expected a way from {origin} to {goal}, got none")


def dump() -> str:
    """The text of ``assets/places.json``."""
    floor = {
        "unit": UNIT,
        "speed": SPEED,
        "seats": SEATS,
        "places": [{"name": name, "face": place.face, "pose": place.pose} for name, place in PLACES.items()],
        "nodes": NODES,
        "edges": EDGES,
    }
    return json.dumps(floor, indent=1, default=dict) + "\n"


def _distance(a: str, b: str) -> int:
    (ax, az), (bx, bz) = NODES[a], NODES[b]
    return isqrt((ax - bx) ** 2 + (az - bz) ** 2)


@cache
def _neighbours() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {name: [] for name in NODES}
    for a, b in EDGES:
        found[a].append(b)
        found[b].append(a)
    return {name: tuple(sorted(others)) for name, others in found.items()}
