"""Bakes light into the models: how open each point is to the sky, and how much lamplight reaches it.

Reads what `build.ts models` wrote and writes `light.bin` beside it: float32, per model its openness and, for the
room, its lamplight; then both for the floor. Rays are the same for every point, so light is smooth, never grainy.
"""

# ruff: noqa: INP001 - a script that make.sh starts by its path, not a package

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh

Array = np.ndarray[Any, np.dtype[np.float32]]

SKY_RAYS = 128
REACH = {"room": 1.6, "self": 0.5}
OFF_SURFACE = 0.012
FLOOR_Y = 0.06  # above the rugs: from beneath they would leave black stripes
LAMP_RADIUS = 0.16
LAMP_RAYS = 16
GOLDEN_ANGLE = 2.399963


class Room:
    """Triangles that rays can meet."""

    def __init__(self, points: Array, triangles: np.ndarray[Any, np.dtype[np.int32]]) -> None:
        self.scene = rtcore_scene.EmbreeScene()
        self.mesh = TriangleMesh(self.scene, points, triangles)

    def distance(self, origins: Array, directions: Array, most: Array) -> Array:
        """How far each ray gets, at most `most`."""
        found = self.scene.run(
            np.ascontiguousarray(origins, "f4"),
            np.ascontiguousarray(directions, "f4"),
            query="DISTANCE",
            dists=most.astype("f4"),
        )
        return np.minimum(np.asarray(found, "f4"), most)


def unit(vectors: Array) -> Array:
    """The vectors at length one."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(length, 1e-6)).astype("f4")


def sky_directions(count: int) -> Array:
    """Cosine-weighted directions round +y, spread by the golden angle."""
    share = (np.arange(count) + 0.5) / count
    radius, turn = np.sqrt(share), np.arange(count) * GOLDEN_ANGLE
    return np.stack([radius * np.cos(turn), np.sqrt(1 - share), radius * np.sin(turn)], axis=1).astype("f4")


def openness(room: Room, points: Array, normals: Array, reach: float) -> Array:
    """0 (closed in) to 1 (nothing within `reach`), for each point."""
    up = unit(normals)
    other = np.where(np.abs(up[:, 1:2]) < 0.9, [[0, 1, 0]], [[1, 0, 0]]).astype("f4")
    side = unit(np.cross(other, up).astype("f4"))
    along = np.cross(up, side)
    origins, most = points + up * OFF_SURFACE, np.full(len(points), reach, "f4")
    total = np.zeros(len(points), "f4")
    for x, y, z in sky_directions(SKY_RAYS):
        total += (room.distance(origins, side * x + up * y + along * z, most) / reach) ** 0.7
    return total / SKY_RAYS


def lamp_points(lamp: dict[str, float]) -> Array:
    """A small ball round the lamp, so that its shadows are soft."""
    height = 1 - (np.arange(LAMP_RAYS) + 0.5) / LAMP_RAYS * 2
    around, turn = np.sqrt(1 - height**2), np.arange(LAMP_RAYS) * GOLDEN_ANGLE
    ball = np.stack([around * np.cos(turn), height, around * np.sin(turn)], axis=1) * LAMP_RADIUS
    return (ball + np.array([lamp["x"], lamp["y"], lamp["z"]])).astype("f4")


def lamplight(room: Room, points: Array, normals: Array, lamps: list[dict[str, float]]) -> Array:
    """Light of all lamps on each point over pi: a diffuse surface sends back this times its colour."""
    up = unit(normals)
    origins, total = points + up * OFF_SURFACE, np.zeros(len(points), "f4")
    for lamp in lamps:
        for source in lamp_points(lamp):
            path = source - origins
            far = np.maximum(np.linalg.norm(path, axis=1), 0.05).astype("f4")
            towards = (path / far[:, None]).astype("f4")
            facing = np.maximum((towards * up).sum(axis=1), 0)
            window = np.clip(1 - (far / lamp["reach"]) ** 4, 0, 1) ** 2
            seen = room.distance(origins, towards, far) >= far - 0.02
            total += facing * window * far**-1.7 * seen * lamp["strength"] / LAMP_RAYS
    return (total / np.pi).astype("f4")


def floor_points(room: dict[str, float], width: int, height: int) -> tuple[Array, Array]:
    """Points and upward normals over the floor, row by row from the back wall."""
    across = room["x0"] + (np.arange(width) + 0.5) / width * (room["x1"] - room["x0"])
    ahead = room["z0"] + (np.arange(height) + 0.5) / height * (room["z1"] - room["z0"])
    x, z = np.meshgrid(across, ahead)
    points = np.stack([x.ravel(), np.full(x.size, FLOOR_Y), z.ravel()], axis=1).astype("f4")
    return points, np.tile(np.array([[0, 1, 0]], "f4"), (len(points), 1))


def stored(light: Array, most: float) -> Array:
    """As `build.ts` keeps it: the square root of the share of `most`, so that dim light keeps its steps."""
    return np.sqrt(np.clip(light / most, 0, 1)).astype("f4")


def bake(folder: Path) -> None:
    """Reads models.json, floats.bin and indices.bin from `folder` and writes light.bin there."""
    plan = json.loads((folder / "models.json").read_text())
    floats = np.fromfile(folder / "floats.bin", "f4")
    indices = np.fromfile(folder / "indices.bin", "u4").astype("i4")
    lamps, most, light, office = plan["lamps"], plan["lamplight_max"], [], None
    for model in plan["models"]:
        count = model["points"] * 3
        points, normals = floats[:count].reshape(-1, 3), floats[count : 2 * count].reshape(-1, 3)
        triangles = indices[: model["indices"]].reshape(-1, 3)
        floats, indices = floats[2 * count :], indices[model["indices"] :]
        around = Room(points, triangles)
        light.append(openness(around, points, normals, REACH[model["baked"]]))
        if model["baked"] == "room":
            office = around
            light.append(stored(lamplight(around, points, normals, lamps), most))
    if office is None:
        raise ValueError("expected one model that is the room, got none")
    points, normals = floor_points(plan["room"], plan["floor"]["width"], plan["floor"]["height"])
    light.append(openness(office, points, normals, REACH["room"]))
    light.append(stored(lamplight(office, points, normals, lamps), most))
    np.concatenate(light).astype("f4").tofile(folder / "light.bin")


if __name__ == "__main__":
    bake(Path(sys.argv[1]))
