"""A part of the picture made ready: with soft edges, and without what the room hides of it."""

from dataclasses import dataclass

import numpy as np
import pygame

from server.preview.layer import FINE, View
from server.preview.light import bytes_of
from server.preview.scene import Floats


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Sprite:
    """A surface with its colours multiplied by their opacity, and where its corner goes."""

    surface: pygame.Surface
    x: int
    y: int
    added: bool = False
    """Light that is added to what is there, rather than something that covers it."""

    def put(self, picture: pygame.Surface, shift: tuple[int, int] = (0, 0)) -> None:
        """Lays it over the picture."""
        how = pygame.BLEND_RGB_ADD if self.added else pygame.BLEND_PREMULTIPLIED
        picture.blit(self.surface, (self.x + shift[0], self.y + shift[1]), special_flags=how)


def cut(view: View, colours: Floats, nearness: Floats, left: int, top: int) -> Sprite | None:
    """A fine picture at (left, top) of the view's, where nothing of the room is nearer; None where nothing shows."""
    high, wide = nearness.shape
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(view.camera.width, left + wide), min(view.camera.height, top + high)
    if x1 <= x0 or y1 <= y0:
        return None
    own = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    shows = nearness[own] >= view.nearness[y0:y1, x0:x1]
    return soft(colours[own], shows.astype(np.float32), x0, y0)


def soft(colours: Floats, opacity: Floats, left: int, top: int, *, added: bool = False) -> Sprite | None:
    """A fine picture brought down to what is shown: each pixel the mean of its fine ones."""
    if not opacity.any():
        return None
    before, above = left % FINE, top % FINE
    after, below = -(before + opacity.shape[1]) % FINE, -(above + opacity.shape[0]) % FINE
    high, wide = opacity.shape
    padded = np.zeros((above + high + below, before + wide + after, 4), dtype=np.float32)
    own = padded[above : above + high, before : before + wide]
    np.multiply(colours, opacity[..., None], out=own[..., :3])
    own[..., 3] = opacity
    small = bytes_of(coarse(padded))
    size = (small.shape[1], small.shape[0])
    surface = pygame.image.frombytes(small.tobytes(), size, "RGBA")
    return Sprite(surface=surface, x=(left - before) // FINE, y=(top - above) // FINE, added=added)


def coarse(fine: Floats) -> Floats:
    """Each pixel the mean of its fine ones: (height, width, channels) of a fine picture whose sides are whole pixels.

    Added up one after another, which numpy's own mean along two axes does too, five times as slowly.
    """
    high, wide, channels = fine.shape
    parts = fine.reshape(high // FINE, FINE, wide // FINE, FINE, channels)
    total = parts[:, 0, :, 0].copy()
    for down, across in list(np.ndindex(FINE, FINE))[1:]:
        total += parts[:, down, :, across]
    total /= np.float32(FINE * FINE)
    return total
