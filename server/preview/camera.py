"""Where a point of the room falls in the picture: a parallel view at the angles of the page's camera."""

from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np

from server.preview.scene import Floats, facts

AZIMUTH, PITCH = radians(41), radians(28)
"""A parallel view, so that a figure looks alike wherever it stands; turned so that monitors show their pictures."""

_SA, _CA, _SP, _CP = sin(AZIMUTH), cos(AZIMUTH), sin(PITCH), cos(PITCH)
AXES = np.array(
    [[_CA, 0.0, -_SA], [-_SA * _SP, _CP, -_CA * _SP], [_SA * _CP, _SP, _CA * _CP]], dtype=np.float32
)
"""Right, up, and back to the viewer."""
MARGIN = 0.035
"""Left free on every side, as a share of the free rectangle."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Camera:
    """A picture of ``width`` times ``height`` pixels, with ``ppm`` pixels to a metre and the room's origin at (x, y)."""

    width: int
    height: int
    ppm: float
    x: float
    y: float

    def seen(self, points: Floats) -> Floats:
        """Columns x, y (pixels, down) and nearness (metres) of points given as rows."""
        turned = points @ AXES.T
        turned[:, 0] = turned[:, 0] * self.ppm + self.x
        turned[:, 1] = self.y - turned[:, 1] * self.ppm
        return turned

    def at(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Where one point of the room is in the picture."""
        found = self.seen(np.array([[x, y, z]], dtype=np.float32))[0]
        return float(found[0]), float(found[1])

    def room(self, x: Floats, y: Floats, near: Floats) -> Floats:
        """The points of the room, as rows, that are seen at pixels (x, y) that near."""
        across, upward = (x - self.x) / self.ppm, (self.y - y) / self.ppm
        return np.stack([across, upward, near], axis=-1) @ AXES

    def times(self, factor: int) -> "Camera":
        """The same picture with so many times as many pixels each way."""
        return Camera(
            width=self.width * factor,
            height=self.height * factor,
            ppm=self.ppm * factor,
            x=self.x * factor,
            y=self.y * factor,
        )


def fitted(width: int, height: int, foot: int = 0) -> Camera:
    """The camera that shows the whole room in a picture, ``foot`` pixels at its lower edge left free."""
    free = height - foot
    outline = _outline() @ AXES.T
    left, right = float(outline[:, 0].min()), float(outline[:, 0].max())
    low, high = float(outline[:, 1].min()), float(outline[:, 1].max())
    ppm = min(width / (right - left), free / (high - low)) * (1 - 2 * MARGIN)
    return Camera(
        width=width,
        height=height,
        ppm=ppm,
        x=width / 2 - (left + right) / 2 * ppm,
        y=free / 2 + (low + high) / 2 * ppm,
    )


def _outline() -> Floats:
    room = facts()["room"]
    x0, x1, z0, z1, top = room["x0"], room["x1"], room["z0"], room["z1"], room["height"] + 0.08
    slab = [(x, y, z) for x in (x0 - 0.35, x1 + 0.35) for y in (-0.5, 0.0) for z in (z0 - 0.35, z1 + 0.35)]
    walls = [(x0 - 0.3, top, z0 - 0.3), (x1 + 0.1, top, z0 - 0.3), (x0 - 0.3, top, z1 + 0.1)]
    return np.array(slab + walls, dtype=np.float32)
