"""Where plates go: each at its desk if there is room; else words go in a fixed order, neighbours slide, rings are left.

No two touch, none covers the wall display or the stairs, none leaves the picture: `web/src/scene/plates/solver.ts`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple


class Point(NamedTuple):
    """A place in the picture."""

    x: float
    y: float


Outline = tuple[Point, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plate:
    """A label: where its middle wants to be, and how wide it is with all its words, with its name, as a ring alone."""

    number: int
    back: bool
    at: Point
    full: float
    name: float
    ring: float
    keep: bool
    """Failed or waiting: its words stay as long as any do."""
    upstairs: bool = False


@dataclass(kw_only=True, slots=True)
class Placed:
    """Where the middle of a plate is, and what of it is shown: full, name, ring or hidden."""

    plate: Plate
    level: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """What plates keep clear of: the picture's edges, and the outlines of display and stairs."""

    left: float
    top: float
    right: float
    bottom: float
    high: float
    """The height of a plate."""
    display: Outline
    stairs: Outline
    gap: float


_ROUNDS = 60
_SIDEWAYS = 3
_Level = Callable[[Plate], str]


def _words(plate: Plate) -> str:
    return "full" if plate.upstairs else "name"


_STEPS: tuple[tuple[_Level, bool], ...] = (
    (lambda _: "full", False),
    (lambda plate: "full" if plate.keep or not plate.back else _words(plate), False),
    (lambda plate: "full" if plate.keep else _words(plate), False),
    (lambda plate: "full" if plate.keep else _words(plate), True),
    (lambda plate: "name" if plate.keep else "ring", True),
)


def solved(plates: list[Plate], room: Room) -> list[Placed]:
    """Places all plates; the first step at which nothing touches wins."""
    if (boxes := _shortened(plates, room)) is not None:
        return boxes
    for level, slides in _STEPS:
        boxes = _laid(plates, level, room)
        if slides:
            _push_apart(boxes, room)
        if _settled(boxes, room):
            return boxes
    return _rings(plates, room)


def _shortened(plates: list[Plate], room: Room) -> list[Placed] | None:
    """All words but those of plates that touch: the widest of them gives up its title first. None where that is not enough."""
    levels = {plate.number: "full" for plate in plates}
    while True:
        boxes = _laid(plates, lambda plate: levels[plate.number], room)
        if _settled(boxes, room):
            return boxes
        long = [
            box
            for box in boxes
            if box.level == "full"
            and box.plate.name < box.plate.full
            and not box.plate.keep
            and _crowded(box, boxes, room)
        ]
        if not long:
            return None
        levels[max(long, key=lambda box: (box.width, box.plate.number)).plate.number] = "name"


def _crowded(box: Placed, boxes: list[Placed], room: Room) -> bool:
    walls = any(overlap(_corners(box, room), wall) for wall in _walls(box.plate, room))
    return walls or any(other is not box and _touch(box, other, room) for other in boxes)


def _rings(plates: list[Plate], room: Room) -> list[Placed]:
    """Rings alone; one that finds no room is left out, the least important first."""
    boxes = _laid(plates, lambda _: "ring", room)
    _push_apart(boxes, room)
    kept: list[Placed] = []
    for box in sorted(boxes, key=lambda box: (-_rank(box.plate), box.plate.number)):
        if _settled([*kept, box], room):
            kept.append(box)
    return [box if box in kept else replace(box, level="hidden") for box in boxes]


def _rank(plate: Plate) -> int:
    return 2 if plate.keep else 1 if plate.upstairs else 0


def _laid(plates: list[Plate], level: _Level, room: Room) -> list[Placed]:
    boxes = []
    for plate in plates:
        chosen = level(plate)
        wide = {"full": plate.full, "name": plate.name, "ring": plate.ring}[chosen]
        box = Placed(plate=plate, level=chosen, x=plate.at.x, y=plate.at.y, width=wide)
        _clear(box, room)
        boxes.append(box)
    return boxes


def _clear(box: Placed, room: Room) -> None:
    """Into the picture, and down from in front of the display."""
    _clamp(box, room)
    for wall in _walls(box.plate, room):
        for _ in range(24):
            if not overlap(_corners(box, room), wall):
                break
            box.y += room.high / 12
    _clamp(box, room)


def _clamp(box: Placed, room: Room) -> None:
    box.x = max(room.left + box.width / 2, min(room.right - box.width / 2, box.x))
    box.y = max(room.top + room.high / 2, min(room.bottom - room.high / 2, box.y))


def _walls(plate: Plate, room: Room) -> list[Outline]:
    return [room.display] if plate.upstairs else [room.display, room.stairs]


def _settled(boxes: list[Placed], room: Room) -> bool:
    return all(
        _inside(box, room)
        and not any(overlap(_corners(box, room), wall) for wall in _walls(box.plate, room))
        and not any(_touch(box, other, room) for other in boxes[index + 1 :])
        for index, box in enumerate(boxes)
    )


def _inside(box: Placed, room: Room) -> bool:
    half, tall = box.width / 2 - 0.01, room.high / 2 - 0.01
    across = box.x - half >= room.left and box.x + half <= room.right
    return across and box.y - tall >= room.top and box.y + tall <= room.bottom


def _touch(a: Placed, b: Placed, room: Room) -> bool:
    return abs(a.x - b.x) < (a.width + b.width) / 2 + room.gap and abs(a.y - b.y) < room.high + room.gap


def _push_apart(boxes: list[Placed], room: Room) -> None:
    """Moves touching neighbours away from one another."""
    for _ in range(_ROUNDS):
        moved = False
        for index, a in enumerate(boxes):
            for b in boxes[index + 1 :]:
                if _touch(a, b, room):
                    _part(a, b, room)
                    moved = True
        if not moved:
            return
        for box in boxes:
            _clear(box, room)


def _part(a: Placed, b: Placed, room: Room) -> None:
    x = (a.width + b.width) / 2 + room.gap - abs(a.x - b.x)
    y = room.high + room.gap - abs(a.y - b.y)
    if x < y * _SIDEWAYS:
        far = (x + 0.5) / 2 * (1 if a.x <= b.x else -1)
        a.x, b.x = a.x - far, b.x + far
    else:
        far = (y + 0.5) / 2 * (1 if a.y <= b.y else -1)
        a.y, b.y = a.y - far, b.y + far


def _corners(box: Placed, room: Room) -> Outline:
    w, h = box.width / 2 + room.gap, room.high / 2 + room.gap
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return tuple(Point(box.x + w * x, box.y + h * y) for x, y in signs)


def overlap(a: Outline, b: Outline) -> bool:
    """Whether two convex outlines overlap, by separating axes."""
    for axis in (*_normals(a), *_normals(b)):
        one, two = _spread(a, axis), _spread(b, axis)
        if one[0] >= two[1] or two[0] >= one[1]:
            return False
    return True


def _normals(outline: Outline) -> list[Point]:
    pairs = zip(outline, (*outline[1:], outline[0]), strict=True)
    return [Point(a.y - b.y, b.x - a.x) for a, b in pairs]


def _spread(outline: Outline, axis: Point) -> tuple[float, float]:
    along = [point.x * axis.x + point.y * axis.y for point in outline]
    return min(along), max(along)
