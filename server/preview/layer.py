"""The room without its people: painted once for a size and an hour, with how near everything is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from server.preview import floor
from server.preview.camera import Camera
from server.preview.lamps import lay_lamps
from server.preview.light import DAY, NIGHT, Hour, encoded, facing_sun, lit, occluded, rimmed, shown
from server.preview.raster import rasterised, weights
from server.preview.scene import Floats, Ints, facts, linear, scene
from server.preview.shadow import sunlit
from server.preview.sky import sky

FINE = 2
"""Pixels of the fine picture for each pixel that is shown, both ways."""
_SHINING = ("panes", "shades", "upstairs", "neon")
_BY_HOUR = ("panes", "shades")
_SHINES = {
    "panes": ("#fff3d6", "#2a3570"),
    "shades": ("#f5e6d4", "#ffffff"),
    "upstairs": ("#a58d72", "#fff1cf"),
    "neon": ("#5d5562", "#ff8a72"),
}
"""Colours by day and by night; of the stairs, while nobody and while somebody works upstairs."""
_AT_ONCE = 400_000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class View:
    """What a camera sees of the room: for each pixel of the fine picture the nearest triangle, and how near."""

    shown: Camera
    """Of the picture that is shown."""
    camera: Camera
    """Of the fine picture."""
    nearness: Floats
    triangle: Ints
    seen: Floats
    corners: Ints


def looked(camera: Camera) -> View:
    """What the camera sees, in the fine picture."""
    fine = camera.times(FINE)
    parts = [scene().parts[name] for name in ("office", *_SHINING)]
    offsets = np.cumsum([0, *(len(part.points) for part in parts)])
    points = np.concatenate([*(part.points for part in parts), _floor_points()])
    corners = [part.triangles + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
    sheet = np.array([[0, 1, 2], [0, 2, 3]]) + offsets[-1]
    triangles = np.concatenate([*corners, sheet])
    seen = fine.seen(points)
    raster = rasterised(seen, triangles, fine.width, fine.height)
    return View(
        shown=camera,
        camera=fine,
        nearness=raster.nearness,
        triangle=raster.triangle,
        seen=seen,
        corners=triangles,
    )


def painted(view: View, *, night: bool, upstairs: bool) -> Floats:
    """The fine picture of the room under its sky: (height, width, 3), sRGB from 0 to 1."""
    # Nothing in the sky is smaller than a pixel that is shown, so it need not be painted finely.
    picture = sky(view.shown, night=night).repeat(FINE, axis=0).repeat(FINE, axis=1)
    ends = np.cumsum([len(scene().parts[name].triangles) for name in ("office", *_SHINING)])
    shades: list[_Shade] = [_office, *(_glowing(name) for name in _SHINING), _floor]
    for rows, columns in _pieces(view.triangle):
        owner = view.triangle[rows, columns]
        which = np.searchsorted(ends, owner, side="right")
        for part, shade in enumerate(shades):
            own = np.flatnonzero(which == part)
            if own.size:
                pixels = (columns[own], rows[own])
                hour = NIGHT if night else DAY
                picture[rows[own], columns[own]] = shade(view, owner[own], pixels, hour, upstairs)
    lay_lamps(picture, view.nearness, view.camera, night=night, upstairs=upstairs)
    return picture


_Pixels = tuple[Ints, Ints]
"""Columns and rows."""
_Shade = Callable[[View, Ints, _Pixels, Hour, bool], Floats]


def _pieces(triangle: Ints) -> list[tuple[Ints, Ints]]:
    """The covered pixels as (rows, columns), not too many at once."""
    rows, columns = np.nonzero(triangle >= 0)
    cuts = range(_AT_ONCE, len(rows), _AT_ONCE)
    return list(zip(np.split(rows, cuts), np.split(columns, cuts), strict=True))


def _places(view: View, pixels: _Pixels) -> Floats:
    x, y = pixels
    near = view.nearness[y, x]
    return view.camera.room((x + 0.5).astype(np.float32), (y + 0.5).astype(np.float32), near)


def _office(view: View, owner: Ints, pixels: _Pixels, hour: Hour, _upstairs: bool) -> Floats:
    office = scene().parts["office"]
    corners = view.corners[owner]
    share = weights(view.seen, corners, *pixels)
    normals = np.einsum("ik,ikj->ij", share, office.normals[corners])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    shade = np.einsum("ik,ik->i", share, office.shades[corners])
    lamp = np.einsum("ik,ik->i", share, office.lamps[corners])
    base = occluded(hour, office.colours[corners[:, 0]], np.clip(shade, 0, 1))
    sun = np.ones(len(owner), dtype=np.float32)
    facing = np.flatnonzero(facing_sun(normals) > 0)
    sun[facing] = sunlit(_places(view, (pixels[0][facing], pixels[1][facing])), normals[facing])
    light = base * lit(hour, normals, sun) + base * hour.lamp * lamp[:, None]
    return shown(light + rimmed(hour, base, normals))


def _floor(view: View, _owner: Ints, pixels: _Pixels, hour: Hour, _upstairs: bool) -> Floats:
    places = _places(view, pixels)
    x, z = places[:, 0], places[:, 2]
    normals = np.broadcast_to(np.array([0, 1, 0], dtype=np.float32), places.shape)
    base = occluded(hour, floor.planks(x, z), floor.shade(x, z), 1.15, 0)
    light = base * lit(hour, normals, sunlit(places, normals))
    return shown(light + base * hour.lamp * floor.lamp(x, z)[:, None])


def _glowing(name: str) -> _Shade:
    """Shades a part that shines by itself, in the colour its name and the hour say."""
    names = ("office", *_SHINING)
    before = sum(len(scene().parts[part].points) for part in names[: names.index(name)])

    def shade(view: View, owner: Ints, _pixels: _Pixels, hour: Hour, upstairs: bool) -> Floats:
        own = scene().parts[name].colours[view.corners[owner, 0] - before]
        return encoded(own * linear(_SHINES[name][hour is NIGHT if name in _BY_HOUR else upstairs]))

    return shade


def _floor_points() -> Floats:
    room, y = facts()["room"], floor.HEIGHT
    corners = [
        (room["x0"], room["z1"]),
        (room["x1"], room["z1"]),
        (room["x1"], room["z0"]),
        (room["x0"], room["z0"]),
    ]
    return np.array([(x, y, z) for x, z in corners], dtype=np.float32)
