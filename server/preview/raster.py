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
        pixel = np.repeat(row * width + left, count) + _within(count)
        x = pixel % width
        z = (np.repeat(depth, count) + np.repeat(slope, count) * x).astype(np.float32)
        np.maximum.at(nearness, pixel, z)
        wins = z >= nearness[pixel]
        nearest[pixel[wins]] = np.repeat(owner, count)[wins]
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


def _within(count: Ints) -> Ints:
    """0, 1, 2 … for each of the counts, one after another."""
    ends = np.cumsum(count)
    return np.arange(ends[-1] if ends.size else 0) - np.repeat(ends - count, count)


_Rows = tuple[Ints, Ints, Ints, Ints, Floats, Floats]


def _rows(seen: Floats, triangles: Ints, width: int, height: int) -> list[_Rows]:
    """Each row of each triangle: the row, its first pixel, how many, whose it is, and its nearness as a line over x."""
    points = seen.astype(np.float64)
    a, b, c = (points[triangles[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    ys = np.stack([a[:, 1], b[:, 1], c[:, 1]])
    first = np.maximum(np.ceil(ys.min(axis=0) - 0.5), 0).astype(np.int64)
    last = np.minimum(np.floor(ys.max(axis=0) - 0.5), height - 1).astype(np.int64)
    # Anticlockwise in the room, so clockwise with y down: what shows its back is left out.
    kept = np.flatnonzero((area < -1e-9) & (last >= first))
    high = last[kept] - first[kept] + 1
    own = np.repeat(kept, high)
    row = np.repeat(first[kept], high) + _within(high)
    left, right = _span(a[own], b[own], c[own], row + 0.5)
    start = np.maximum(np.ceil(left - 0.5), 0).astype(np.int64)
    count = np.minimum(np.floor(right - 0.5), width - 1).astype(np.int64) - start + 1
    some = np.flatnonzero(count > 0)
    own, row, start, count = own[some], row[some], start[some], count[some]
    slope, depth = _plane(a[own], b[own], c[own], area[own], row + 0.5)
    whole: _Rows = (row, start, count, own, depth, slope)
    return _chunks(whole)


def _span(a: Floats, b: Floats, c: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Where a row at height y enters and leaves each triangle."""
    left, right = np.full(y.shape, -np.inf), np.full(y.shape, np.inf)
    for p, q in ((a, b), (b, c), (c, a)):
        rise = q[:, 1] - p[:, 1]
        level = rise == 0
        x = p[:, 0] + (q[:, 0] - p[:, 0]) * (y - p[:, 1]) / np.where(level, 1.0, rise)
        # Anticlockwise to the eye: edges that run down bound it on the left, those that run up on the right.
        np.maximum(left, np.where(~level & (rise > 0), x, -np.inf), out=left)
        np.minimum(right, np.where(~level & (rise < 0), x, np.inf), out=right)
    return left, right


def _plane(a: Floats, b: Floats, c: Floats, area: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Nearness along each row as ``depth + slope * x``, at the pixels' middles."""
    bz, cz = b[:, 2] - a[:, 2], c[:, 2] - a[:, 2]
    slope = (bz * (c[:, 1] - a[:, 1]) - cz * (b[:, 1] - a[:, 1])) / area
    down = (cz * (b[:, 0] - a[:, 0]) - bz * (c[:, 0] - a[:, 0])) / area
    return slope, a[:, 2] + down * (y - a[:, 1]) + slope * (0.5 - a[:, 0])


def _chunks(rows: _Rows) -> list[_Rows]:
    totals = np.cumsum(rows[2])
    whole = int(totals[-1]) if totals.size else 0
    cuts = np.searchsorted(totals, np.arange(_FRAGMENTS, whole, _FRAGMENTS))
    parts = zip(*(np.split(column, cuts) for column in rows), strict=True)
    return [part for part in parts if part[0].size]
