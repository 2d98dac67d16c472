"""Flat things that follow the state, as sprites: screens, the wall display, papers in the trays, the clock's hands."""

from functools import cache
from math import cos, log, pi, sin
from typing import Any

import numpy as np
import pygame

from server.preview.chance import Chance
from server.preview.display import DisplayText, painted
from server.preview.layer import View
from server.preview.light import encoded
from server.preview.quad import Patch, Quad, patch, upright
from server.preview.scene import Floats, facts, linear
from server.preview.sky import srgb
from server.preview.sprite import Sprite, soft

SHEETS = 16
_THICK = 0.022
_OFF = 0.03


def laid(view: View, quads: list[tuple[Quad, Any]], off: float = _OFF) -> Sprite | None:
    """Sheets one over another; each with a colour (sRGB, 0 to 1) or a function of its patch that gives colours."""
    return _put([(patch(view.camera, quad, view.nearness, off), colour) for quad, colour in quads])


def _put(spots: list[tuple[Patch, Any]]) -> Sprite | None:
    spots = [(spot, colour) for spot, colour in spots if spot.x.size]
    if not spots:
        return None
    left, top = min(int(spot.x.min()) for spot, _ in spots), min(int(spot.y.min()) for spot, _ in spots)
    wide = max(int(spot.x.max()) for spot, _ in spots) - left + 1
    high = max(int(spot.y.max()) for spot, _ in spots) - top + 1
    colours, opacity = np.zeros((high, wide, 3), np.float32), np.zeros((high, wide), np.float32)
    for spot, colour in spots:
        at = (spot.y - top, spot.x - left)
        colours[at] = colour(spot) if callable(colour) else colour
        opacity[at] = 1
    return soft(colours, opacity, left, top)


def screen(view: View, desk: int, name: str, colour: str) -> Sprite | None:
    """What a desk's monitor shows, in a colour."""
    whole, drawn = linear(colour), _drawn(name)
    high, wide = drawn.shape

    def lit(spot: Patch) -> Floats:
        column = np.minimum((spot.u * wide).astype(np.int64), wide - 1)
        row = np.minimum((spot.v * high).astype(np.int64), high - 1)
        return encoded(whole * drawn[row, column][:, None])

    return laid(view, [(_screen_quad(desk), lit)])


@cache
def _drawn(name: str) -> Floats:
    """How bright a screen is where, in linear light: `assets/screens.ts`."""
    known = facts()["screen"]
    shown = known["shown"][name]
    surface = pygame.Surface((known["width"], known["height"]))
    surface.fill([shown["ground"]] * 3)
    for mark in shown["marks"]:
        if "box" in mark:
            x, y, wide, high, round_ = mark["box"]
            pygame.draw.rect(surface, [mark["level"]] * 3, (x, y, wide, high), border_radius=int(round_))
        else:
            corners = list(zip(mark["poly"][::2], mark["poly"][1::2], strict=True))
            pygame.draw.polygon(surface, [mark["level"]] * 3, corners)
    greys = pygame.surfarray.array3d(surface)[:, :, 0].swapaxes(0, 1)
    return np.asarray(_LINEAR[greys], dtype=np.float32)


_GREYS = np.arange(256, dtype=np.float64) / 255
_LINEAR = np.where(_GREYS <= 0.04045, _GREYS / 12.92, ((_GREYS + 0.055) / 1.055) ** 2.4)


def _screen_quad(desk: int) -> Quad:
    spot, monitor = facts()["desks"][desk], facts()["monitor"]
    turn = _about_y(-monitor["turn"])
    tilt = turn @ _about_x(monitor["tilt"])
    middle = np.array([spot["x"] + monitor["x"], 0, spot["z"] + monitor["z"]])
    middle = middle + turn @ np.array([0, monitor["y"], 0.03]) + tilt @ np.array([0, 0, -0.028])
    wide, high = monitor["width"] - 0.03, monitor["height"] - 0.03
    across, down = tilt @ np.array([-wide, 0, 0]), tilt @ np.array([0, -high, 0])
    return Quad(origin=_corner(middle - across / 2 - down / 2), across=_corner(across), down=_corner(down))


def _corner(at: Any) -> tuple[float, float, float]:
    return float(at[0]), float(at[1]), float(at[2])


def _about_x(angle: float) -> Any:
    return np.array([[1, 0, 0], [0, cos(angle), -sin(angle)], [0, sin(angle), cos(angle)]])


