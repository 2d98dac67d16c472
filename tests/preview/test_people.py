"""People: what they do, how they bend, and how they are drawn."""

from itertools import pairwise
from math import pi

import numpy as np
import pygame
import pytest

from server.preview import flying
from server.preview.camera import fitted
from server.preview.cast import SNAP_MS, cast, manner_of
from server.preview.figure import HEADINGS, Looks, figure
from server.preview.pose import clips, own, pose, step_of
from server.preview.role import Role
from server.preview.scene import scene
from server.preview.skeleton import bent
from simulation.places import NODES, PLACES, desk_place
from tests.preview.states import NOW, desk


def looks(**other: object) -> Looks:
    plain = {
        "person": 0,
        "clip": "type",
        "step": 0,
        "heading": 0,
        "night": False,
        "lamp": 0.0,
        "glow": "",
        "ppm": 80.0,
    }
    return Looks(**(plain | other))  # type: ignore[arg-type]


@pytest.mark.parametrize("clip", clips())
def test_every_loop_comes_round_without_a_jump(clip: str):
    known = clips()[clip]
    steps = [pose(clip, step) for step in range(known.steps)]
    joints = np.array([[*p.hips, *p.hip_turn, *p.torso, *p.head, *p.legs] for p in steps])
    if known.by == "loop":
        joints = np.concatenate([joints, joints[:1]])
    assert np.abs(np.diff(joints, axis=0)).max() < 1.0


def test_what_begins_with_an_event_ends_in_its_last_step():
    last = clips()["slump"].steps - 1
    assert [step_of("slump", seconds, 3) for seconds in (-1.0, 0.0, 5.0, 60.0)] == [0, 0, last, last]
    assert pose("slump", last).mouth == 1
    assert pose("cheer", 0).hips[1] == pytest.approx(0.46)
    assert pose("cheer", clips()["cheer"].steps // 2).hips[1] > 0.5


@pytest.mark.parametrize(
    ("note", "manner"),
    [
        ("reading page 7", "read"),
        ("Step 2: WRITING", "write"),
        ("call: die Werkstatt", "call"),
        ("thinking, 120 tokens", "think"),
        ("ready", None),
        ("", None),
        (None, None),
    ],
)
def test_a_note_says_how_it_is_worked(note: str | None, manner: str | None):
    assert manner_of(note) == manner


def test_steps_repeat_and_differ_between_people():
    loop = clips()["type"]
    assert step_of("type", 1.0, 0) == step_of("type", 1.0 + loop.seconds, 0)
    assert len({step_of("type", 1.0, person) for person in range(10)}) > 4
    assert {step_of("cheer", n / 60, 0) for n in range(125)} == set(range(clips()["cheer"].steps))
    assert 0 <= own(3, 4) < 1


def test_eyes_blink_once_in_a_long_loop():
    shut = [step for step in range(clips()["read"].steps) if pose("read", step).eyes < 0.5]
    assert len(shut) == 1


def test_who_stands_straight_is_as_modelled():
    model = scene().parts["person-4"]
    still = pose("stand", 0)
    still.hip_turn, still.torso, still.head = (0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    still.hips, still.legs = (0.0, 0.56, 0.0), (0.0, 0.0, 0.0, 0.0)
    points, normals = bent(4, still, 0.0)
    legs = model.bones >= 8
    legs &= model.bones <= 11
    assert np.allclose(points[legs], model.points[legs] * 1.32, atol=2e-3)
    assert np.allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-3)


def test_a_turn_turns_everything():
    ahead, _ = bent(0, pose("stand", 0), 0.0)
    behind, _ = bent(0, pose("stand", 0), pi)
    assert np.allclose(ahead[:, [0, 2]], -behind[:, [0, 2]], atol=1e-4)


def test_a_figure_is_drawn_and_its_monitor_shines_on_it():
    plain, lit = figure(looks(night=True)), figure(looks(night=True, glow="#4cc9b8"))
    seen = plain.nearness > -1e8
    assert 0.2 < seen.mean() < 0.9
    assert lit.colours[seen].sum() > plain.colours[seen].sum()
    assert figure(looks(heading=HEADINGS // 2)).colours.sum() != plain.colours.sum()


def test_a_cup_is_in_the_hand_only_while_drinking():
    with_cup, without = figure(looks(clip="sip")), figure(looks(clip="stand"))
    assert (with_cup.nearness > -1e8).sum() > (without.nearness > -1e8).sum() * 0.9
    assert pose("sip", 0).held == "mug"
    assert pose("stand", 0).held == ""


@pytest.mark.parametrize(
    ("activity", "clip"), [("off", "sleep"), ("failed", "slump"), ("waiting", "wait"), ("done", "cheer")]
)
def test_activities_have_their_poses(activity: str, clip: str):
    assert cast(desk(2, activity, "x"), 2, NOW).clip == clip


def test_at_work_one_types_and_sometimes_thinks():
    plain = {name: value for name, value in desk(2, "working", "x").items() if name != "note"}
    done = {cast(plain, 2, NOW + ms).clip for ms in range(5000, 60_000, 500)}
    assert cast(plain | {"note": "calling"}, 2, NOW).clip == "call"
    assert done == {"type", "think"}


def test_idle_people_stay_where_they_are_said_to_be():
    for name in PLACES:
        role = cast(desk(0, "idle", "") | {"place": name}, 0, NOW)
        assert (role.x, role.z) == (NODES[name][0] / 100, NODES[name][1] / 100)
        assert not role.seated
    assert cast(desk(0, "idle", "") | {"place": "nowhere"}, 0, NOW).seated


def test_a_walk_begins_and_ends_where_it_says_and_never_jumps():
    state = desk(3, "idle", "") | {"path": [desk_place(3), "coffee-1", NOW, NOW + 8_000]}
    roles = [cast(state, 3, NOW + ms) for ms in range(0, 8_000, 50)]
    assert roles[0].clip != "walk"
    assert {role.clip for role in roles[20:130]} == {"walk"}
    steps = [np.hypot(b.x - a.x, b.z - a.z) for a, b in pairwise(roles)]
    assert max(steps) < 0.15
    arrived = cast(state, 3, NOW + 8_000)
    assert (arrived.x, arrived.z) == (NODES["coffee-1"][0] / 100, NODES["coffee-1"][1] / 100)


def test_who_is_late_for_work_is_put_on_the_chair():
    state = desk(3, "working", "x") | {"path": ["coffee-1", desk_place(3), NOW, NOW + 60_000], "since": NOW}
    assert cast(state, 3, NOW + SNAP_MS).clip == "walk"
    assert cast(state, 3, NOW + SNAP_MS + 1).seated


def test_a_path_of_unknown_names_moves_nobody():
    assert cast(desk(3, "idle", "") | {"path": ["a", "b", NOW, NOW + 9]}, 3, NOW).seated


def test_confetti_and_letters_fly_by_the_moment_alone():
    camera, pictures = fitted(320, 180), []
    for seconds in (1.0, 1.0, 1.5):
        picture = pygame.Surface((320, 180))
        role = Role(x=0.0, z=0.0, heading=0.0, clip="cheer", seconds=seconds, seated=False)
        flying.confetti(picture, camera, role, "#4cc9b8")
        flying.dreams(picture, camera, role, 3)
        pictures.append(pygame.image.tobytes(picture, "RGB"))
    assert pictures[0] == pictures[1] != pictures[2]
    assert any(pictures[0])
