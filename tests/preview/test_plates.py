"""Plates: what they say, how they are drawn, and that none is in another's way."""

import pygame
import pytest

from server.preview import glyph, plate, plates, text
from server.preview.camera import fitted
from server.preview.placing import Box, above, beside, faces, front
from server.preview.solver import Plate, Point, Room, overlap, solved
from server.preview.tokens import DAY, NIGHT, mixed, tokens
from server.preview.words import clock, count, drawn, hue, moment, plate_text, reason
from tests.preview.states import NOW, busy, desk

STATE = busy()


def said(activity: str, **more: object) -> tuple[str, str, str, str]:
    words = plate_text(STATE, desk(2, activity, "Acme Optics") | more, NOW, 0)
    return words.glyph, words.name, words.note, words.tone


def test_plates_say_what_desks_do():
    assert said("working") == ("play", "Chiyo", "Acme Optics", "plain")
    assert said("waiting") == ("hourglass", "Chiyo", "waits 42 s", "waiting")
    assert said("failed") == ("bang", "Chiyo", "timed out", "failed")
    assert said("done") == ("check", "Chiyo", "done", "plain")
    assert said("idle") == ("cup", "Chiyo", "", "idle")
    assert said("off") == ("moon", "Chiyo", "", "idle")
    later = NOW + 600_000
    assert said("waiting", until=later)[2] == f"waits until {clock(later)}"
    assert said("failed", until=later)[2] == f"tries again {clock(later)}"


def test_rings_tell_progress():
    ring = plate_text(STATE, desk(1, "working", "x"), NOW, 0).ring
    assert ring is not None
    assert (ring.hue, ring.permille, ring.reported) == (1, 433, True)
    assert drawn([NOW, 0, 60_000, 0], NOW + 60_000) == 950
    assert drawn([NOW, 0, 60_000, 1], NOW + 60_000) == 1000
    assert drawn([NOW, 500, 0, 1], NOW) == 1000
    assert plate_text(STATE, desk(1, "idle", ""), NOW, 0).ring is None
    assert hue(STATE, "unknown") is None


def test_numbers_read_as_in_the_page():
    assert count(3412) == "3,412"
    assert clock(15 * 3_600_000 + 58 * 60_000) == "15:58"
    assert moment(NOW, NOW, 0) == clock(NOW)
    assert moment(NOW + 3 * 86_400_000, NOW, 0).endswith(f"Sep, {clock(NOW)}")
    assert reason("lost") == "Runner lost"
    assert reason(None) == "Failed"


def test_letters_we_lack_become_an_ellipsis():
    assert text.plain("Łódź Ελλάδα Москва") == "Łódź Ελλάδα Москва"
    assert text.plain("a\u0000\nb\u202ec") == "a bc"
    assert text.plain("\ue000\ue001\U0010fffd") in {"", "…"}
    assert text.fitted("A very long title", 12, 500, 60).endswith("…")
    assert text.width(text.fitted("A very long title", 12, 500, 60), 12, 500) <= 60
    assert text.fitted("Short", 12, 500, 600) == "Short"
    assert text.written("Ago", 12, 700, "#000000").get_width() == text.width("Ago", 12, 700)
    assert 8 < text.ascent(12, 500) < 16


def test_signs_are_drawn():
    for name in glyph.STROKES:
        sheet = pygame.Surface((64, 64), pygame.SRCALPHA)
        glyph.draw(sheet, name, 0, 0, 64, "#ff0000", 1.75)
        assert pygame.mask.from_surface(sheet).count() > 60


def test_colours_follow_the_hour():
    assert tokens(night=True) is NIGHT
    assert tokens(night=False) is DAY
    assert mixed("#ffffff", "#000000", 0.5) == "#808080"


