"""Triangles into pixels: which is the nearest at each, and where in it the pixel lies.

Whole rows of all triangles at once rather than one triangle after another: that is what makes it quick in numpy.
"""

from dataclasses import dataclass

import numpy as np

from server.preview.scene import Floats, Ints

_FRAGMENTS = 2_000_000
"""Pixels looked at together; bounds the memory."""
_FAR = np.float32(-1e9)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Raster:
    """The pixels that some triangle covers, row by row: what is nearest there."""

    nearness: Floats
    """Of every pixel of the picture (height, width), in metres; very far where nothing is."""
    triangle: Ints
    """The nearest triangle at every pixel; -1 where there is none."""


def rasterised(seen: Floats, triangles: Ints, width: int, height: int) -> Raster:
    """What is seen of triangles that face the viewer. ``seen`` has x, y and nearness of each point."""
    nearness = np.full(width * height, _FAR, dtype=np.float32)
    nearest = np.full(width * height, -1, dtype=np.int64)
    for row, left, count, owner, depth, slope in _rows(seen, triangles, width, height):
        ends = np.cumsum(count)
        own = np.repeat(np.arange(len(count)), count)
        x = np.arange(ends[-1]) - (ends - count - left)[own]
        pixel = (row * width)[own] + x
        z = (depth[own] + slope[own] * x).astype(np.float32)
        np.maximum.at(nearness, pixel, z)
        wins = np.flatnonzero(z >= nearness[pixel])
        nearest[pixel[wins]] = owner[own[wins]]
    return Raster(nearness=nearness.reshape(height, width), triangle=nearest.reshape(height, width))


def weights(seen: Floats, corners: Ints, x: Ints, y: Ints) -> Floats:
    """How much of each of the three corners is at the middles of the pixels (x, y), each with its own triangle."""
    a, b, c = (seen[corners[:, k], :2] for k in range(3))
    px, py = x + np.float32(0.5), y + np.float32(0.5)
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    area = np.where(area == 0, np.float32(1), area)
    second = ((px - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (py - a[:, 1])) / area
    third = ((b[:, 0] - a[:, 0]) * (py - a[:, 1]) - (px - a[:, 0]) * (b[:, 1] - a[:, 1])) / area
    return np.stack([1 - second - third, second, third], axis=1).astype(np.float32)


_Rows = tuple[Ints, Ints, Ints, Ints, Floats, Floats]


def _rows(seen: Floats, triangles: Ints, width: int, height: int) -> list[_Rows]:
    """Each row of each triangle: the row, its first pixel, how many, whose it is, and its nearness as a line over x.

    Column by column, and of each triangle only what its rows need: numbers that lie side by side are quickest.
    """
    xs, ys, zs = (np.ascontiguousarray(column, dtype=np.float64) for column in seen.T)
    corners = np.ascontiguousarray(triangles.T)
    ax, bx, cx = (xs[corner] for corner in corners)
    ay, by, cy = (ys[corner] for corner in corners)
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    first = np.maximum(np.ceil(np.minimum(np.minimum(ay, by), cy) - 0.5), 0).astype(np.int64)
    last = np.minimum(np.floor(np.maximum(np.maximum(ay, by), cy) - 0.5), height - 1).astype(np.int64)
    # Anticlockwise in the room, so clockwise with y down: what shows its back is left out.
    kept = np.flatnonzero((area < -1e-9) & (last >= first))
    x, y = [each[kept] for each in (ax, bx, cx)], [each[kept] for each in (ay, by, cy)]
    high = last[kept] - first[kept] + 1
    own = np.repeat(np.arange(len(kept)), high)
    row = np.arange(len(own)) - (np.cumsum(high) - high - first[kept])[own]
    left, right = _span(x, y, own, row + 0.5)
    start = np.maximum(np.ceil(left - 0.5), 0).astype(np.int64)
    count = np.minimum(np.floor(right - 0.5), width - 1).astype(np.int64) - start + 1
    some = np.flatnonzero(count > 0)
    own, row, start, count = own[some], row[some], start[some], count[some]
    z = [zs[corner[kept]] for corner in corners]
    slope, depth = _plane(x, y, z, area[kept], own, row + 0.5)
    return _chunks((row, start, count, kept[own], depth, slope))


_Corners = list[Floats]
"""One coordinate of the three corners of each triangle."""


def _span(xs: _Corners, ys: _Corners, own: Ints, y: Floats) -> tuple[Floats, Floats]:
    """Where a row at height y enters and leaves the triangle that it is of."""
    left, right = np.full(y.shape, -np.inf), np.full(y.shape, np.inf)
    for p, q in ((0, 1), (1, 2), (2, 0)):
        rise = ys[q] - ys[p]
        wide = xs[q] - xs[p]
        steep = np.where(rise == 0, 1.0, rise)
        x = xs[p][own] + wide[own] * (y - ys[p][own]) / steep[own]
        # Anticlockwise to the eye: edges that run down bound it on the left, those that run up on the right.
        np.maximum(left, np.where((rise > 0)[own], x, -np.inf), out=left)
        np.minimum(right, np.where((rise < 0)[own], x, np.inf), out=right)
    return left, right


def _plane(
    xs: _Corners, ys: _Corners, zs: _Corners, area: Floats, own: Ints, y: Floats
) -> tuple[Floats, Floats]:
    """Nearness along each row as ``depth + slope * x``, at the pixels' middles."""
    (ax, bx, cx), (ay, by, cy) = xs, ys
    bz, cz = zs[1] - zs[0], zs[2] - zs[0]
    slope = (bz * (cy - ay) - cz * (by - ay)) / area
    down = (cz * (bx - ax) - bz * (cx - ax)) / area
    return slope[own], zs[0][own] + down[own] * (y - ay[own]) + slope[own] * (0.5 - ax[own])


def _chunks(rows: _Rows) -> list[_Rows]:
    totals = np.cumsum(rows[2])
    whole = int(totals[-1]) if totals.size else 0
    cuts = np.searchsorted(totals, np.arange(_FRAGMENTS, whole, _FRAGMENTS))
    parts = zip(*(np.split(column, cuts) for column in rows), strict=True)
    return [part for part in parts if part[0].size]
