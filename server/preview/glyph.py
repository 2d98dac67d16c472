"""The signs on plates, as strokes in a box of 16: those of `icons.ts`."""

from itertools import pairwise
from math import cos, pi, sin

import pygame

_Line = list[tuple[float, float]]


def _arc(x: float, y: float, radius: float, start: float, end: float, steps: int = 16) -> _Line:
    angles = [start + (end - start) * step / steps for step in range(steps + 1)]
    return [(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles]


def _curve(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> _Line:
    """A cubic curve from a to d."""
    shares = [step / 8 for step in range(9)]
    weights = [((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3) for t in shares]
    return [
        (
            sum(w * p[0] for w, p in zip(four, (a, b, c, d), strict=True)),
            sum(w * p[1] for w, p in zip(four, (a, b, c, d), strict=True)),
        )
        for four in weights
    ]


def _waist(side: float) -> _Line:
    upper = _curve((side, 2.4), (side, 5.5), (8, 6.2), (8, 8))
    return [*upper, *_curve((8, 8), (8, 9.8), (side, 10.5), (side, 13.6))]


_MOON = [
    *_arc(7.6, 8.6, 5.4, -0.25 * pi + 0.45, 1.5 * pi - 0.2),
    *_arc(10.6, 5.4, 4.7, 1.16 * pi + 0.15, 0.36 * pi + 0.12),
]
STROKES: dict[str, list[_Line]] = {
    "play": [[(5.2, 3.6), (5.2, 12.4), (12, 8), (5.2, 3.6)]],
    "hourglass": [[(4.2, 2.4), (11.8, 2.4)], [(4.2, 13.6), (11.8, 13.6)], _waist(5.2), _waist(10.8)],
    "check": [[(3.2, 8.6), (6.2, 11.6), (12.8, 4.8)]],
    "bang": [[(8, 2.8), (8, 9.2)], [(8, 12.9), (8, 13)]],
    "cup": [
        [(3.2, 6.2), (10.8, 6.2), *_arc(7.8, 9.8, 3, 0, pi / 2), *_arc(6.2, 9.8, 3, pi / 2, pi), (3.2, 6.2)],
        [(10.8, 7.2), *_arc(11.7, 8.75, 1.55, -pi / 2, pi / 2), (10.8, 10.3)],
        [(5.6, 2.6), (5.6, 3.7)],
        [(8.4, 2.6), (8.4, 3.7)],
    ],
    "moon": [_MOON],
    "stairs": [
        [(2.2, 13.3), (5.1, 13.3), (5.1, 10.2), (8, 10.2), (8, 7.1), (10.9, 7.1), (10.9, 4), (13.8, 4)]
    ],
}


def draw(
    surface: pygame.Surface, name: str, x: float, y: float, size: float, colour: str, stroke: float
) -> None:
    """Draws a sign in the box at (x, y); ``stroke`` is its thickness in the box of 16."""
    unit = size / 16
    for line in STROKES[name]:
        points = [(x + px * unit, y + py * unit) for px, py in line]
        if name == "play":
            pygame.draw.polygon(surface, colour, points)
        for a, b in pairwise(points):
            _stroke(surface, colour, a, b, stroke * unit)
        for point in points:
            pygame.draw.circle(surface, colour, point, stroke * unit / 2)


def _stroke(
    surface: pygame.Surface, colour: str, a: tuple[float, float], b: tuple[float, float], thick: float
) -> None:
    dx, dy = b[0] - a[0], b[1] - a[1]
    long = (dx * dx + dy * dy) ** 0.5 or 1.0
    nx, ny = -dy / long * thick / 2, dx / long * thick / 2
    corners = [(a[0] + nx, a[1] + ny), (b[0] + nx, b[1] + ny), (b[0] - nx, b[1] - ny), (a[0] - nx, a[1] - ny)]
    pygame.draw.polygon(surface, colour, corners)
