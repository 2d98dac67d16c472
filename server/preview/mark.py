"""The mark: ten little desks, two rows of five."""

import pygame

from server.preview.tokens import Tokens

_COLUMNS = (0, 5, 10, 15, 20)
_ROWS = (0, 8)
_WIDTH, _HEIGHT, _ROUND = 4, 6, 1.4
_FINE = 4
BOX = (24, 14)
"""Its width and height, in the units of `mark.svg`."""
_HUES = ("teal", "gold", "teal", "coral", "teal", "teal", "gold", "coral", "teal", "teal")


def draw_mark(picture: pygame.Surface, at: tuple[int, int], high: int, colours: Tokens) -> None:
    """Draws the mark with its upper left corner at a place, so many pixels high."""
    unit = high / BOX[1] * _FINE
    wide = round(high * BOX[0] / BOX[1])
    sheet = pygame.Surface((wide * _FINE, high * _FINE), pygame.SRCALPHA)
    spots = [(x, y) for y in _ROWS for x in _COLUMNS]
    for (x, y), hue in zip(spots, _HUES, strict=True):
        box = (round(x * unit), round(y * unit), round(_WIDTH * unit), round(_HEIGHT * unit))
        pygame.draw.rect(sheet, getattr(colours, hue), box, border_radius=round(_ROUND * unit))
    small = pygame.transform.smoothscale(sheet, (wide, high))
    picture.blit(small, at, special_flags=pygame.BLEND_PREMULTIPLIED)
