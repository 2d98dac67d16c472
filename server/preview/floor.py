"""The floor: planks painted once, under the baked maps of occlusion and lamplight."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from server.preview.chance import Chance
from server.preview.scene import Floats, facts, linear, scene

_WIDTH, _ROWS = 2048, 26
_JOINT = linear("#6b3a1c")
HEIGHT = 0.002


def planks(x: Floats, z: Floats) -> Floats:
    """The wood's colour at points of the floor, linear."""
    picture = _planks()
    column, row = _share(x, z)
    high, wide = picture.shape[:2]
    found: Floats = picture[(row * (high - 1)).astype(np.int64), (column * (wide - 1)).astype(np.int64)]
    return found


def shade(x: Floats, z: Floats) -> Floats:
    """How open the floor is to the sky at points, 0 to 1."""
    return _smooth(scene().floor.shade, x, z)


def lamp(x: Floats, z: Floats) -> Floats:
    """Lamplight on the floor at points, as a share of the most there is."""
    return _smooth(scene().floor.lamp, x, z) ** 2


def _share(x: Floats, z: Floats) -> tuple[Floats, Floats]:
    room = facts()["room"]
    column = (x - room["x0"]) / (room["x1"] - room["x0"])
    row = (z - room["z0"]) / (room["z1"] - room["z0"])
    return np.clip(column, 0, 1), np.clip(row, 0, 1)


def _smooth(table: Floats, x: Floats, z: Floats) -> Floats:
    """The table between its middles, bilinear."""
    high, wide = table.shape
    column, row = _share(x, z)
    u, v = np.clip(column * wide - 0.5, 0, wide - 1), np.clip(row * high - 0.5, 0, high - 1)
    left, top = u.astype(np.int64), v.astype(np.int64)
    right, low = np.minimum(left + 1, wide - 1), np.minimum(top + 1, high - 1)
    du, dv = u - left, v - top
    above = table[top, left] * (1 - du) + table[top, right] * du
    below = table[low, left] * (1 - du) + table[low, right] * du
    return np.asarray(above * (1 - dv) + below * dv, dtype=np.float32)


@cache
def _planks() -> Floats:
    room = facts()["room"]
    tall = round(_WIDTH * (room["z1"] - room["z0"]) / (room["x1"] - room["x0"]))
    picture = np.zeros((tall, _WIDTH, 3), dtype=np.float32)
    random, high = Chance(3), tall / _ROWS
    colours = [linear(colour) for colour in facts()["planks"]]
    for row in range(_ROWS):
        top, low = round(row * high), round((row + 1) * high)
        for left, right, colour in _boards(random, colours):
            board = picture[top:low, left:right]
            board[:] = colour
            _grained(board, random)
            _mixed(board[:, :2], 0.2)
        _mixed(picture[top : top + 2], 0.2)
    return picture


def _boards(random: Chance, colours: list[Floats]) -> Iterator[tuple[int, int, Floats]]:
    x = -random.next() * 300
    while x < _WIDTH:
        long = 200 + random.next() * 260
        yield max(0, round(x)), min(_WIDTH, round(x + long)), colours[int(random.next() * len(colours))]
        x += long


def _grained(board: Floats, random: Chance) -> None:
    for _ in range(4):
        top = int(random.next() * len(board))
        _mixed(board[top : top + 1 + round(random.next())], 0.06)


def _mixed(part: Floats, amount: float) -> None:
    part += (_JOINT - part) * np.float32(amount)
