"""The card: what it tells, in which view, and that nothing else is in its bytes."""

import json
import zlib
from io import BytesIO
from itertools import pairwise

import numpy as np
import pygame
import pytest
from PIL import Image

from server.preview import cards
from server.preview.card import SIZE, live, neutral, redacted, sentence
from server.preview.mark import draw_mark
from server.preview.png import png
from server.preview.tokens import DAY
from server.preview.write_neutral import write
from tests.preview.states import NOW, busy, empty


def chunks(body: bytes) -> list[str]:
    at, names = 8, []
    while at < len(body):
        length = int.from_bytes(body[at : at + 4])
        names.append(body[at + 4 : at + 8].decode())
        at += 12 + length
    return names


def opened(body: bytes) -> Image.Image:
    image = Image.open(BytesIO(body))
    image.load()
    return image


def test_the_shipped_neutral_card_is_what_is_painted():
    shipped, painted = (
        np.asarray(opened(body).convert("RGB"), dtype=float) for body in (cards.neutral().body, neutral())
    )
    assert float(np.abs(shipped - painted).mean()) < 3


def test_the_neutral_card_can_be_written_anew(tmp_path):
    assert write(tmp_path / "card.png") > 50_000


@pytest.mark.parametrize("night", [False, True])
def test_a_live_card_has_its_size_and_is_small(night: bool):
    body = live(busy(), "titles", NOW, night=night, zone_ms=0)
    assert opened(body).size == SIZE
    assert len(body) < 300_000


def test_no_word_of_the_office_is_in_the_bytes_but_as_pixels():
    state = busy()
    for desk in state["desks"].values():
        desk["title"] = "CANARY title"
    body = live(state, "titles", NOW, night=False, zone_ms=0)
    assert set(chunks(body)) <= {"IHDR", "PLTE", "IDAT", "IEND"}
    assert opened(body).info == {}
    pixels = b"".join(
        body[start + 4 : start + 4 + int.from_bytes(body[start - 4 : start])]
        for start in range(8, len(body))
        if body[start : start + 4] == b"IDAT"
    )
    assert b"CANARY" not in body + zlib.decompress(pixels)


@pytest.mark.parametrize(
    ("view", "hidden"),
    [
        ("figures", ["Company", "Acme", "timeout", "task01", "exec01"]),
        ("batches", ["Acme", "timeout", "task01"]),
        ("titles", ["task01"]),
        ("full", ["task01", "exec01"]),
    ],
)
def test_a_card_tells_no_more_than_its_view(view: str, hidden: list[str]):
    state = busy()
    state["desks"]["0"]["note"] = "CANARY note"
    told = json.dumps(redacted(state, view))
    for word in [*hidden, "CANARY", "Your office", "office1", 'pro"', "quota"]:
        assert f'"{word}' not in told


def test_cards_of_views_differ_only_by_what_they_may_tell():
    pictures = [
        np.asarray(opened(live(busy(), view, NOW, night=False, zone_ms=0)).convert("RGB"), dtype=int)
        for view in ("figures", "batches", "titles")
    ]
    for one, other in pairwise(pictures):
        assert np.abs(one - other).mean() > 0.05


def test_the_line_says_what_goes_on():
    assert sentence(busy()) == "35 running, 52 waiting"
    assert sentence(empty()) == "Ten desks, free"
    done = empty()
    done["office"]["finished"] = NOW
    done["batches"] = {"a": busy()["batches"]["batch0"] | {"done": 194, "failed": 6}}
    assert sentence(done) == "All done: 194 done, 6 failed"
    done["batches"]["a"]["failed"] = 0
    assert sentence(done) == "All 194 done"


def test_the_mark_has_ten_desks_in_three_colours():
    sheet = pygame.Surface((200, 100), pygame.SRCALPHA)
    draw_mark(sheet, (10, 10), 70, DAY)
    parts = pygame.mask.from_surface(sheet, 127).connected_components()
    assert len(parts) == 10


def test_pictures_of_few_colours_keep_them():
    surface = pygame.Surface((64, 64))
    surface.fill("#ef7d64", (0, 0, 32, 64))
    shown = opened(png(surface)).convert("RGB").getpixel((5, 5))
    assert max(abs(a - b) for a, b in zip(shown, (0xEF, 0x7D, 0x64), strict=True)) <= 2
