"""Bones: a pose turned into where every point of a person is."""

from functools import cache
from math import cos, pi, sin
from typing import Any

import numpy as np

from server.preview.pose import Pose
from server.preview.scene import Floats, facts, scene

_HELD = ("mug", "book", "phone")


def bent(person: int, pose: Pose, heading: float) -> tuple[Floats, Floats]:
    """Points and normals of a person in a pose, who looks along ``heading`` (radians, 0 to the viewer); metres."""
    model = scene().parts[f"person-{person}"]
    moves = _moves(pose, heading)
    bone = moves[model.bones]
    points = np.einsum("nij,nj->ni", bone[:, :, :3], model.points) + bone[:, :, 3]
    normals = np.einsum("nij,nj->ni", bone[:, :, :3], model.normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    return points.astype(np.float32), normals.astype(np.float32)


def _moves(pose: Pose, heading: float) -> Floats:
    """For each bone the map from the person as modelled, standing straight, to the person as posed (3 rows, 4 columns)."""
    turns, places, sizes = _turns(pose), _places(pose), _sizes(pose)
    whole: list[Floats] = []
    for bone in _bones():
        name = bone["name"]
        own = np.eye(4)
        own[:3, :3] = _turned(*turns.get(name, (0.0, 0.0, 0.0))) * np.array(sizes.get(name, (1.0, 1.0, 1.0)))
        own[:3, 3] = places.get(name, bone["at"])
        if bone["parent"] < 0:
            own[:3, :3] = _turned(0.0, heading, 0.0) * facts()["person"]["size"]
            whole.append(own)
        else:
            whole.append(whole[bone["parent"]] @ own)
    moves = np.stack(whole)
    moves[:, :3, 3] -= np.einsum("nij,nj->ni", moves[:, :3, :3], _joints())
    return np.asarray(moves[:, :3], dtype=np.float32)


def _turns(pose: Pose) -> dict[str, tuple[float, float, float]]:
    worry = pose.brows * 0.42
    (lx, lz), (rx, rz) = pose.arm_left, pose.arm_right
    (fx, fz), (gx, gz) = pose.fore_left, pose.fore_right
    thigh_left, shin_left, thigh_right, shin_right = pose.legs
    return {
        "hips": (*pose.hip_turn, 0.0),
        "torso": pose.torso,
        "head": pose.head,
        "upper-arm-left": (lx, 0.0, lz),
        "forearm-left": (fx, 0.0, fz),
        "upper-arm-right": (rx, 0.0, rz),
        "forearm-right": (gx, 0.0, gz),
        "thigh-left": (thigh_left, 0.0, 0.0),
        "shin-left": (shin_left, 0.0, 0.0),
        "thigh-right": (thigh_right, 0.0, 0.0),
        "shin-right": (shin_right, 0.0, 0.0),
        "mouth": (pose.mouth * pi, 0.0, 0.0),
        "brow-left": (0.0, 0.0, -worry),
        "brow-right": (0.0, 0.0, worry),
    }


def _places(pose: Pose) -> dict[str, tuple[float, float, float]]:
    at = {bone["name"]: bone["at"] for bone in _bones()}
    mouth, eyes = at["mouth"], at["eyes"]
    return {
        "hips": pose.hips,
        "mouth": (mouth[0], mouth[1] - pose.mouth * 0.034, mouth[2]),
        "eyes": (eyes[0] + 0.016 * pose.gaze[0], eyes[1] + 0.014 * pose.gaze[1], eyes[2]),
    }


def _sizes(pose: Pose) -> dict[str, tuple[float, float, float]]:
    sizes = {name: (1.0, 1.0, 1.0) if name == pose.held else (0.001, 0.001, 0.001) for name in _HELD}
    mouth = (1 - 0.22 * pose.talk, 1 + 1.1 * pose.talk, 1.0)
    return sizes | {"eyes": (1.0, pose.eyes, 1.0), "mouth": mouth}


def _turned(x: float, y: float, z: float) -> Floats:
    """Euler angles in the order x, y, z, as three does it."""
    a, b, c, d, e, f = cos(x), sin(x), cos(y), sin(y), cos(z), sin(z)
    return np.array(
        [
            [c * e, -c * f, d],
            [a * f + b * e * d, a * e - b * f * d, -b * c],
            [b * f - a * e * d, b * e + a * f * d, a * c],
        ],
        dtype=np.float32,
    )


def _bones() -> list[dict[str, Any]]:
    bones: list[dict[str, Any]] = facts()["person"]["bones"]
    return bones


@cache
def _joints() -> Floats:
    """Where each bone's joint is while the person stands straight."""
    found: list[Floats] = []
    for bone in _bones():
        at = np.array(bone["at"], dtype=np.float32)
        found.append(at if bone["parent"] < 0 else found[bone["parent"]] + at)
    return np.stack(found)