@pytest.mark.parametrize("scale", [0.6, 1.0, 1.5])
def test_a_plate_is_as_wide_as_it_says(scale: float):
    words = plate_text(STATE, desk(1, "working", "Birch & Sons"), NOW, 0)
    full, name, ring = plate.widths(words, scale)
    assert full > name > ring
    for level, wide in (("full", full), ("name", name), ("ring", ring)):
        face = plate.Face(words=words, level=level, night=False, scale=scale)
        assert plate.plate(face).get_width() == int(wide) + 2 * plate.margin(scale)
    assert plate.backed(50, 24, 9, "#ffffff", DAY, scale).get_width() == 50 + 2 * plate.margin(scale)
    assert plate.line_top(scale, 700) > 0


def test_plates_are_put_into_the_picture():
    picture = pygame.Surface((1280, 720))
    plates.put_plates(picture, fitted(1280, 720), STATE, NOW, zone_ms=0, night=False, scale=1.0)
    assert pygame.transform.average_color(picture)[0] > 3


@pytest.mark.parametrize(
    ("size", "rings"), [((640, 360), True), ((320, 180), True), ((960, 540), False), ((1280, 720), False)]
)
def test_in_small_pictures_plates_are_rings_alone(
    size: tuple[int, int], rings: bool, monkeypatch: pytest.MonkeyPatch
):
    """Words would stand on the bodies of those they are of."""
    put: list[plate.Face] = []

    def noted(face: plate.Face) -> pygame.Surface:
        put.append(face)
        return plate.plate(face)

    monkeypatch.setattr(plates, "plate", noted)
    plates.put_plates(pygame.Surface(size), fitted(*size), STATE, NOW, zone_ms=0, night=False, scale=0.75)
    assert {face.level for face in put} == {"ring"} if rings else any(face.level == "full" for face in put)
    assert len(put) == 10, "everybody has one"


def square(x: float, y: float, size: float) -> tuple[Point, ...]:
    return (Point(x, y), Point(x + size, y), Point(x + size, y + size), Point(x, y + size))


def test_outlines_overlap_or_do_not():
    assert overlap(square(0, 0, 10), square(9, 9, 10))
    assert not overlap(square(0, 0, 10), square(10, 0, 10))


@pytest.mark.parametrize("crowding", [400.0, 60.0, 12.0, 1.0])
def test_no_plate_touches_another_the_display_or_the_edge(crowding: float):
    room = Room(
        left=0,
        top=0,
        right=900,
        bottom=500,
        high=24,
        display=square(300, 20, 120),
        stairs=square(700, 60, 90),
        gap=3,
    )
    wanted = [
        Plate(
            number=n,
            back=n < 5,
            at=Point(200 + n * crowding, 100 + n * crowding / 2),
            full=150,
            name=70,
            ring=24,
            keep=n == 3,
        )
        for n in range(10)
    ]
    placed = [place for place in solved(wanted, room) if place.level != "hidden"]
    assert len(placed) >= (6 if crowding < 100 else 2)
    for index, a in enumerate(placed):
        assert room.left <= a.x - a.width / 2
        assert a.x + a.width / 2 <= room.right
        for b in placed[index + 1 :]:
            assert abs(a.x - b.x) >= (a.width + b.width) / 2 or abs(a.y - b.y) >= room.high
        corners = tuple(
            Point(a.x + dx * a.width / 2, a.y + dy * 12) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        )
        assert not overlap(corners, room.display)
        assert not overlap(corners, room.stairs)


def test_no_plate_hides_a_face():
    camera = fitted(1200, 630, 26)
    busy_ones = frozenset({3})
    heads = faces(camera, range(10), busy_ones)
    taken: list[Box] = []
    for number in range(10):
        spots = [above(camera, number, 1.0), front(camera, number)][number >= 5 or number in busy_ones :]
        at = beside(spots, (130, 24), heads, taken, ())
        taken.append(Box(at.x, at.y, 130, 24))
    for head in heads:
        for box in taken:
            across = abs(box.x - head.x) < box.wide / 2 + head.half * 0.5
            assert not (across and abs(box.y - head.y) < box.high / 2 + head.half * 0.5)
