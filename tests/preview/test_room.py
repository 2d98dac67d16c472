"""The room without people: its light, its floor, what shines, and the flat things that follow the state."""

from dataclasses import replace

import numpy as np
import pygame
import pytest

from server.preview import floor, lamps, layer, light, quad, shadow, sheets, sky, sprite
from server.preview.camera import fitted
from server.preview.display import display_text, painted
from server.preview.scene import facts
from server.preview.stage import Stage
from tests.preview.states import NOW, busy, empty

UP = np.array([[0.0, 1.0, 0.0]], dtype=np.float32)


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(480, 270, 0)


def test_light_from_above_is_the_strongest_and_warm_by_night():
    down = light.lit(light.DAY, -UP, np.ones(1, np.float32))
    assert (light.lit(light.DAY, UP, np.ones(1, np.float32)) > down).all()
    assert light.facing_sun(-UP).tolist() == [0]
    assert light.NIGHT.lamp[0] > light.NIGHT.lamp[2] > 0
    assert light.DAY.lamp.sum() == 0


def test_what_is_hidden_from_the_sky_is_darker_and_warm():
    grey = np.full((2, 3), 0.5, dtype=np.float32)
    open_, closed = light.occluded(light.DAY, grey, np.array([1.0, 0.2], dtype=np.float32))
    assert (closed < open_).all()
    assert closed[0] > closed[2]


def test_tone_mapping_keeps_order_and_range():
    ramp = np.repeat(np.linspace(0, 6, 50, dtype=np.float32)[:, None], 3, axis=1)
    shown = light.shown(ramp)
    assert (np.diff(shown[:, 0]) >= 0).all()
    assert shown.max() <= 1
    assert light.bytes_of(light.encoded(ramp)).max() == 255


def test_the_rim_is_at_edges_alone():
    towards = np.array([[0.55, 0.53, 0.64]], dtype=np.float32)
    towards /= np.linalg.norm(towards)
    white = np.ones((1, 3), dtype=np.float32)
    assert light.rimmed(light.DAY, white, towards).max() < 0.01
    assert light.rimmed(light.DAY, white, -towards).max() > 0.3


def test_beneath_a_desk_there_is_shadow_and_none_on_it():
    desk = facts()["desks"][7]
    above = np.array([[desk["x"], 2.5, desk["z"] + 1.0]], dtype=np.float32)
    beneath = np.array([[desk["x"], 0.3, desk["z"]]], dtype=np.float32)
    assert shadow.sunlit(above, UP)[0] == 1
    assert shadow.sunlit(beneath, UP)[0] < 0.5


def test_the_floor_is_wood_and_darker_under_a_desk():
    desk = facts()["desks"][7]
    x, z = np.array([desk["x"], 0.0], dtype=np.float32), np.array([desk["z"], 3.6], dtype=np.float32)
    wood = floor.planks(x, z)
    assert (wood[:, 0] > wood[:, 2]).all()
    assert floor.shade(x, z)[0] < floor.shade(x, z)[1]
    assert (floor.lamp(x, z) >= 0).all()


def test_the_sky_is_lighter_in_the_middle():
    for night in (False, True):
        picture = sky.sky(fitted(200, 100), night=night)
        assert picture[20, 85].sum() > picture[2, 198].sum()
    assert sky.srgb("#ff0080").tolist() == pytest.approx([1, 0, 128 / 255])


def test_a_sheet_is_seen_where_nothing_is_before_it(stage: Stage):
    known = facts()["display"]
    shown = quad.upright(known["x"], known["y"], known["z"], 1, 1)
    behind = quad.upright(known["x"], known["y"], known["z"] - 0.5, 1, 1)
    assert quad.patch(stage.view.camera, shown, stage.view.nearness).x.size > 50
    assert quad.patch(stage.view.camera, behind, stage.view.nearness).x.size == 0
    lying = quad.patch(stage.view.camera, quad.flat(0, 5, 0, 1, 1), None)
    assert 0 <= lying.u.min() <= lying.v.max() <= 1
    assert quad.blob(np.array([0.5, 0.0]), np.array([0.5, 0.5])).tolist() == pytest.approx([1, 0])


def test_lamps_add_light(stage: Stage):
    dark = np.zeros((540, 960, 3), dtype=np.float32)
    lamps.lay_lamps(dark, stage.view.nearness, stage.view.camera, night=True, upstairs=False)
    lit = dark.copy()
    lamps.lay_lamps(lit, stage.view.nearness, stage.view.camera, night=True, upstairs=True)
    assert dark.max() > 0.2
    assert lit.sum() > 2 * dark.sum()


