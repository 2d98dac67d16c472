"""The painter: the same picture for the same moment, and what a state says is to be seen in it."""

import hashlib
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pygame
import pytest

from server.preview.painter import paint
from simulation.views import project
from tests.preview.states import NOW, busy, empty

SIZE = (640, 360)
LEGIBLE = (960, 540)
"""Large enough for plates that have words."""


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


def changed(a: pygame.Surface, b: pygame.Surface) -> int:
    return int((pygame.surfarray.array3d(a) != pygame.surfarray.array3d(b)).any(axis=2).sum())


def test_the_same_state_and_moment_give_the_same_bytes():
    first = pixels(paint(busy(), NOW, SIZE))
    paint(busy(), NOW + 12_345, SIZE)
    paint(empty(), NOW, SIZE, night=True)
    assert pixels(paint(busy(), NOW, SIZE)) == first


def test_another_process_paints_the_same_bytes():
    program = (
        "import hashlib, pygame; from server.preview.painter import paint; from tests.preview.states import NOW, busy;"
        f"print(hashlib.sha256(pygame.image.tobytes(paint(busy(), NOW, {SIZE}), 'RGB')).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == hashlib.sha256(pixels(paint(busy(), NOW, SIZE))).hexdigest()


@pytest.mark.parametrize("size", [(1200, 630), (320, 320), (333, 187), (200, 400)])
def test_any_size_is_painted(size: tuple[int, int]):
    assert paint(busy(), NOW, size).get_size() == size


@pytest.mark.parametrize("view", ["figures", "batches", "titles", "full"])
def test_every_view_is_painted(view: str):
    assert paint(project(busy(), view), NOW, SIZE).get_size() == SIZE


def test_titles_are_seen_only_where_the_view_has_them():
    other = busy()
    for number, desk in other["desks"].items():
        desk["title"] = f"Secret {number}"
    for view, seen in (("titles", True), ("batches", False), ("figures", False)):
        one, two = paint(project(busy(), view), NOW, LEGIBLE), paint(project(other, view), NOW, LEGIBLE)
        assert bool(changed(one, two)) is seen


def test_names_of_batches_are_seen_only_where_the_view_has_them():
    other = busy()
    other["batches"]["batch0"]["name"] = "Secret"
    for view, seen in (("batches", True), ("figures", False)):
        one, two = paint(project(busy(), view), NOW, SIZE), paint(project(other, view), NOW, SIZE)
        assert bool(changed(one, two)) is seen


def test_night_is_darker_than_day():
    day, night = (pygame.surfarray.array3d(paint(busy(), NOW, SIZE, night=night)) for night in (False, True))
    assert float(np.mean(night)) < float(np.mean(day)) / 2


def test_a_screen_glows_in_the_hue_of_its_batch():
    teal, other = busy(), busy()
    for batch in other["batches"].values():
        batch["order"] += 1
    assert changed(paint(teal, NOW, SIZE), paint(other, NOW, SIZE)) > 300


@pytest.mark.parametrize("activity", ["off", "idle", "waiting", "done", "failed"])
def test_every_activity_looks_different_from_work(activity: str):
    at_work, other = (
        paint(busy(("working",) * 10), NOW, SIZE),
        paint(busy((activity, *("working",) * 9)), NOW, SIZE),
    )
    assert changed(at_work, other) > 150


def test_who_works_upstairs_is_told():
    assert changed(paint(busy(over=0), NOW, SIZE), paint(busy(over=27), NOW, SIZE)) > 300
    assert changed(paint(busy(over=26), NOW, SIZE), paint(busy(over=27), NOW, SIZE)) > 5


def test_people_stroll_along_their_path():
    state = busy()
    state["desks"]["9"]["path"] = ["desk-9", "beanbag-2", NOW, NOW + 6_000]
    moments = [paint(state, NOW + ms, SIZE) for ms in (0, 3_000, 6_000)]
    assert all(changed(a, b) > 150 for a, b in pairwise(moments))


def test_texts_of_any_script_are_painted():
    state = busy()
    for number, title in enumerate(
        (
            "Ελλάδα",
            "Москва",
            "Łódź",
            "漢字",
            "🎉",
            "\u202e\u05e9\u05dc\u05d5\u05dd",
            "a\u0000b",
            "  ",
            "x" * 120,
            "",
        )
    ):
        state["desks"][str(number)]["title"] = title
    assert changed(paint(state, NOW, LEGIBLE), paint(busy(), NOW, LEGIBLE)) > 50


def test_the_server_starts_without_the_painter():
    program = (
        "import sys, server.app, server.__main__; print(sorted({'pygame', 'numpy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
