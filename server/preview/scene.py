"""The models, measures and colours of the office, as `make assets` built them: what the page draws is what is painted."""

import json
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]
Ints: TypeAlias = NDArray[np.int64]
Bytes: TypeAlias = NDArray[np.uint8]

_HERE = Path(__file__).parent
_FOLDERS = (_HERE / "scene", _HERE.parents[1] / "assets" / "built")
"""Beside this file in a wheel; where the assets are built in a checkout."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Model:
    """Points with what is known of each, and triangles of three points; metres, y up, z towards the viewer."""

    points: Floats
    normals: Floats
    colours: Floats
    """Linear red, green and blue."""
    shades: Floats
    lamps: Floats
    """Lamplight as a share of the most there is."""
    bones: Ints
    triangles: Ints
    solid: int
    """How many of the triangles cast a shadow; they stand first."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FloorMaps:
    """Openness to the sky and lamplight, from the back wall to the front, each 0 to 1."""

    shade: Floats
    lamp: Floats


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scene:
    """All models by name, and the light on the floor."""

    parts: dict[str, Model]
    floor: FloorMaps


@cache
def facts() -> dict[str, Any]:
    """Measures in metres, colours and bones: `assets/facts.ts`."""
    return built("facts.json")


@cache
def scene() -> Scene:
    """The models. Raises `ValueError` for a binary that is not the one its manifest describes."""
    manifest = built("manifest.json")
    body = np.frombuffer(zlib.decompress(_file("office.bin").read_bytes(), wbits=-15), dtype=np.uint8)
    return _Reader(body, manifest).scene()


def linear(colour: str) -> Floats:
    """`#rrggbb` as linear red, green and blue, 0 to 1 (IEC 61966-2-1)."""
    encoded = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float32) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )


def _file(name: str) -> Path:
    return next((path for folder in _FOLDERS if (path := folder / name).exists()), _FOLDERS[0] / name)


def built(name: str) -> dict[str, Any]:
    """One of the tables that `make assets` writes."""
    found: dict[str, Any] = json.loads(_file(name).read_text(encoding="utf-8"))
    return found


_COLUMNS = ("positions", "normals", "colours", "shades", "lamps", "bones", "triangles")


class _Reader:
    """Columns of the binary, in the order in which `assets/codec.ts` writes them."""

    def __init__(self, body: Bytes, manifest: dict[str, Any]) -> None:
        self._body, self._at, self._manifest = body, 0, manifest

    def scene(self) -> Scene:
        layouts: list[dict[str, Any]] = self._manifest["parts"]
        columns = [[self._column(name, part) for part in layouts] for name in _COLUMNS]
        models = (self._model(part, *own) for part, *own in zip(layouts, *columns, strict=True))
        parts = dict(zip((part["name"] for part in layouts), models, strict=True))
        return Scene(parts=parts, floor=self._floor())

    def _column(self, name: str, part: dict[str, Any]) -> NDArray[Any]:
        """One column of one part, as whole numbers."""
        points = part["points"]
        if name == "positions":
            return self._wide(points * 3)
        if name == "triangles":
            return self._wide(part["solid"] + part["small"])
        counts = {
            "normals": points * 3,
            "lamps": points if part["lit"] else 0,
            "bones": points if part["boned"] else 0,
        }
        return self._narrow(counts.get(name, points))

    def _floor(self) -> FloorMaps:
        width, height = self._manifest["floor"]["width"], self._manifest["floor"]["height"]
        shade, lamp = self._narrow(width * height), self._narrow(width * height)
        if self._at != self._body.size:
            raise ValueError(f"expected {self._at} bytes of models, got {self._body.size}")
        shape = (height, width)
        return FloorMaps(
            shade=(shade / np.float32(255)).reshape(shape), lamp=(lamp / np.float32(255)).reshape(shape)
        )

    def _model(self, layout: dict[str, Any], *columns: NDArray[Any]) -> Model:
        positions, normals, colours, shades, lamps, bones, corners = columns
        count = layout["points"]
        table = np.array([linear(colour) for colour in self._manifest["colours"]], dtype=np.float32)
        steps = positions.reshape(3, count).T.astype(np.float32) / 65535
        nothing = np.zeros(count, dtype=np.float32)
        return Model(
            points=np.asarray(layout["low"], np.float32) + steps * np.asarray(layout["size"], np.float32),
            normals=normals.view(np.int8).reshape(3, count).T.astype(np.float32) / 127,
            colours=table[colours],
            shades=shades.astype(np.float32) / 255,
            lamps=(lamps.astype(np.float32) / 255) ** 2 if lamps.size else nothing,
            bones=bones.astype(np.int64) if bones.size else nothing.astype(np.int64),
            triangles=corners.reshape(-1, 3),
            solid=layout["solid"] // 3,
        )

    def _take(self, count: int) -> Bytes:
        self._at += count
        if self._at > self._body.size:
            raise ValueError(f"expected at least {self._at} bytes of models, got {self._body.size}")
        return self._body[self._at - count : self._at]

    def _narrow(self, count: int) -> Bytes:
        return np.cumsum(self._take(count), dtype=np.uint8)

    def _wide(self, count: int) -> Ints:
        low, high = self._take(count).astype(np.int64), self._take(count).astype(np.int64)
        folded = low | (high << 8)
        steps = np.where(folded & 1, -((folded + 1) >> 1), folded >> 1)
        return np.cumsum(steps) & 65535
