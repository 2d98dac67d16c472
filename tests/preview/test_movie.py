import orjson
import pytest

from server.errors import InvalidInputError
from server.model import View
from server.preview.movie import Format, movie, movie_of, size_of


def test_what_is_left_open_is_what_is_usual() -> None:
    gif, mp4 = (movie(format=shape, view=View.BATCHES) for shape in Format)
    assert (gif.size, gif.fps, gif.skip_idle, gif.speed) == ((640, 360), 10, False, None)
    assert (mp4.size, mp4.fps, mp4.skip_idle) == ((1280, 720), 24, True)


def test_an_order_goes_through_json_unchanged() -> None:
    made = movie(
        format=Format.GIF,
        view=View.TITLES,
        from_ms=5,
        to_ms=9_000,
        speed=0.5,
        size=(321, 181),
        fps=7,
        night=True,
        zone_min=60,
    ).with_idle(((5, 80), (90, 900)))
    assert made.size == (320, 180), "no side is odd"
    assert movie_of(orjson.loads(orjson.dumps(made.fields()))) == made


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from_ms": 5, "to_ms": 5}, "to: expected a moment after from"),
        ({"speed": 0.4}, "speed: expected a number from 0.5 to 3600, got 0.4"),
        ({"speed": float("inf")}, "speed: expected"),
        ({"speed": float("nan")}, "speed: expected"),
        ({"size": (159, 90)}, "size: expected 160x90 to 1920x1200, got 159x90"),
        ({"size": (1920, 1201)}, "size: expected"),
        ({"fps": 21}, "fps: expected 1 to fps_max = 20 for a gif, got 21"),
    ],
)
def test_what_is_outside_its_limits_is_refused_by_its_name(asked: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        movie(format=Format.GIF, view=View.FULL, **asked)  # type: ignore[arg-type]


def test_a_size_is_a_width_and_a_height() -> None:
    assert size_of("1280x720") == size_of("1280X720") == (1280, 720)
    for wrong in ("1280", "x", "1280x", "-1x5", "1280x720x3", "\u0663\u0662\u0660x180", "999999x100", "1x1"):
        with pytest.raises(InvalidInputError, match="size: expected"):
            size_of(wrong)
