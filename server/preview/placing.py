"""Where a plate wants to be: at its desk, and beside whatever face or sign would be behind it there."""

from collections.abc import Iterable
from typing import NamedTuple

from server.preview.camera import Camera
from server.preview.scene import facts
from server.preview.solver import Outline, Point, overlap
from simulation.places import NODES, desk_place

OVER_HEAD = 2.02
"""Above the head of who sits in the back row."""
_ASIDE = 0.55
BACK_ROW = 5
_LIFT = 8
_HEAD_SEATED, _HEAD_STANDING, _HEAD = 1.5, 1.72, 0.34
"""How high a head's middle is, and half its width, in metres."""
_SHIFTS = (0.0, -0.12, 0.12, -0.24, 0.24, -0.36, 0.36, -0.46, 0.46)
"""How far to the side a plate may go, as a share of its width."""
_LATER = 1.1
"""What the second place that is wanted costs more than the first."""
Walls = tuple[Outline, ...]
"""Signs that no plate may cover."""
_RISES = (0.0, -0.35, 0.35)
"""How far up or down, as a share of its height."""


class Face(NamedTuple):
    """A head in the picture: whose it is, and the box round it."""

    number: int
    x: float
    y: float
    half: float


def faces(camera: Camera, numbers: Iterable[int], cheering: frozenset[int]) -> list[Face]:
    """The heads of those who are at their desks."""
    found = []
    for number in numbers:
        desk = facts()["desks"][number]
        x, y, z = desk["x"], _HEAD_SEATED, desk["z"] - facts()["seatToDesk"] + 0.1
        if number in cheering:
            node = NODES[desk_place(number)]
            x, y, z = node[0] / 100, _HEAD_STANDING, node[1] / 100
        found.append(Face(number, *camera.at(x, y, z), _HEAD * camera.ppm))
    return found


def front(camera: Camera, number: int) -> Point:
    """The middle of a desk's front edge; of the back row beside it, where nobody of the front row stands before it."""
    desk, aside = facts()["desks"][number], _ASIDE if number < BACK_ROW else 0.0
    return Point(*camera.at(desk["x"] + aside, 0.6, desk["z"] + facts()["desk"]["depth"] / 2))


def above(camera: Camera, number: int, scale: float) -> Point:
    """Above the head of who sits at a desk."""
    desk = facts()["desks"][number]
    x, y = camera.at(desk["x"], OVER_HEAD, desk["z"] - facts()["seatToDesk"])
    return Point(x, y - _LIFT * scale)


class Box(NamedTuple):
    """A plate in the picture: its middle and its size."""

    x: float
    y: float
    wide: float
    high: float


def beside(
    spots: list[Point], size: tuple[float, float], heads: list[Face], taken: list[Box], walls: Walls
) -> Point:
    """Where a plate of this size hides the least of faces, signs and other plates: near the first of ``spots``, if it can."""
    wide, high = size
    places = [
        (
            Box(spot.x + wide * across, spot.y + high * up, wide, high),
            abs(across) + abs(up) / 2 + later * _LATER,
        )
        for later, spot in enumerate(spots)
        for up in _RISES
        for across in _SHIFTS
    ]
    costs = [(away + _cost(box, heads, taken, walls), index) for index, (box, away) in enumerate(places)]
    box = places[min(costs)[1]][0]
    return Point(box.x, box.y)


def _cost(box: Box, heads: list[Face], taken: list[Box], walls: Walls) -> float:
    hidden = sum(_shared(box, Box(head.x, head.y, 2 * head.half, 2 * head.half)) for head in heads)
    touched = sum(
        _shared(box, other._replace(wide=other.wide + 8, high=other.high + 8)) > 0 for other in taken
    )
    w, h = box.wide / 2, box.high / 2
    corners = tuple(Point(box.x + dx * w, box.y + dy * h) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    blocked = sum(_near(box, wall) and overlap(corners, wall) for wall in walls)
    return 6 * hidden + 4 * blocked + 5 * touched


def _shared(box: Box, other: Box) -> float:
    """How much of another box is behind a box, 0 to 1."""
    across = min(box.x + box.wide / 2, other.x + other.wide / 2) - max(
        box.x - box.wide / 2, other.x - other.wide / 2
    )
    along = min(box.y + box.high / 2, other.y + other.high / 2) - max(
        box.y - box.high / 2, other.y - other.high / 2
    )
    return max(0.0, across) * max(0.0, along) / (other.wide * other.high)


def _near(box: Box, wall: Outline) -> bool:
    """Whether the box round an outline is touched at all: quickly told, and seldom so."""
    left, right = min(corner.x for corner in wall), max(corner.x for corner in wall)
    top, low = min(corner.y for corner in wall), max(corner.y for corner in wall)
    across = box.x + box.wide / 2 > left and box.x - box.wide / 2 < right
    return across and box.y + box.high / 2 > top and box.y - box.high / 2 < low
