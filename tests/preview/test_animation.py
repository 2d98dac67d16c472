"""Recordings become moving pictures by the real ffmpeg, and are read by Pillow and by ffmpeg again."""

from pathlib import Path
from typing import Any

import pytest

from server.errors import InvalidInputError, LimitExceededError
from server.model import View
from server.preview import animation
from server.preview.animation import Animation, Made, Paint
from server.preview.movie import Format, Movie, movie
from simulation.fields import State
from tests.preview.looking import read_gif, read_mp4
from tests.preview.plain import painter
from tests.preview.sample import MINUTE_MS, recorded, start_ms


def make(
    path: Path, shape: Format, paints: animation.Painter = painter, **asked: Any
) -> tuple[Made, list[int]]:
    said: list[int] = []
    wanted = movie(format=shape, view=View.FULL, **asked)
    return Animation(wanted, recorded(), paints, path, said.append).make(), said


def test_an_mp4_has_a_picture_for_every_moment_of_its_film(tmp_path: Path) -> None:
    begin_ms = start_ms() + MINUTE_MS
    asked = {"from_ms": begin_ms, "to_ms": begin_ms + 30_000, "speed": 10, "fps": 20, "size": (320, 180)}
    made, said = make(tmp_path / "o.mp4", Format.MP4, **asked)
    meta, frames = read_mp4(tmp_path / "o.mp4")
    assert len(frames) == made.frames == 61
    assert (meta["size"], meta["fps"]) == ((320, 180), 20)
    assert made.bytes == (tmp_path / "o.mp4").stat().st_size
    assert said == sorted(said)
    assert (said[0], said[-1]) == (0, 983)
    for number in (0, 20, 60):
        now_ms = begin_ms + number * 500
        expected = painter((320, 180), movie(format=Format.MP4, view=View.FULL))(
            recorded().state_at(now_ms) or {}, now_ms
        )
        apart = [abs(one - other) for one, other in zip(frames[number], expected, strict=True)]
        assert sum(apart) / len(apart) < 6, f"picture {number} is that of another moment"
    assert [path.name for path in tmp_path.iterdir()] == ["o.mp4"], "nothing is left beside it"


def test_a_gif_of_a_minute_plays_a_minute_and_is_small(tmp_path: Path) -> None:
    made, said = make(tmp_path / "o.gif", Format.GIF, from_ms=start_ms(), to_ms=start_ms() + MINUTE_MS)
    meta, pictures = read_gif(tmp_path / "o.gif")
    assert made.frames == 601
    assert abs(meta["ms"] - MINUTE_MS) <= 100
    assert (meta["size"], meta["loop"], meta["comment"]) == ((640, 360), 0, None)
    assert made.bytes == (tmp_path / "o.gif").stat().st_size < 3_000_000
    assert said == sorted(said)
    assert len(pictures) > 60, "the seconds move"
    assert [path.name for path in tmp_path.iterdir()] == ["o.gif"]


def noise(size: tuple[int, int], wanted: Movie) -> Paint:
    """Pictures of which no two have anything in common: nothing is harder to keep small."""
    import random

    width, height = size

    def paint(state: State, now_ms: int) -> bytes:
        return random.Random(now_ms).randbytes(width * height * 3)

    return paint


def test_a_gif_that_would_be_too_large_gets_smaller_and_slower_in_its_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(animation, "gif_bytes_max", 300_000)
    asked = {"from_ms": start_ms(), "to_ms": start_ms() + 4_000, "size": (320, 180)}
    made, _ = make(tmp_path / "o.gif", Format.GIF, noise, **asked)
    meta, _ = read_gif(tmp_path / "o.gif")
    assert made.bytes <= 300_000
    assert made.size == meta["size"]
    assert made.size < (320, 180)
    assert made.fps < 10
    assert abs(meta["ms"] - 4_000) <= 1_000
    assert [path.name for path in tmp_path.iterdir()] == ["o.gif"]


def test_one_that_is_too_large_however_small_its_pictures_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(animation, "gif_bytes_max", 3_000)
    with pytest.raises(LimitExceededError, match="gif_bytes_max: expected a GIF of up to 3,000 bytes"):
        make(
            tmp_path / "o.gif",
            Format.GIF,
            noise,
            from_ms=start_ms(),
            to_ms=start_ms() + 4_000,
            size=(320, 180),
        )


def test_by_night_it_is_painted_by_night(tmp_path: Path) -> None:
    asked = {"from_ms": start_ms(), "to_ms": start_ms() + 1_000, "size": (160, 90)}
    brightness = {}
    for night in (False, True):
        make(tmp_path / "o.mp4", Format.MP4, night=night, **asked)
        _, frames = read_mp4(tmp_path / "o.mp4")
        brightness[night] = sum(frames[0])
    assert brightness[True] < brightness[False] * 0.7


def test_a_stretch_of_which_nothing_is_recorded_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="of which something is recorded"):
        make(tmp_path / "o.gif", Format.GIF, to_ms=start_ms() - 1)
