"""What flies about: confetti over those who cheer, and the Z of those who sleep; pure functions of the moment."""

from functools import cache
from math import cos, pi, sin, sqrt

import pygame

from server.preview import text
from server.preview.camera import Camera
from server.preview.cast import Role
from server.preview.chance import Chance
from server.preview.pose import own
from server.preview.scene import facts

_PIECES, _FALL_SECONDS = 44, 2.6
_LETTERS = 3
_FINE = 3


def confetti(picture: pygame.Surface, camera: Camera, role: Role) -> None:
    """Pieces of coloured paper round somebody who cheers."""
    colours = facts()["confetti"]
    size = 0.052 * camera.ppm
    for index, (dx, lead, dz, spin) in enumerate(_seeds()):
        fall = (role.seconds / _FALL_SECONDS + lead) % 1
        spread = 0.85 * sqrt(fall + 0.1)
        x, y = camera.at(role.x + dx * spread, 2.6 - fall * 2.5, role.z + dz * spread)
        turn, tilt = role.seconds * 4 + spin, abs(cos(role.seconds * 3 + spin * 2)) * 0.8 + 0.2
        _piece(picture, (x, y), size, (turn, tilt), colours[index % len(colours)])


@cache
def _seeds() -> tuple[tuple[float, float, float, float], ...]:
    random = Chance(5)
    return tuple(
        (random.next() * 2 - 1, random.next(), random.next() * 2 - 1, random.next() * 6)
        for _ in range(_PIECES)
    )


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
