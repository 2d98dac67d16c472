"""All that is kept of one size of picture: the room by day and by night, and what stands in it, made when first needed."""

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property

import numpy as np
import pygame

from server.preview import sheets
from server.preview.camera import Camera, fitted
from server.preview.display import DisplayText
from server.preview.figure import HEADINGS, Looks, figure
from server.preview.floor import lamp
from server.preview.layer import View, looked, painted
from server.preview.light import bytes_of, encoded
from server.preview.pose import step_of
from server.preview.quad import blob, flat, patch
from server.preview.role import Role
from server.preview.scene import facts, linear
from server.preview.sprite import Sprite, coarse, cut, soft

_SPRITES_MAX = 3000
_SHADOW = "#5a3226"
RGB = (0x0000FF, 0x00FF00, 0xFF0000, 0) if sys.byteorder == "little" else (0xFF0000, 0x00FF00, 0x0000FF, 0)
"""Masks with which a picture lies in memory as it is written: red first, a byte each."""


class Stage:
    """Sprites and layers of one size. Everything in it is a pure function of what it is asked for."""

    def __init__(self, width: int, height: int, foot: int) -> None:
        self.camera: Camera = fitted(width, height, foot)
        self._layers: dict[tuple[bool, bool], pygame.Surface] = {}
        self._sprites: OrderedDict[Hashable, Sprite | None] = OrderedDict()

    @cached_property
    def view(self) -> View:
        """What the camera sees of the room, finely."""
        return looked(self.camera)

    def layer(self, *, night: bool, upstairs: bool) -> pygame.Surface:
        """The room without people and screens."""
        if (night, upstairs) not in self._layers:
            fine = painted(self.view, night=night, upstairs=upstairs)
            size = (self.camera.width, self.camera.height)
            pixels = pygame.image.frombytes(bytes_of(coarse(fine)).tobytes(), size, "RGB")
            layer = self._layers[night, upstairs] = pygame.Surface(size, 0, 24, RGB)
            layer.blit(pixels, (0, 0))
        return self._layers[night, upstairs]

    def screen(self, desk: int, name: str, colour: str) -> Sprite | None:
        """What a monitor shows, in a colour."""
        key = ("screen", desk, name, colour)
        return self._kept(key, lambda: sheets.screen(self.view, desk, name, colour))

    @cached_property
    def display(self) -> sheets.Display:
        """Where the wall display is seen."""
        return sheets.Display(self.view)

    def wall(self, words: DisplayText) -> Sprite | None:
        """The wall display."""
        return self._kept(("wall", words), lambda: self.display.sprite(words))

    def papers(self, waiting: int, done: tuple[int, ...], *, night: bool) -> Sprite | None:
        """The papers in both trays."""
        key = ("papers", waiting, done, night)
        return self._kept(key, lambda: sheets.papers(self.view, waiting, done, night=night))

    def hands(self, minutes: int) -> Sprite | None:
        """The hands of the clock at so many minutes of the day."""
        return self._kept(("hands", minutes % 720), lambda: sheets.hands(self.view, minutes))

    def pool(self, desk: int, colour: str, strength: float) -> Sprite | None:
        """The light of a screen on its desk, to be added."""
        return self._kept(("pool", desk, colour, strength), lambda: self._pool(desk, colour, strength))

    def shadow(self, role: Role, *, night: bool) -> Sprite | None:
        """The soft shadow beneath somebody who is up."""
        x, z = round(role.x, 2), round(role.z, 2)
        return self._kept(("shadow", x, z, night), lambda: self._shadow(x, z, night))

    def person(self, number: int, role: Role, glow: str, *, night: bool) -> Sprite | None:
        """Somebody in a role; ``glow`` is the colour of the screen before them, or nothing."""
        looks = Looks(
            person=number,
            clip=role.clip,
            step=step_of(role.clip, role.seconds, number),
            heading=round(role.heading / (2 * np.pi) * HEADINGS) % HEADINGS,
            night=night,
            lamp=_lamp_at(role.x, role.z) if night else 0.0,
            glow=glow if role.seated else "",
            ppm=self.view.camera.ppm,
        )
        x, y = (round(at) for at in self.view.camera.at(role.x, 0.0, role.z))
        return self._kept((looks, x, y), lambda: self._person(looks, role, (x, y)))

    def _kept(self, key: Hashable, make: Callable[[], Sprite | None]) -> Sprite | None:
        if key in self._sprites:
            self._sprites.move_to_end(key)
            return self._sprites[key]
        made = self._sprites[key] = make()
        if len(self._sprites) > _SPRITES_MAX:
            self._sprites.popitem(last=False)
        return made

    def _person(self, looks: Looks, role: Role, at: tuple[int, int]) -> Sprite | None:
        drawn = figure(looks)
        anchor = self.view.camera.seen(np.array([[role.x, 0.0, role.z]], dtype=np.float32))[0, 2]
        return cut(self.view, drawn.colours, drawn.nearness + anchor, at[0] + drawn.left, at[1] + drawn.top)

    def _pool(self, desk: int, colour: str, strength: float) -> Sprite | None:
        spot, monitor, top = facts()["desks"][desk], facts()["monitor"], facts()["desk"]["top"]
        quad = flat(spot["x"] + monitor["x"] + 0.3, top + 0.006, spot["z"] + monitor["z"] - 0.12, 1.0, 0.72)
        light = encoded(linear(colour) * np.float32(strength))
        return self._soft_patch(quad, light, lambda share: share, added=True)

    def _shadow(self, x: float, z: float, night: bool) -> Sprite | None:
        colour = np.array([int(_SHADOW[at : at + 2], 16) / 255 for at in (1, 3, 5)], dtype=np.float32)
        most = 0.5 if night else 0.42
        return self._soft_patch(flat(x, 0.05, z, 0.95, 0.8), colour, lambda share: share * most, added=False)

    def _soft_patch(
        self, quad: object, colour: np.ndarray, share: Callable[[np.ndarray], np.ndarray], *, added: bool
    ) -> Sprite | None:
        spot = patch(self.view.camera, quad, self.view.nearness)  # type: ignore[arg-type]
        if not spot.x.size:
            return None
        left, top = int(spot.x.min()), int(spot.y.min())
        shape = (int(spot.y.max()) - top + 1, int(spot.x.max()) - left + 1)
        opacity = np.zeros(shape, dtype=np.float32)
        opacity[spot.y - top, spot.x - left] = share(blob(spot.u, spot.v))
        colours = np.broadcast_to(colour, (*shape, 3))
        return soft(colours, opacity, left, top, added=added)


def _lamp_at(x: float, z: float) -> float:
    """Lamplight on somebody who stands there, in steps of a tenth."""
    here = np.array([x], dtype=np.float32), np.array([z], dtype=np.float32)
    return round(max(0.12, float(lamp(*here)[0]) * 1.6), 1)
