"""Flat things in the room: a sheet spanned by two edges, and the pixels in which it is seen."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from server.preview.camera import Camera
from server.preview.scene import Floats, Ints

Corner: TypeAlias = tuple[float, float, float]

OFF = 0.03
"""A sheet that lies on a surface counts as in front of it by this much, in metres."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quad:
    """A parallelogram: one corner, and from it the edges along which u and v go from 0 to 1; metres."""

    origin: Corner
    across: Corner
    down: Corner


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Patch:
    """Where a quad is seen: pixels, and where in it each lies."""

    x: Ints
    y: Ints
    u: Floats
    v: Floats


def flat(x: float, y: float, z: float, width: float, depth: float) -> Quad:
    """A sheet that lies on something, around (x, z) at height y."""
    return Quad(origin=(x - width / 2, y, z - depth / 2), across=(width, 0.0, 0.0), down=(0.0, 0.0, depth))


def upright(x: float, y: float, z: float, width: float, height: float) -> Quad:
    """A sheet that stands against the back wall, around (x, y)."""
    return Quad(origin=(x - width / 2, y + height / 2, z), across=(width, 0.0, 0.0), down=(0.0, -height, 0.0))


def patch(camera: Camera, quad: Quad, nearness: Floats | None, off: float = OFF) -> Patch:
    """The pixels in which the quad is seen: nothing of ``nearness`` (height, width) is before it there."""
    ends = np.array([quad.origin, quad.across, quad.down], dtype=np.float32)
    ends[1:] += ends[0]
    start, across, down = camera.seen(ends)
    edges = np.stack([across - start, down - start], axis=1)
    x, y = _box(camera, np.array([start, across, down, across + down - start]))
    px, py = x + 0.5 - start[0], y + 0.5 - start[1]
    area = edges[0, 0] * edges[1, 1] - edges[0, 1] * edges[1, 0]
    if abs(area) < 1e-6:
        none = np.zeros(0, dtype=np.int64)
        return Patch(x=none, y=none, u=none.astype(np.float32), v=none.astype(np.float32))
    u = (px * edges[1, 1] - py * edges[0, 1]) / area
    v = (py * edges[0, 0] - px * edges[1, 0]) / area
    within = (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
    if nearness is not None:
        near = start[2] + edges[2, 0] * u + edges[2, 1] * v
        within &= near + off >= nearness[y, x]
    return Patch(x=x[within], y=y[within], u=u[within].astype(np.float32), v=v[within].astype(np.float32))


def _box(camera: Camera, corners: Floats) -> tuple[Ints, Ints]:
    """All pixels of the picture within the box round some corners."""
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    xs = np.arange(max(0, int(low[0])), min(camera.width, int(high[0]) + 1))
    ys = np.arange(max(0, int(low[1])), min(camera.height, int(high[1]) + 1))
    x, y = np.meshgrid(xs, ys)
    return x.ravel().astype(np.int64), y.ravel().astype(np.int64)


def blob(u: Floats, v: Floats) -> Floats:
    """White in the middle, nothing at the rim; 0 to 1."""
    far = np.clip((np.hypot(u - 0.5, v - 0.5) * 2 - 4 / 64) / (60 / 64), 0, 1)
    inner = 1 - far / 0.55 * (1 - 0.42)
    return np.asarray(np.where(far < 0.55, inner, 0.42 * (1 - far) / 0.45), dtype=np.float32)
