"""The plate of a desk: a ring that tells how far its task is, the worker's name, and what the task is called."""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

import pygame

from server.preview import glyph, text
from server.preview.tokens import Tokens, mixed, tokens
from server.preview.words import PlateText, Ring

_FINE = 4
"""Shapes are drawn this many times as large, for soft edges."""
HEIGHT = 24
_NOTE_WIDTH = {"plain": 96, "idle": 84, "waiting": 150, "failed": 190}
_SHADOW = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """All that a plate's picture depends on."""

    words: PlateText
    level: str
    night: bool
    scale: float


def widths(words: PlateText, scale: float) -> tuple[float, float, float]:
    """How wide a plate is with all its words, with its name, and as a ring alone."""
    name = 4 + 17 + 6 + text.width(text.plain(words.name), _size(scale), 700) / scale + 9
    note = _note(words, scale)
    full = name + (6 + text.width(note, _size(scale), 500) / scale if note else 0)
    return round(full * scale), round(name * scale), round(HEIGHT * scale)


@lru_cache(maxsize=512)
def plate(face: Face) -> pygame.Surface:
    """The plate with a soft shadow round it (`margin` on every side), its colours multiplied by their opacity."""
    scale, words, colours = face.scale, face.words, tokens(night=face.night)
    full, name, ring = widths(words, scale)
    wide = int({"full": full, "name": name}.get(face.level, ring))
    surface = backed(wide, round(HEIGHT * scale), _radius(face), _ground(words, colours), colours, scale)
    edge = margin(scale)
    at = (edge + 3.5 * scale, edge + 3.5 * scale)
    surface.blit(_ring(words, colours, scale), at, special_flags=pygame.BLEND_PREMULTIPLIED)
    if face.level != "ring":
        _write(surface, face, colours)
    return surface


def margin(scale: float) -> int:
    """Room for the shadow on every side of a plate."""
    return round(_SHADOW * scale)


def _size(scale: float) -> int:
    return round(12 * scale)


def _radius(face: Face) -> float:
    return (HEIGHT / 2 if face.level == "ring" else 9) * face.scale


def _ground(words: PlateText, colours: Tokens) -> str:
    return colours.faint if words.tone == "idle" else colours.glass


def _note(words: PlateText, scale: float) -> str:
    if not words.note:
        return ""
    most = round(_NOTE_WIDTH[words.tone] * scale)
    return text.fitted(text.plain(words.note), _size(scale), 500, most)


def _write(surface: pygame.Surface, face: Face, colours: Tokens) -> None:
    words, scale = face.words, face.scale
    red = words.tone == "failed"
    ink = colours.red if red else colours.quiet if words.tone == "idle" else colours.ink
    quiet = colours.red if red else colours.honey if words.tone == "waiting" else colours.quiet
    x = margin(scale) + round(27 * scale)
    name = text.written(text.plain(words.name), _size(scale), 600 if words.tone == "idle" else 700, ink)
    surface.blit(name, (x, line_top(scale, 700)))
    if face.level == "full" and (note := _note(words, scale)):
        weight = 600 if words.tone == "waiting" else 500
        shown = text.written(note, _size(scale), weight, quiet)
        surface.blit(shown, (x + name.get_width() + round(6 * scale), line_top(scale, weight)))


def line_top(scale: float, weight: int) -> int:
    """Where a line begins so that its small letters stand in the middle of a plate."""
    middle = margin(scale) + HEIGHT * scale / 2
    return round(middle + 0.35 * 12 * scale - text.ascent(_size(scale), weight))


def backed(wide: int, high: int, radius: float, ground: str, colours: Tokens, scale: float) -> pygame.Surface:
    """A rounded ground with a thin line and a soft shadow."""
    return _backed((wide, high), radius, ground, colours, scale).copy()


@lru_cache(maxsize=256)
def _backed(
    inner: tuple[int, int], radius: float, ground: str, colours: Tokens, scale: float
) -> pygame.Surface:
    (wide, high), edge = inner, margin(scale)
    size = (wide + 2 * edge, high + 2 * edge)
    surface = pygame.Surface(size, pygame.SRCALPHA)
    alpha = colours.shadow[3]
    tint = tuple(channel * alpha // 255 for channel in colours.shadow[:3])
    pygame.draw.rect(
        surface, (*tint, alpha), (edge, edge + round(1.5 * scale), wide, high), border_radius=round(radius)
    )
    surface = pygame.transform.gaussian_blur(surface, max(1, round(2.4 * scale)))
    sheet = pygame.Surface((size[0] * _FINE, size[1] * _FINE), pygame.SRCALPHA)
    at = (edge * _FINE, edge * _FINE, wide * _FINE, high * _FINE)
    rim = round(scale * _FINE)
    outer = (at[0] - rim, at[1] - rim, at[2] + 2 * rim, at[3] + 2 * rim)
    pygame.draw.rect(sheet, colours.line, outer, border_radius=round(radius * _FINE) + rim)
    pygame.draw.rect(sheet, ground, at, border_radius=round(radius * _FINE))
    surface.blit(pygame.transform.smoothscale(sheet, size), (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)
    return surface


def _ring(words: PlateText, colours: Tokens, scale: float) -> pygame.Surface:
    side = round(17 * scale)
    sheet = pygame.Surface((side * _FINE, side * _FINE), pygame.SRCALPHA)
    if words.ring is None:
        _sign(sheet, words.glyph, 13 / 17, colours.quiet, 1.75)
    else:
        _draw_ring(sheet, words.ring, _ground(words, colours), colours)
        sign = colours.red if words.tone == "failed" else colours.ink
        _sign(sheet, words.glyph, 8.5 / 17, sign, 3)
    return pygame.transform.smoothscale(sheet, (side, side))


def _sign(sheet: pygame.Surface, name: str, share: float, colour: str, stroke: float) -> None:
    side = sheet.get_width()
    size = side * share
    glyph.draw(sheet, name, (side - size) / 2, (side - size) / 2, size, colour, stroke)


def _draw_ring(sheet: pygame.Surface, ring: Ring, ground: str, colours: Tokens) -> None:
    hue = colours.red if ring.hue is None else colours.hues[ring.hue]
    side = sheet.get_width()
    track = mixed(hue, colours.sunk, 0.26)
    middle, outer, inner = side / 2, side / 2, side * 5.6 / 17
    if ring.reported:
        pygame.draw.circle(sheet, track, (middle, middle), outer)
        _sector(sheet, hue, (0.0, ring.permille / 1000), outer)
    else:
        _dashes(sheet, hue, track, ring.permille / 1000, outer)
    pygame.draw.circle(sheet, ground, (middle, middle), inner)


def _dashes(sheet: pygame.Surface, hue: str, track: str, share: float, radius: float) -> None:
    """Ten dashes: an estimate."""
    for dash in range(10):
        start, end = dash / 10, dash / 10 + 0.064
        _sector(sheet, track, (start, end), radius)
        if share > start:
            _sector(sheet, hue, (start, min(end, share)), radius)


def _sector(sheet: pygame.Surface, colour: str, share: tuple[float, float], radius: float) -> None:
    """A piece of a disc from one share of a turn to another, clockwise from the top."""
    start, end = share
    if end <= start:
        return
    middle = sheet.get_width() / 2
    steps = max(2, round((end - start) * 64))
    angles = [2 * pi * (start + (end - start) * step / steps) for step in range(steps + 1)]
    rim = [(middle + radius * sin(angle), middle - radius * cos(angle)) for angle in angles]
    pygame.draw.polygon(sheet, colour, [(middle, middle), *rim])
