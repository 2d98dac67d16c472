"""The one soft shadow of the room: how much of the sun (or the moon) reaches a point."""

from functools import cache

import numpy as np

from server.preview.light import SUN
from server.preview.raster import rasterised
from server.preview.scene import Floats, Ints, scene

_SIZE = 2048
_REACH = np.array([10.5, 9.0], dtype=np.float32)
"""Half the width and height of what the sun looks at, in metres."""
_OFF_SURFACE = 0.05
_BIAS = 0.03
_STRENGTH = np.float32(0.72)
_SOFT = 4.5
"""How far the shadow's edge is blurred, in pixels of the map."""
_EDGE = 8
_TAPS = tuple(
    (_SOFT * (k + 0.5) ** 0.5 / 3 * np.cos(k * 2.39996), _SOFT * (k + 0.5) ** 0.5 / 3 * np.sin(k * 2.39996))
    for k in range(9)
)


def sunlit(points: Floats, normals: Floats) -> Floats:
    """How much of the sun reaches points of these normals, from 0.28 in full shadow to 1."""
    seen = _seen(points + normals * np.float32(_OFF_SURFACE))
    corner = np.clip(seen[:, :2], _EDGE, _SIZE - 1 - _EDGE).astype(np.int32)
    pixel = corner[:, 1] * np.int32(_SIZE) + corner[:, 0]
    limit = seen[:, 2] + np.float32(_BIAS)
    dark, depths = np.zeros(len(points), dtype=np.float32), _map().ravel()
    for dx, dy in _TAPS:
        dark += depths[pixel + (round(dy) * _SIZE + round(dx))] > limit
    return 1 - _STRENGTH * dark / len(_TAPS)


@cache
def _map() -> Floats:
    """The nearness to the sun of what is nearest to it."""
    office = scene().parts["office"]
    triangles: Ints = office.triangles[: office.solid]
    # Both sides cast: a wall that shows the sun its back is a wall.
    both = np.concatenate([triangles, triangles[:, ::-1]])
    return rasterised(_seen(office.points), both, _SIZE, _SIZE).nearness


def _seen(points: Floats) -> Floats:
    back = SUN / np.linalg.norm(SUN)
    right = np.cross([0.0, 1.0, 0.0], back)
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(back, right), back]).astype(np.float32)
    turned = points @ axes.T
    turned[:, :2] = (turned[:, :2] * np.array([1, -1], dtype=np.float32) / _REACH + 1) * np.float32(_SIZE / 2)
    return np.asarray(turned, dtype=np.float32)
