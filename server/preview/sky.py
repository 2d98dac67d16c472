"""What the room stands on and in: the sky round it, and its own soft shadow."""

import numpy as np

from server.preview.camera import Camera
from server.preview.quad import Quad, blob, flat, patch
from server.preview.scene import Floats

_DAY = ((0.0, "#fff6e9"), (0.48, "#fbe6cd"), (1.0, "#efc6a2"))
_NIGHT = ((0.0, "#4a4a78"), (0.5, "#2c2c54"), (1.0, "#16152e"))
_STEPS = 4095
_GROUND: Quad = flat(0.2, -0.52, 0.6, 26, 19)


def sky(camera: Camera, *, night: bool) -> Floats:
    """The picture's ground (height, width, 3), sRGB from 0 to 1: `--sky` of `tokens.css`, with the room's shadow."""
    x = (np.arange(camera.width, dtype=np.float32) + 0.5) / camera.width
    y = (np.arange(camera.height, dtype=np.float32) + 0.5) / camera.height
    middle = (0.42, 0.45) if night else (0.4, 0.42)
    far = np.hypot((x[None, :] - middle[0]) / 1.2, (y[:, None] - middle[1]) / 0.95)
    picture = _graded(np.minimum(far, 1), _NIGHT if night else _DAY)
    _shadowed(picture, camera, night=night)
    return picture


def srgb(colour: str) -> Floats:
    """`#rrggbb` as red, green and blue from 0 to 1, as they are written."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float32) / 255


def _graded(far: Floats, stops: tuple[tuple[float, str], ...]) -> Floats:
    at = [stop for stop, _ in stops]
    steps = np.linspace(0, 1, _STEPS + 1)
    channels = [
        np.interp(steps, at, [float(srgb(colour)[channel]) for _, colour in stops]) for channel in range(3)
    ]
    table = np.stack(channels, axis=-1).astype(np.float32)
    return np.asarray(table[(far * _STEPS).astype(np.uint16)])


def _shadowed(picture: Floats, camera: Camera, *, night: bool) -> None:
    spot = patch(camera, _GROUND, None)
    colour, most = (srgb("#07061a"), 0.75) if night else (srgb("#a85e3a"), 0.55)
    amount = (blob(spot.u, spot.v) * np.float32(most))[:, None]
    under = picture[spot.y, spot.x]
    picture[spot.y, spot.x] = under + (colour - under) * amount
