"""All plates of a picture: what they say, where they go, and the one at the stairs."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import pygame

from server.preview import glyph, text
from server.preview.camera import Camera
from server.preview.placing import BACK_ROW, Box, above, beside, faces, front
from server.preview.plate import HEIGHT, Face, backed, line_top, margin, plate, widths
from server.preview.scene import facts
from server.preview.solver import Outline, Placed, Plate, Point, Room, solved
from server.preview.tokens import tokens
from server.preview.words import PlateText, count, plate_text

_UPSTAIRS = 10
_EDGE, _GAP = 6, 3
_RINGS_BELOW = 0.625
"""As a share of 1280 times 720: in smaller pictures words stand on the bodies of those they are of."""


def put_plates(
    picture: pygame.Surface,
    camera: Camera,
    state: Mapping[str, Any],
    now_ms: int,
    *,
    zone_ms: int,
    night: bool,
    scale: float,
) -> None:
    """Draws every plate at its place; in a small picture as a ring alone."""
    rings = min(camera.width / 1280, camera.height / 720) < _RINGS_BELOW
    words = {
        number: plate_text(state, state["desks"][str(number)], now_ms, zone_ms)
        for number in range(10)
        if str(number) in state["desks"]
    }
    cheering = frozenset(n for n in words if state["desks"][str(n)]["activity"] == "done")
    over = state["overflow"]["count"]
    wants = tuple(
        Want(n, *_wide(said, scale, rings), said.tone in {"failed", "waiting"}, n in cheering)
        for n, said in words.items()
    )
    for place in _solved(camera, wants, over, scale):
        if place.level == "hidden":
            continue
        if place.plate.upstairs:
            sheet = _upstairs(over, place.level, night, scale)
        else:
            level = "ring" if rings else place.level
            sheet = plate(Face(words=words[place.plate.number], level=level, night=night, scale=scale))
        at = (
            round(place.x - place.width / 2) - margin(scale),
            round(place.y - HEIGHT * scale / 2) - margin(scale),
        )
        picture.blit(sheet, at, special_flags=pygame.BLEND_PREMULTIPLIED)


def _wide(words: PlateText, scale: float, rings: bool) -> tuple[float, float, float]:
    full, name, ring = widths(words, scale)
    return (ring, ring, ring) if rings else (full, name, ring)


class Want(NamedTuple):
    """All of a desk's plate that decides where plates go: how wide it is in each form, and how its worker is."""

    number: int
    full: float
    name: float
    ring: float
    keep: bool
    cheering: bool


@lru_cache(maxsize=256)
def _solved(camera: Camera, wants: tuple[Want, ...], over: int, scale: float) -> list[Placed]:
    room = _room(camera, scale)
    heads = faces(camera, (want.number for want in wants), frozenset(w.number for w in wants if w.cheering))
    plates: list[Plate] = []
    taken: list[Box] = []
    for want in wants:
        back, size = want.number < BACK_ROW, (want.full, HEIGHT * scale)
        spots = [front(camera, want.number)]
        if back and not want.cheering:
            spots.insert(0, above(camera, want.number, scale))
        at = beside(spots, size, heads, taken, (room.display, room.stairs))
        taken.append(Box(*at, *size))
        plate_ = Plate(
            number=want.number,
            back=back,
            at=at,
            full=want.full,
            name=want.name,
            ring=want.ring,
            keep=want.keep,
        )
        plates.append(plate_)
    if over > 0:
        plates.append(_stairs_plate(camera, over, scale))
    return solved(plates, room)


def _stairs_plate(camera: Camera, over: int, scale: float) -> Plate:
    stairs, room = facts()["stairs"], facts()["room"]
    full, name = _upstairs_widths(over, scale)
    at = Point(*camera.at(stairs["x"], 0.2, room["z0"] + 0.5))
    return Plate(
        number=_UPSTAIRS, back=True, at=at, full=full, name=name, ring=name, keep=False, upstairs=True
    )


def _room(camera: Camera, scale: float) -> Room:
    known = facts()
    display, stairs, z0 = known["display"], known["stairs"], known["room"]["z0"]
    foot, top = 0.5, stairs["sign"] + 0.25
    return Room(
        left=_EDGE * scale,
        top=_EDGE * scale,
        right=camera.width - _EDGE * scale,
        bottom=camera.height - _EDGE * scale,
        high=HEIGHT * scale,
        display=_upright(
            camera,
            (display["x"], display["y"], display["z"]),
            display["width"] + 0.1,
            display["height"] + 0.08,
        ),
        stairs=_upright(camera, (stairs["x"], (foot + top) / 2, z0), stairs["width"], top - foot),
        gap=_GAP * scale,
    )


def _upright(camera: Camera, at: tuple[float, float, float], wide: float, high: float) -> Outline:
    x, y, z = at
    signs = ((-1, 1), (1, 1), (1, -1), (-1, -1))
    return tuple(Point(*camera.at(x + dx * wide / 2, y + dy * high / 2, z)) for dx, dy in signs)


def _upstairs_widths(over: int, scale: float) -> tuple[float, float]:
    size = round(12 * scale)
    name = 10 + 13 + 5 + text.width(count(over), size, 700) / scale + 10
    return round((name + 5 + text.width("upstairs", size, 700) / scale) * scale), round(name * scale)


@lru_cache(maxsize=16)
def _upstairs(over: int, level: str, night: bool, scale: float) -> pygame.Surface:
    """The plate at the foot of the stairs: how many work upstairs."""
    colours, size = tokens(night=night), round(12 * scale)
    full, name = _upstairs_widths(over, scale)
    wide = int(full if level == "full" else name)
    surface = backed(wide, round(HEIGHT * scale), 9 * scale, colours.coral_soft, colours, scale)
    side, edge = round(13 * scale), margin(scale)
    sheet = pygame.Surface((side * 4, side * 4), pygame.SRCALPHA)
    glyph.draw(sheet, "stairs", 0, 0, side * 4, colours.coral_ink, 1.75)
    at = (edge + round(10 * scale), edge + round((HEIGHT - 13) / 2 * scale))
    surface.blit(
        pygame.transform.smoothscale(sheet, (side, side)), at, special_flags=pygame.BLEND_PREMULTIPLIED
    )
    words = f"{count(over)} upstairs" if level == "full" else count(over)
    x = edge + round(28 * scale)
    surface.blit(text.written(words, size, 700, colours.coral_ink), (x, line_top(scale, 700)))
    return surface