def _about_y(angle: float) -> Any:
    return np.array([[cos(angle), 0, sin(angle)], [0, 1, 0], [-sin(angle), 0, cos(angle)]])


class Display:
    """Where a view sees the wall display: the same for all that is ever on it."""

    def __init__(self, view: View) -> None:
        known = facts()["display"]
        quad = upright(known["x"], known["y"], known["z"], known["width"], known["height"])
        self._wide = max(64, round(known["width"] * view.camera.ppm))
        self._high = max(24, round(known["height"] * view.camera.ppm))
        self._spot = spot = patch(view.camera, quad, view.nearness, _OFF)
        self._column = np.minimum((spot.u * self._wide).astype(np.int64), self._wide - 1)
        self._row = np.minimum((spot.v * self._high).astype(np.int64), self._high - 1)

    def sprite(self, words: DisplayText) -> Sprite | None:
        """The display with these words, as it is seen from here."""
        sheet = pygame.transform.smoothscale(painted(words), (self._wide, self._high))
        texels = pygame.surfarray.array3d(sheet)[self._column, self._row].astype(np.float32) / 255
        return _put([(self._spot, texels)])


def sheets_waiting(waiting: int) -> int:
    """Sheets in the in-tray: none for none, then one more for about every half again as much."""
    return 0 if waiting <= 0 else min(SHEETS, 1 + round(log(waiting) * 1.7))


def sheets_done(batches: list[tuple[int, int]]) -> tuple[int, ...]:
    """Which hue each sheet in the out-tray has, oldest at the bottom, of batches as (order, done)."""
    some = sorted((order, done) for order, done in batches if done > 0)
    total = sum(done for _, done in some)
    high = sheets_waiting(total)
    sheets = [order % 8 for order, done in some for _ in range(max(1, round(high * done / total)))]
    return tuple(sheets[:SHEETS])


def papers(view: View, waiting: int, done: tuple[int, ...], *, night: bool) -> Sprite | None:
    """The papers in both trays: so many sheets on the left, and on the right one in each of these hues."""
    known, hues = facts()["trays"], facts()["huesDay"]
    paper, random = facts()["named"]["paper"], Chance(17)
    quads: list[tuple[Quad, Any]] = []
    for x, colours in ((known["inX"], [paper] * waiting), (known["outX"], [hues[hue] for hue in done])):
        for sheet, colour in enumerate(colours):
            at = (x + (random.next() - 0.5) * 0.05, known["top"] + 0.03 + sheet * _THICK)
            quads.extend(_sheet(*at, known["z"] + (random.next() - 0.5) * 0.05, colour, night))
    return laid(view, quads, 0.4)


def _sheet(x: float, y: float, z: float, colour: str, night: bool) -> list[tuple[Quad, Any]]:
    """Front, side and top of a sheet."""
    light = srgb(colour) * (np.array([0.72, 0.6, 0.6] if night else [1, 1, 1], dtype=np.float32))
    w, h, d = 0.2, _THICK / 2, 0.15
    front = Quad(origin=(x - w, y + h, z + d), across=(2 * w, 0, 0), down=(0, -2 * h, 0))
    side = Quad(origin=(x + w, y + h, z + d), across=(0, 0, -2 * d), down=(0, -2 * h, 0))
    top = Quad(origin=(x - w, y + h, z - d), across=(2 * w, 0, 0), down=(0, 0, 2 * d))
    return [(front, light * np.float32(0.78)), (side, light * np.float32(0.62)), (top, light)]


def hands(view: View, minutes: int) -> Sprite | None:
    """The hands of the wall clock at so many minutes of the day."""
    named, clock = facts()["named"], facts()["clock"]
    turns = ((minutes % 720) / 720, minutes % 60 / 60)
    quads: list[tuple[Quad, Any]] = []
    for step, (turn, long, colour) in enumerate(
        zip(turns, (0.13, 0.19), (named["dark"], named["coral"]), strict=True)
    ):
        angle = 2 * pi * turn
        ux, uy = sin(angle), cos(angle)
        start = (
            clock["x"] - ux * 0.03 + uy * 0.017,
            clock["y"] - uy * 0.03 - ux * 0.017,
            clock["z"] + 0.008 * step,
        )
        across, down = (ux * long, uy * long, 0.0), (-uy * 0.034, ux * 0.034, 0.0)
        quads.append((Quad(origin=start, across=across, down=down), srgb(colour)))
    return laid(view, quads, 0.1)
