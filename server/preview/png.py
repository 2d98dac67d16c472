"""A picture as PNG: 256 colours chosen for it, dithered, and not a byte of metadata."""

from io import BytesIO

import numpy as np
import pygame
from PIL import Image

_SAMPLE = 256
"""The side of the picture that the colours are chosen from."""


def png(picture: pygame.Surface) -> bytes:
    """The picture as PNG. Half of what it takes in all its colours is saved, and hardly seen."""
    whole = Image.frombytes("RGB", picture.get_size(), pygame.image.tobytes(picture, "RGB"))
    palette = _sample(whole).quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=1)
    few = whole.quantize(256, palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def _sample(whole: Image.Image) -> Image.Image:
    """A small picture with all colours of the whole one, a large area's less often than it has pixels.

    Else the sky would take most of the palette, and who sits at a desk would have what is left.
    """
    pixels = np.asarray(whole).reshape(-1, 3).astype(np.int64) >> 1
    codes, counts = np.unique(pixels[:, 0] << 14 | pixels[:, 1] << 7 | pixels[:, 2], return_counts=True)
    often = counts**0.6
    marks = np.cumsum(often)
    chosen = codes[np.searchsorted(marks, (np.arange(_SAMPLE**2) + 0.5) / _SAMPLE**2 * marks[-1])]
    colours = np.stack([chosen >> 14, chosen >> 7 & 127, chosen & 127], axis=-1) * 2
    return Image.fromarray(colours.reshape(_SAMPLE, _SAMPLE, 3).astype(np.uint8))
