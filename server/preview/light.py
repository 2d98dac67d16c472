"""How surfaces take light by day and by night: Lambert, baked occlusion tinted warm, lamplight from the bake, a rim.

The numbers are those of `web/src/scene/room/lights.ts` and `materials.ts`.
"""

from dataclasses import dataclass

import numpy as np

from server.preview.camera import AXES
from server.preview.scene import Bytes, Floats, facts, linear


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Hour:
    """The lights of the room: sun or moon, sky and ground, a warm fill, lamps; colours linear, times their strength."""

    key: Floats
    above: Floats
    below: Floats
    fill: Floats
    tint: Floats
    rim: Floats
    lamp: Floats
    glow: float
    """How strongly monitors shine on faces."""


_LAMP = linear("#ffb765")
DAY = Hour(
    key=linear("#fff0da") * np.float32(2.05),
    above=linear("#f6f6ff") * np.float32(2.2),
    below=linear("#ecc9ae") * np.float32(2.2),
    fill=linear("#ffc9a8") * np.float32(0.9),
    tint=linear("#94604c"),
    rim=np.array([0.42, 0.3, 0.22], dtype=np.float32),
    lamp=_LAMP * np.float32(0),
    glow=0.22,
)
NIGHT = Hour(
    key=linear("#8fa2ff") * np.float32(0.75),
    above=linear("#5a64b8"),
    below=linear("#402a3e"),
    fill=linear("#ff9a56") * np.float32(0.5),
    tint=linear("#1d1638"),
    rim=np.array([0.16, 0.18, 0.42], dtype=np.float32),
    lamp=_LAMP * np.float32(facts()["lamplightMax"]),
    glow=0.85,
)

SUN = np.array([-7.5, 13.0, 8.5], dtype=np.float32)
_TO_SUN = SUN / np.float32(np.linalg.norm(SUN))
_FILL = np.array([9.0, 5.0, 6.0], dtype=np.float32)
_TO_FILL = _FILL / np.float32(np.linalg.norm(_FILL))
_EXPOSURE = np.float32(1.08)
_PI = np.float32(np.pi)


def facing_sun(normals: Floats) -> Floats:
    """How squarely a surface looks into the sun, 0 to 1."""
    return np.maximum(normals @ _TO_SUN, 0)


def lit(hour: Hour, normals: Floats, sunlit: Floats) -> Floats:
    """Light on surfaces, by their normals and how much of the sun reaches them (0 to 1)."""
    upward = (normals[:, 1:2] + 1) / 2
    sky = hour.below + (hour.above - hour.below) * upward
    sun = hour.key * (facing_sun(normals) * sunlit)[:, None]
    fill = hour.fill * np.maximum(normals @ _TO_FILL, 0)[:, None]
    return np.asarray((sky + sun + fill) / _PI, dtype=np.float32)


def occluded(hour: Hour, colours: Floats, shades: Floats, gain: float = 1.22, floor: float = 0.04) -> Floats:
    """Colours darkened where little of the sky is seen; towards a warm tint, for grey looks dirty."""
    openness = np.minimum(1, shades**0.85 * np.float32(gain) + np.float32(floor))[:, None]
    return np.asarray(colours * (hour.tint + (1 - hour.tint) * openness), dtype=np.float32)


def rimmed(hour: Hour, colours: Floats, normals: Floats) -> Floats:
    """The thin light at edges that turn away from the viewer."""
    edge = (1 - np.clip(normals @ AXES[2], 0, 1)) ** 3
    return np.asarray(colours * hour.rim * edge[:, None], dtype=np.float32)


def shown(light: Floats) -> Floats:
    """Linear light as sRGB from 0 to 1, through the neutral tone mapping (Khronos PBR Neutral)."""
    colour = light * _EXPOSURE
    # Column by column: a minimum along three numbers is ten times slower.
    least = np.minimum(np.minimum(colour[..., 0], colour[..., 1]), colour[..., 2])
    offset = np.where(least < 0.08, least - 6.25 * least * least, np.float32(0.04))
    colour -= offset[..., None]
    peak = np.maximum(np.maximum(colour[..., 0], colour[..., 1]), colour[..., 2])
    bright = np.flatnonzero(peak.ravel() >= _PRESSED_FROM)
    flat = colour.reshape(-1, 3)
    flat[bright] = _pressed(flat[bright], peak.ravel()[bright][:, None])
    return encoded(colour)


def _pressed(colour: Floats, peak: Floats) -> Floats:
    """The brightest colours, pressed below 1 and paled."""
    left = 1 - _PRESSED_FROM
    pressed = 1 - left**2 / (peak + left - _PRESSED_FROM)
    less = 1 - 1 / (0.15 * (peak - pressed) + 1)
    bright = colour * (pressed / peak)
    return np.asarray(bright + (pressed - bright) * less, dtype=np.float32)


def encoded(colour: Floats) -> Floats:
    """Linear colours as sRGB, 0 to 1, in steps finer than those of a byte."""
    steps = (np.clip(colour, 0, 1) * np.float32(_STEPS)).astype(np.uint16)
    return _ENCODED[steps]


_PRESSED_FROM = 0.8 - 0.04
_STEPS = 16_383
_RAMP = np.arange(_STEPS + 1, dtype=np.float64) / _STEPS
_ENCODED = np.where(_RAMP <= 0.0031308, _RAMP * 12.92, 1.055 * _RAMP ** (1 / 2.4) - 0.055).astype(np.float32)


def bytes_of(colour: Floats) -> Bytes:
    """Colours from 0 to 1 as bytes."""
    return (np.clip(colour, 0, 1) * 255 + np.float32(0.5)).astype(np.uint8)
