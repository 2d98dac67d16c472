"""The painter of moving pictures: the office as bytes, picture after picture. Imported only where is painted: it brings pygame."""

import pygame

from server.preview.animation import Paint
from server.preview.movie import Movie
from server.preview.painter import paint
from simulation.fields import State

MINUTE_MS = 60_000


def painter(size: tuple[int, int], order: Movie) -> Paint:
    """What paints the states of an order in a size."""

    def painted(state: State, now_ms: int) -> bytes:
        surface = paint(state, now_ms, size, night=order.night, zone_ms=order.zone_min * MINUTE_MS)
        return pygame.image.tobytes(surface, "RGB")

    return painted
