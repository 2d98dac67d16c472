"""Letters: the page's typeface, others for scripts it lacks, and nothing at all for what no typeface here has."""

import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

import pygame
import pygame.freetype

_FONTS = Path(__file__).parent / "fonts"
_FAMILIES = ("figtree-latin", "figtree-latin-ext", "inter-cyrillic", "inter-greek", "inter-cyrillic-ext")
_SYSTEM = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/msyh.ttc",
)
"""Looked at last, where they are: they know scripts that ours do not."""
ELLIPSIS = "…"
_KEPT = 1024
_CHARACTERS_MAX = 120
"""No line is longer; states cut their texts there as well."""


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text as one line of letters we can draw: what we cannot becomes an ellipsis."""
    line = unicodedata.normalize("NFC", " ".join(text[:_CHARACTERS_MAX].split()))
    shown = (char if _face(char) is not None else ELLIPSIS for char in line if _visible(char))
    return "".join(char for char, run in groupby(shown) for char in ([char] if char == ELLIPSIS else run))


@lru_cache(maxsize=4096)
def width(text: str, size: int, weight: int) -> int:
    """How many pixels a line of `plain` text takes."""
    return sum(_font(face, size, weight).size(run)[0] for face, run in _runs(text))


@lru_cache(maxsize=_KEPT)
def written(text: str, size: int, weight: int, colour: str) -> pygame.Surface:
    """A line of `plain` text in a colour; its baseline lies `ascent` below the top."""
    runs = [_font(face, size, weight).render(run, True, colour) for face, run in _runs(text)]
    tops = [ascent(size, weight) - _font(face, size, weight).get_ascent() for face, _ in _runs(text)]
    high = max((run.get_height() + max(0, top) for run, top in zip(runs, tops, strict=True)), default=1)
    whole = pygame.Surface((max(1, sum(run.get_width() for run in runs)), high), pygame.SRCALPHA)
    x = 0
    for run, top in zip(runs, tops, strict=True):
        whole.blit(run, (x, max(0, top)))
        x += run.get_width()
    return whole


def ascent(size: int, weight: int) -> int:
    """How far the baseline lies below the top of a line."""
    return _font(0, size, weight).get_ascent()


def fitted(text: str, size: int, weight: int, most: int) -> str:
    """As much of a `plain` line as fits, with an ellipsis where something is missing."""
    if width(text, size, weight) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ELLIPSIS, size, weight) <= most:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip().rstrip(ELLIPSIS) + ELLIPSIS


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"} or char == " "


def _runs(text: str) -> list[tuple[int, str]]:
    return [(face or 0, "".join(run)) for face, run in groupby(text, key=_face)]


@cache
def _faces() -> tuple[str, ...]:
    return (*_FAMILIES, *(path for path in _SYSTEM if Path(path).exists()))


@lru_cache(maxsize=4096)
def _face(char: str) -> int | None:
    """The first face that has a character, by its place in `_faces`."""
    for face in range(len(_faces())):
        if _known(face).get_metrics(char, size=12)[0] is not None:
            return face
    return None


@cache
def _known(face: int) -> pygame.freetype.Font:
    """The same face, asked what it has: `pygame.font` has widths even for what it lacks."""
    if not pygame.freetype.get_init():
        pygame.freetype.init()
    name = _faces()[face]
    return pygame.freetype.Font(str(_FONTS / f"{name}-500.ttf") if name in _FAMILIES else name)


@lru_cache(maxsize=256)
def _font(face: int, size: int, weight: int) -> pygame.font.Font:
    if not pygame.font.get_init():
        pygame.font.init()
    name = _faces()[face]
    if name not in _FAMILIES:
        return pygame.font.Font(name, size)
    weights = (500, 600, 700) if name.startswith("figtree") else (500, 700)
    nearest = min(weights, key=lambda have: abs(have - weight))
    return pygame.font.Font(str(_FONTS / f"{name}-{nearest}.ttf"), size)