def test_a_layer_has_the_room_and_the_sky(stage: Stage):
    picture = layer.painted(stage.view, night=False, upstairs=False)
    covered = stage.view.triangle >= 0
    assert 0.3 < covered.mean() < 0.8
    assert picture[0, 0] == pytest.approx(sky.sky(stage.camera, night=False)[0, 0])
    again = layer.looked(stage.camera)
    assert (again.triangle == stage.view.triangle).all()


def test_layers_and_sprites_are_made_once(stage: Stage):
    assert stage.layer(night=False, upstairs=True) is stage.layer(night=False, upstairs=True)
    assert stage.screen(3, "call", "#4cc9b8") is stage.screen(3, "call", "#4cc9b8")
    assert stage.hands(90) is stage.hands(90 + 720)


def test_every_desk_shows_its_screen(stage: Stage):
    for desk in range(10):
        shown = stage.screen(desk, "write", "#4cc9b8")
        assert shown is not None
        assert pygame.transform.average_color(shown.surface)[1] > 20


def test_a_sprite_has_soft_edges_and_keeps_its_place():
    colours, opacity = np.ones((3, 3, 3), np.float32), np.ones((3, 3), np.float32)
    made = sprite.soft(colours, opacity, 5, 4)
    assert made is not None
    assert (made.x, made.y) == (2, 2)
    assert made.surface.get_at((0, 0))[3] == 128
    assert sprite.soft(colours, opacity * 0, 5, 4) is None
    picture = pygame.Surface((8, 8))
    made.put(picture)
    assert picture.get_at((3, 2))[0] > 200
    replace(made, added=True).put(picture)
    assert picture.get_at((0, 0))[0] == 0


def test_what_stands_before_a_sprite_hides_it(stage: Stage):
    shape = (40, 40)
    colours, near = np.ones((*shape, 3), np.float32), np.full(shape, 99.0, dtype=np.float32)
    whole = sprite.cut(stage.view, colours, near, 440, 260)
    assert whole is not None
    assert sprite.cut(stage.view, colours, -near, 440, 260) is None
    assert sprite.cut(stage.view, colours, near, -500, 0) is None


def test_the_display_says_what_the_state_says():
    words = display_text(busy(), NOW, 0)
    assert (words.waiting, words.desks, words.upstairs) == ("52", "10 of 10 desks", "27 upstairs")
    assert [row.name for row in words.rows] == ["Company research", "Fix flaky tests", "Summarise interviews"]
    assert words.per_hour == "186"
    assert len(words.until) == 5
    assert display_text(empty(), NOW, 0).rows == ()
    assert painted(words).get_size() == (1024, 384)


def test_a_batch_without_a_name_has_its_letter_and_many_are_counted():
    state = busy()
    del state["batches"]["batch1"]["name"]
    for order in range(3, 9):
        state["batches"][f"more{order}"] = state["batches"]["batch2"] | {"order": order}
    state["office"]["more"] = 12
    words = display_text(state, NOW, 0)
    assert words.rows[1].name == "Batch B"
    assert words.more == "and 17 more"


def test_the_chart_is_of_the_minutes_that_are_known():
    state = busy()
    state["queue"]["pace"] = [NOW - NOW % 60_000, 3, 0, 5]
    pace = display_text(state, NOW, 0).pace
    assert (len(pace), pace[-4:]) == (20, (None, 3, 0, 5))
    assert display_text(state, NOW + 120_000, 0).pace[-5:] == (3, 0, 5, None, None)
    assert display_text(busy(), NOW, 0).pace == ()


def test_trays_fill_by_the_logarithm():
    assert [sheets.sheets_waiting(n) for n in (0, 1, 2, 50, 100_000)] == [0, 1, 2, 8, 16]
    assert sheets.sheets_done([(9, 3), (0, 1), (4, 0)]) == (0, 1, 1)
    assert len(sheets.sheets_done([(order, 1000) for order in range(40)])) == sheets.SHEETS


def test_papers_hands_and_wall_are_seen(stage: Stage):
    assert stage.papers(0, (), night=False) is None
    low, high = stage.papers(2, (0,), night=True), stage.papers(16, (0, 1), night=True)
    assert low is not None
    assert high is not None
    assert high.surface.get_height() > low.surface.get_height()
    assert sheets.hands(stage.view, 600) is not None
    assert stage.wall(display_text(busy(), NOW, 0)) is not None
    assert sheets.laid(stage.view, []) is None
