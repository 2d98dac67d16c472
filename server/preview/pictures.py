"""The painter of moving pictures: the office as bytes, picture after picture. Imported only where is painted: it brings pygame."""

import pygame

from server.preview.animation import Paint
from server.preview.movie import Movie
from server.preview.painter import paint
from server.preview.stage import RGB
from simulation.fields import State

MINUTE_MS = 60_000


def rgb(surface: pygame.Surface) -> bytes:
    """The pixels as RGB without padding: as they lie in memory where they lie so, which takes no time."""
    lies_so = (
        surface.get_masks() == RGB
        and surface.get_bytesize() == 3
        and surface.get_pitch() == 3 * surface.get_width()
    )
    return surface.get_buffer().raw if lies_so else pygame.image.tobytes(surface, "RGB")


def painter(size: tuple[int, int], order: Movie) -> Paint:
    """What paints the states of an order in a size."""

    def painted(state: State, now_ms: int) -> bytes:
        return rgb(paint(state, now_ms, size, night=order.night, zone_ms=order.zone_min * MINUTE_MS))

    return painted
