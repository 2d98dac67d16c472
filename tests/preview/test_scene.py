"""What is drawn: the models of the page, seen from one side, row by row."""

import numpy as np
import pytest

from server.preview.camera import AXES, fitted
from server.preview.chance import Chance
from server.preview.raster import rasterised, weights
from server.preview.scene import facts, linear, scene


def test_the_models_are_those_of_the_page():
    parts = scene().parts
    assert [*parts][:5] == ["office", "panes", "shades", "upstairs", "neon"]
    assert {f"person-{n}" for n in range(10)} <= parts.keys()
    for part in parts.values():
        assert part.triangles.max() < len(part.points)
        assert np.allclose(np.linalg.norm(part.normals, axis=1), 1, atol=0.05)
    assert parts["office"].points[:, 0].min() == pytest.approx(facts()["room"]["x0"] - 0.35, abs=0.05)
    assert parts["person-0"].points[:, 1].max() == pytest.approx(1.4, abs=0.2)


def test_colours_become_linear():
    assert linear("#000000").tolist() == [0, 0, 0]
    assert linear("#ffffff").tolist() == [1, 1, 1]
    assert linear("#808080")[0] == pytest.approx(0.2158, abs=0.001)


def test_chance_is_that_of_the_page():
    random = Chance(3)  # the first numbers of mulberry32 for the seed 3, as assets/chance.ts gives them
    assert [round(random.next(), 6) for _ in range(3)] == [0.720227, 0.038662, 0.456192]


def test_the_whole_room_is_in_the_picture():
    camera = fitted(1200, 630, 70)
    points = camera.seen(scene().parts["office"].points)
    assert points[:, 0].min() > 0
    assert points[:, 0].max() < 1200
    assert points[:, 1].min() > 0
    assert points[:, 1].max() < 560


def test_the_camera_finds_back_what_it_saw():
    camera = fitted(640, 360)
    points = np.array([[1.0, 2.0, -3.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    x, y, near = camera.seen(points.copy()).T
    assert np.allclose(camera.room(x, y, near), points, atol=1e-3)
    assert np.allclose(AXES @ AXES.T, np.eye(3), atol=1e-6)


def test_the_nearest_triangle_is_seen_and_no_back():
    near, far = 2.0, 1.0
    square = [(1, 1), (1, 9), (9, 9), (9, 1)]  # anticlockwise to the eye, y down
    seen = np.array([(x, y, z) for z in (far, near) for x, y in square], dtype=np.float32)
    corners = np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]])
    raster = rasterised(seen, corners, 10, 10)
    assert (raster.triangle[1:9, 1:9] >= 2).all()
    assert np.allclose(raster.nearness[1:9, 1:9], near)
    assert (raster.triangle[0] == -1).all()
    assert (rasterised(seen, corners[:, ::-1], 10, 10).triangle == -1).all()


def test_every_pixel_within_is_covered_once_edges_meet():
    rng = np.random.default_rng(7)
    points = np.column_stack([rng.uniform(-5, 45, (60, 2)), rng.uniform(0, 1, 60)]).astype(np.float32)
    corners = rng.integers(0, 60, (40, 3))
    raster = rasterised(points, corners, 40, 40)
    rows, columns = np.nonzero(raster.triangle >= 0)
    share = weights(points, corners[raster.triangle[rows, columns]], columns, rows)
    assert share.min() > -1e-3
    assert share.sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_weights_tell_the_corners():
    seen = np.array([(0, 0, 0), (0, 10, 0), (10, 0, 0)], dtype=np.float32)
    corners = np.array([[0, 1, 2]] * 2)
    share = weights(seen, corners, np.array([0, 9]), np.array([0, 0]))
    assert share[0].tolist() == pytest.approx([0.9, 0.05, 0.05])
    assert share[1].tolist() == pytest.approx([0.0, 0.05, 0.95], abs=1e-6)
