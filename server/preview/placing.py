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
    behind = Behind(heads, taken, walls)
    best: tuple[float, Point] | None = None
    for later, spot in enumerate(spots):
        for up in _RISES:
            for across in _SHIFTS:
                at = Point(spot.x + wide * across, spot.y + high * up)
                away = abs(across) + abs(up) / 2 + later * _LATER
                cost = away + behind.cost(Box(*at, wide, high))
                if best is None or cost < best[0]:
                    best = cost, at
    return spots[0] if best is None else best[1]


class Edges(NamedTuple):
    """What a box covers of the picture, and how much that is."""

    left: float
    right: float
    top: float
    low: float
    area: float


def _edges(box: Box) -> Edges:
    w, h = box.wide / 2, box.high / 2
    return Edges(box.x - w, box.x + w, box.y - h, box.y + h, box.wide * box.high)


def _round(wall: Outline) -> Edges:
    xs, ys = [corner.x for corner in wall], [corner.y for corner in wall]
    return Edges(min(xs), max(xs), min(ys), max(ys), 0.0)


class Behind:
    """What a plate may hide: faces, other plates, signs. Asked for dozens of places for each plate, so it is kept plain."""

    def __init__(self, heads: list[Face], taken: list[Box], walls: Walls) -> None:
        self._heads = [_edges(Box(head.x, head.y, 2 * head.half, 2 * head.half)) for head in heads]
        self._taken = [_edges(Box(other.x, other.y, other.wide + 8, other.high + 8)) for other in taken]
        self._walls = [(_round(wall), wall) for wall in walls]

    def cost(self, box: Box) -> float:
        """How bad it is to cover this: a whole face costs 6, touching a plate 5, touching a sign 4."""
        left, right, top, low, _ = _edges(box)
        hidden = sum(
            (min(right, head.right) - max(left, head.left))
            * (min(low, head.low) - max(top, head.top))
            / head.area
            for head in self._heads
            if right > head.left and left < head.right and low > head.top and top < head.low
        )
        touched = sum(
            right > other.left and left < other.right and low > other.top and top < other.low
            for other in self._taken
        )
        corners = (Point(left, top), Point(right, top), Point(right, low), Point(left, low))
        blocked = sum(
            right > near.left
            and left < near.right
            and low > near.top
            and top < near.low
            and overlap(corners, wall)
            for near, wall in self._walls
        )
        return 6 * hidden + 4 * blocked + 5 * touched
