"""Somebody who walks gets up, comes along and sits down: without a jump, from the one place to the other."""

from itertools import pairwise
from math import hypot

import pytest

from server.preview.gait import soft, walk
from server.preview.role import Role
from simulation.places import NODES

STEP_MS = 50
WAYS = [("desk-0", "coffee-1", 9_000), ("desk-9", "couch-1", 12_000), ("coffee-1", "desk-4", 7_000)]


def on_the_way(origin: str, goal: str, took_ms: int) -> list[Role]:
    path = (origin, goal, 1_000, 1_000 + took_ms)
    return [walk(path, at, ("type", 0.0), ("sip", 0.0)) for at in range(1_000, 1_001 + took_ms, STEP_MS)]


@pytest.mark.parametrize(("origin", "goal", "took_ms"), WAYS)
def test_one_begins_where_one_was_and_ends_where_one_goes(origin: str, goal: str, took_ms: int) -> None:
    first, *_, last = on_the_way(origin, goal, took_ms)
    for role, name in ((first, origin), (last, goal)):
        x, z = (centimetres / 100 for centimetres in NODES[name][:2])
        assert hypot(role.x - x, role.z - z) < 1, name


@pytest.mark.parametrize(("origin", "goal", "took_ms"), WAYS)
def test_nobody_jumps(origin: str, goal: str, took_ms: int) -> None:
    for one, other in pairwise(on_the_way(origin, goal, took_ms)):
        metres = hypot(other.x - one.x, other.z - one.z)
        assert metres < 4 * STEP_MS / 1_000, f"{metres} m in {STEP_MS} ms"


def test_one_sits_stands_walks_stands_and_sits() -> None:
    clips = [role.clip for role in on_the_way("desk-0", "coffee-1", 9_000)]
    seen = [clip for clip, after in pairwise([*clips, ""]) if clip != after]
    assert seen == ["type", "poise", "walk", "poise", "sip"]


def test_a_soft_change_begins_and_ends_at_rest() -> None:
    assert [soft(at, 0.2, 0.8) for at in (0.0, 0.2, 0.5, 0.8, 1.0)] == pytest.approx([0, 0, 0.5, 1, 1])
