"""Light laid on surfaces: sun through the windows, lamps' pools, the sign's halo, what comes from upstairs."""

from typing import NamedTuple

import numpy as np

from server.preview.camera import Camera
from server.preview.light import encoded
from server.preview.quad import Patch, Quad, blob, flat, patch, upright
from server.preview.scene import Floats, facts, linear


class Pool(NamedTuple):
    """A soft light: where it lies, its colour, and how strong it is."""

    quad: Quad
    colour: str
    strength: float


_SLANT, _SHAFT = -0.9, 0.38
"""How far the sun carries a window's patch towards the back; how strong the shaft is at the pane."""


def lay_lamps(picture: Floats, nearness: Floats, camera: Camera, *, night: bool, upstairs: bool) -> None:
    """Adds all light that does not follow the state to a picture (sRGB from 0 to 1)."""
    _lay_sun(picture, nearness, camera, night=night)
    for pool in _pools(night=night, upstairs=upstairs):
        spot = patch(camera, pool.quad, nearness)
        add(picture, spot, pool.colour, pool.strength, blob(spot.u, spot.v))


def add(picture: Floats, spot: Patch, colour: str, strength: float, share: Floats) -> None:
    """Adds light of a colour, ``strength`` times in linear light and ``share`` of it at each pixel."""
    picture[spot.y, spot.x] += encoded(linear(colour) * np.float32(strength)) * share[:, None]


def _pools(*, night: bool, upstairs: bool) -> list[Pool]:
    pools = _shining(night) if night else []
    return pools + (_sign(night) if upstairs else [])


def _shining(night: bool) -> list[Pool]:
    """Floor lamps, desk lamps, and the halo of the display: by night alone."""
    known, display, room = facts(), facts()["display"], facts()["room"]
    if not night:
        return []
    floor = [
        Pool(flat(lamp["x"] + (-0.5 if lamp["x"] > 0 else 0.4), 0.05, lamp["z"], 3.2, 3.2), "#ff9a3d", 0.22)
        for lamp in known["floorLamps"]
    ]
    pool, top = known["lampPool"], known["desk"]["top"] + 0.004
    desks = [
        Pool(flat(desk["x"] + pool["x"], top, desk["z"] + pool["z"], 0.9, 0.7), "#ff9a3d", 0.42)
        for desk in known["desks"]
        if desk["lamp"]
    ]
    halo = upright(display["x"], display["y"] - 0.1, room["z0"] + 0.025, 7.4, 4)
    return [*floor, *desks, Pool(halo, "#4a6cff", 0.26)]


def _sign(night: bool) -> list[Pool]:
    """The neon sign over the stairs, its light on the floor before them, and the light from upstairs."""
    stairs, z0 = facts()["stairs"], facts()["room"]["z0"]
    return [
        Pool(upright(stairs["x"], stairs["sign"], z0 + 0.03, 2.6, 1.5), "#ff6b5a", 0.5 if night else 0.22),
        Pool(flat(stairs["x"], 0.05, z0 + 0.75, 2.3, 1.9), "#ffc36b", 0.5 if night else 0.2),
        Pool(upright(stairs["x"], 1.0, z0 - 0.36, 2.0, 3.8), "#ffc978", 0.75 if night else 0.3),
    ]


def _lay_sun(picture: Floats, nearness: Floats, camera: Camera, *, night: bool) -> None:
    room, windows = facts()["room"], facts()["windows"]
    near, far = room["x0"] + 0.7, room["x0"] + 3.9
    colour, opacity = ("#33408c", 0.28) if night else ("#ffbf73", 0.34)
    for z in windows["zs"]:
        ground = Quad(origin=(near, 0.045, z - 0.85), across=(0.0, 0.0, 1.9), down=(far - near, 0.0, _SLANT))
        spot = patch(camera, ground, nearness)
        add(picture, spot, colour, 1, _panes(spot.u, spot.v) * np.float32(opacity))
        shaft = Quad(
            origin=(room["x0"], windows["high"], z - 0.9),
            across=(0.0, 0.0, 1.8),
            down=(far - room["x0"], 0.05 - windows["high"], _SLANT),
        )
        spot = patch(camera, shaft, nearness)
        fading = (1 - spot.v) ** 0.8 * np.minimum(1, np.minimum(spot.u, 1 - spot.u) * 12)
        add(picture, spot, colour, _SHAFT, fading * np.float32(opacity * 0.9))


def _panes(u: Floats, v: Floats) -> Floats:
    """A window's four panes, blurred as light blurs them; 0 to 1."""
    across = _soft(u, 18 / 128, 60 / 128) + _soft(u, 68 / 128, 110 / 128)
    along = _soft(v, 18 / 256, 122 / 256, 7 / 256) + _soft(v, 134 / 256, 238 / 256, 7 / 256)
    return np.asarray(across * along, dtype=np.float32)


def _soft(at: Floats, low: float, high: float, blur: float = 7 / 128) -> Floats:
    rise = np.clip((at - low) / (2 * blur) + 0.5, 0, 1)
    fall = np.clip((high - at) / (2 * blur) + 0.5, 0, 1)
    return np.asarray(rise * rise * (3 - 2 * rise) * fall * fall * (3 - 2 * fall), dtype=np.float32)
