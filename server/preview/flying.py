"""What flies about: confetti over those who cheer, and the Z of those who sleep; pure functions of the moment."""

from functools import cache
from math import cos, exp, pi, sin, sqrt

import pygame

from server.preview import text
from server.preview.camera import Camera
from server.preview.chance import Chance
from server.preview.pose import own
from server.preview.role import Role

_PIECES = 48
_FROM_S, _RISE, _AIR, _HAND_Y, _FLOOR, _SINKS = 0.3, 3.4, 1.5, 1.7, 0.05, 1.568
"""When they are thrown, how hard, how the air holds them, from where, down to where, how fast they float: `confetti.ts`."""
_LETTERS = 3
_FINE = 3


def confetti(picture: pygame.Surface, camera: Camera, role: Role, hue: str) -> None:
    """Pieces of paper round somebody who cheers, in shades of a hue (`#rrggbb`)."""
    colours, size = _shades(hue), 0.052 * camera.ppm
    for index, (dx, dz, up, spin, late) in enumerate(_seeds()):
        seconds = role.seconds - _FROM_S - late
        if seconds <= 0:
            continue
        gone = 1 - exp(-_AIR * seconds)
        height = _HAND_Y + _RISE * up * gone / _AIR - max(0.0, seconds - gone / _AIR) * _SINKS
        x, y = camera.at(role.x + dx * 1.15 * gone, max(_FLOOR, height), role.z + dz * 1.15 * gone)
        turn, tilt = seconds * 7 + spin, abs(cos(seconds * 5 + spin * 2)) * 0.8 + 0.2
        _piece(picture, (x, y), size, (turn, tilt), colours[index % len(colours)])


@cache
def _shades(hue: str) -> tuple[str, ...]:
    """Paler and darker pieces of one hue, and some of plain paper."""
    whole = [int(hue[at : at + 2], 16) for at in (1, 3, 5)]
    darker = ["#" + "".join(f"{round(part * (1 - 0.07 * step)):02x}" for part in whole) for step in range(3)]
    pale = "#" + "".join(f"{round(part + (255 - part) * 0.45):02x}" for part in whole)
    return (*darker, "#fff3e0", pale)


@cache
def _seeds() -> tuple[tuple[float, float, float, float, float], ...]:
    random = Chance(5)
    seeds = []
    for _ in range(_PIECES):
        around, far = random.next() * 2 * pi, sqrt(random.next())
        up, spin, late = 0.55 + 0.45 * random.next(), random.next() * 6, random.next() * 0.35
        seeds.append((cos(around) * far, sin(around) * far, up, spin, late))
    return tuple(seeds)


def _piece(
    picture: pygame.Surface, at: tuple[float, float], size: float, turned: tuple[float, float], colour: str
) -> None:
    """A small sheet with soft edges: drawn larger, brought down, laid over the picture."""
    side = max(4, round(size * 4))
    sheet = pygame.Surface((side * _FINE, side * _FINE), pygame.SRCALPHA)
    turn, tilt = turned
    fx, fy = at[0] % 1, at[1] % 1
    middle = ((side / 2 + fx) * _FINE, (side / 2 + fy) * _FINE)
    ux, uy = cos(turn) * size * _FINE, sin(turn) * size * _FINE
    corners = [
        (middle[0] + a * ux * 1.5 - b * uy * tilt, middle[1] + a * uy * 1.5 + b * ux * tilt)
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    pygame.draw.polygon(sheet, colour, corners)
    place = (int(at[0] // 1) - side // 2, int(at[1] // 1) - side // 2)
    picture.blit(
        pygame.transform.smoothscale(sheet, (side, side)), place, special_flags=pygame.BLEND_PREMULTIPLIED
    )


def dreams(picture: pygame.Surface, camera: Camera, role: Role, number: int) -> None:
    """Letters that rise from somebody who sleeps."""
    for index in range(_LETTERS):
        share = (role.seconds * 0.22 + index / _LETTERS + own(number, 6)) % 1
        x, y = camera.at(role.x + 0.3 + share * 0.35, 1.3 + share * 0.75, role.z + 0.45)
        high = round((0.26 + share * 0.26) * min(1.0, sin(share * pi) * 2.2) * camera.ppm)
        if high < 5:
            continue
        for dx, dy, colour in (
            (1, 1, "#fff8ee"),
            (-1, 1, "#fff8ee"),
            (1, -1, "#fff8ee"),
            (-1, -1, "#fff8ee"),
            (0, 0, "#7d78b0"),
        ):
            letter = text.written("Z", high, 700, colour)
            picture.blit(
                letter, (round(x) - letter.get_width() // 2 + dx, round(y) - letter.get_height() // 2 + dy)
            )
