"""A person in a pose, drawn finely and apart from the room."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from server.preview.camera import Camera
from server.preview.light import DAY, NIGHT, lit, occluded, rimmed, shown
from server.preview.pose import pose
from server.preview.raster import rasterised, weights
from server.preview.scene import Floats, Ints, facts, linear, scene
from server.preview.skeleton import bent

_KEPT = 96
HEADINGS = 32
"""A full turn is drawn in so many steps."""
_MARGIN = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Looks:
    """All that a figure's picture depends on."""

    person: int
    clip: str
    step: int
    heading: int
    """In steps of a full turn divided by `HEADINGS`."""
    night: bool
    lamp: float
    """Lamplight where the person is, a share."""
    glow: str
    """The colour of the monitor before the person, `#rrggbb`, or nothing."""
    ppm: float
    """Pixels to a metre."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Figure:
    """Colours (sRGB, 0 to 1) and nearness of a picture whose pixel (left, top) lies so far from the feet."""

    colours: Floats
    nearness: Floats
    left: int
    top: int


@lru_cache(maxsize=_KEPT)
def figure(looks: Looks) -> Figure:
    """The figure; the last few are kept."""
    points, normals = bent(looks.person, pose(looks.clip, looks.step), looks.heading / HEADINGS * 2 * np.pi)
    origin = Camera(width=0, height=0, ppm=looks.ppm, x=0.0, y=0.0)
    seen = origin.seen(points)
    low = np.floor(seen[:, :2].min(axis=0)).astype(int) - _MARGIN
    high = np.ceil(seen[:, :2].max(axis=0)).astype(int) + _MARGIN
    seen[:, :2] -= low
    width, height = (int(size) for size in high - low)
    raster = rasterised(seen, scene().parts[f"person-{looks.person}"].triangles, width, height)
    rows, columns = np.nonzero(raster.triangle >= 0)
    colours = np.zeros((height, width, 3), dtype=np.float32)
    owner = raster.triangle[rows, columns]
    colours[rows, columns] = _shaded(looks, seen, points, normals, owner, (columns, rows))
    return Figure(colours=colours, nearness=raster.nearness, left=int(low[0]), top=int(low[1]))


def _shaded(
    looks: Looks, seen: Floats, points: Floats, normals: Floats, owner: Ints, pixels: tuple[Ints, Ints]
) -> Floats:
    model, hour = scene().parts[f"person-{looks.person}"], NIGHT if looks.night else DAY
    corners = model.triangles[owner]
    share = weights(seen, corners, *pixels)
    facing = np.einsum("ik,ikj->ij", share, normals[corners])
    facing /= np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-6)
    shade = np.clip(np.einsum("ik,ik->i", share, model.shades[corners]), 0, 1)
    base = occluded(hour, model.colours[corners[:, 0]], shade)
    light = base * lit(hour, facing, np.ones(len(owner), dtype=np.float32))
    light += base * hour.lamp * np.float32(looks.lamp) * (0.45 + 0.55 * facing[:, 1:2])
    if looks.glow:
        places = np.einsum("ik,ikj->ij", share, points[corners])
        light += base * _glow(looks.glow, hour.glow, places, facing)
    return shown(light + rimmed(hour, base, facing))


def _glow(colour: str, strength: float, places: Floats, facing: Floats) -> Floats:
    """The light of the monitor that stands before somebody who sits at a desk."""
    monitor, away = facts()["monitor"], facts()["seatToDesk"]
    source = np.array([monitor["x"], monitor["y"], away + monitor["z"]], dtype=np.float32)
    to_screen = source - places
    square = np.einsum("ij,ij->i", to_screen, to_screen)[:, None]
    towards = np.einsum("ij,ij->i", facing, to_screen)[:, None] / np.sqrt(square)
    near = 1 / (1 + square * 1.4)
    return np.asarray(linear(colour) * np.float32(strength) * near * np.maximum(0, towards + 0.15))
