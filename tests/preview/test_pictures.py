"""The office as moving pictures are made of it: the real painter, a few pictures."""

from pathlib import Path

from server.model import View
from server.preview.animation import Animation
from server.preview.movie import Format, movie
from server.preview.pictures import painter
from tests.preview.looking import read_gif
from tests.preview.sample import MINUTE_MS, recorded, start_ms

SIZE = (320, 180)


def test_a_picture_is_rgb_and_the_same_each_time() -> None:
    now_ms = start_ms() + 4 * MINUTE_MS
    state = recorded().state_at(now_ms) or {}
    day, night = (movie(format=Format.GIF, view=View.FULL, night=dark) for dark in (False, True))
    picture = painter(SIZE, day)(state, now_ms)
    assert len(picture) == 320 * 180 * 3
    assert painter(SIZE, day)(state, now_ms) == picture
    assert sum(painter(SIZE, night)(state, now_ms)) < 0.7 * sum(picture)
    later = recorded().state_at(now_ms + 5_000) or {}
    assert painter(SIZE, day)(later, now_ms + 5_000) != picture


def test_the_clock_on_the_wall_is_the_readers() -> None:
    now_ms = start_ms() + 4 * MINUTE_MS
    state = recorded().state_at(now_ms) or {}
    here, there = (movie(format=Format.GIF, view=View.FULL, zone_min=minutes) for minutes in (0, 210))
    assert painter((640, 360), here)(state, now_ms) != painter((640, 360), there)(state, now_ms)


def test_a_gif_of_the_office_is_small_and_moves(tmp_path: Path) -> None:
    wanted = movie(
        format=Format.GIF, view=View.FULL, from_ms=start_ms(), to_ms=start_ms() + 8_000, size=SIZE, fps=5
    )
    made = Animation(wanted, recorded(), painter, tmp_path / "o.gif", lambda _: None).make()
    meta, pictures = read_gif(tmp_path / "o.gif")
    assert (meta["size"], made.size, made.fps) == (SIZE, SIZE, 5)
    assert made.bytes < 600_000
    assert len({picture.tobytes() for picture in pictures}) > 10
