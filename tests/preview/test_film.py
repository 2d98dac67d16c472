from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.errors import InvalidInputError, LimitExceededError
from server.model import View
from server.preview.film import KEPT_MS, Film, clipped, film_of, joined, without
from server.preview.movie import Format, Movie, movie

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Part:
    start_ms: int
    end_ms: int


def parts(*ends: tuple[int, int]) -> list[Part]:
    return [Part(*each) for each in ends]


def wanted(shape: Format = Format.MP4, **asked: object) -> Movie:
    return movie(format=shape, view=View.FULL, **asked)  # type: ignore[arg-type]


def test_a_film_shows_what_is_known_of_its_stretch() -> None:
    spans = parts((0, 30_000), (30_000, 60_000), (90_000, 120_000))
    film = film_of(wanted(from_ms=10_000, to_ms=100_000, speed=1), spans)
    assert film.stretches == ((10_000, 60_000), (90_000, 100_000))
    assert film.ms == 60_000
    moments = list(film.moments())
    assert len(moments) == film.frames == 60 * 24 + 1
    assert (moments[0], moments[-1]) == (10_000, 100_000)
    assert not any(60_000 < now_ms < 90_000 for now_ms in moments), "over a gap it leaps"


@pytest.mark.parametrize(("minutes", "speed"), [(1, 1), (1.5, 2), (20, 30), (60, 60), (24 * 60, 1_800)])
def test_where_no_speed_is_said_it_plays_for_a_minute_at_most(minutes: float, speed: float) -> None:
    film = film_of(wanted(), parts((0, round(minutes * MINUTE_MS))))
    assert film.speed == speed
    assert film.ms <= MINUTE_MS


def test_idle_stretches_are_passed_over_after_a_second_of_them() -> None:
    idle = ((100_000, 400_000), (500_000, 500_500))
    spans = parts((0, 600_000))
    film = film_of(wanted(speed=10).with_idle(idle), spans)
    assert film.stretches == ((0, 100_000 + KEPT_MS * 10), (400_000, 600_000))
    shown = film_of(wanted(speed=10, skip_idle=False).with_idle(idle), spans)
    assert shown.stretches == ((0, 600_000),)


def test_a_stretch_that_is_idle_throughout_is_shown_all_the_same() -> None:
    film = film_of(
        wanted(speed=1, from_ms=60_000, to_ms=90_000).with_idle(((0, 600_000),)), parts((0, 600_000))
    )
    assert film.stretches == ((60_000, 90_000),)


def test_nothing_recorded_and_too_long_are_said_by_name() -> None:
    with pytest.raises(InvalidInputError, match="of which something is recorded"):
        film_of(wanted(from_ms=500), parts((0, 400)))
    with pytest.raises(InvalidInputError, match="of which something is recorded"):
        film_of(wanted(), [])
    with pytest.raises(
        LimitExceededError, match="film_ms_max: expected a gif that plays for up to 120 s, got 121 s"
    ):
        film_of(wanted(Format.GIF, speed=1), parts((0, 121_000)))
    with pytest.raises(LimitExceededError, match="frames_max: expected up to 18,000 pictures"):
        film_of(wanted(speed=1, fps=60), parts((0, 600_000)))


def test_one_moment_has_a_first_and_a_last_picture() -> None:
    film = film_of(wanted(from_ms=700), parts((0, 700)))
    assert list(film.moments()) == [700, 700]


STRETCH = st.tuples(st.integers(0, 300), st.integers(0, 60)).map(lambda pair: (pair[0], pair[0] + pair[1]))
STRETCHES = st.lists(STRETCH, max_size=12)


@given(STRETCHES, STRETCHES, st.integers(0, 300), st.integers(1, 100))
def test_stretches_are_sets_of_moments(
    shown: list[tuple[int, int]], holes: list[tuple[int, int]], since: int, length: int
) -> None:
    def halves(stretches: object) -> set[float]:
        """Half moments, which no stretch ends at."""
        return {n + 0.5 for a, b in stretches for n in range(a, b)}  # type: ignore[attr-defined]

    one, other = joined(shown), joined(holes)
    assert halves(one) == halves(shown)
    assert all(a[1] < b[0] for a, b in pairwise(one))
    assert halves(without(one, other)) == halves(shown) - halves(holes)
    within = {n + 0.5 for n in range(since, since + length)}
    assert halves(clipped(one, since, since + length)) == halves(shown) & within


@example(shown=[(0, 141)], speed=7, fps=50)  # plays 20.1 ms, a picture each 20
@given(
    st.lists(STRETCH.filter(lambda pair: pair[0] < pair[1]), min_size=1, max_size=8),
    st.sampled_from([0.5, 1, 7, 60]),
    st.integers(1, 60),
)
def test_moments_never_go_back_and_never_leave_what_is_shown(
    shown: list[tuple[int, int]], speed: float, fps: int
) -> None:
    film = Film(stretches=joined(shown), speed=speed, fps=fps)
    moments = list(film.moments())
    assert len(moments) == film.frames
    assert moments == sorted(moments)
    assert all(any(a <= now_ms <= b for a, b in film.stretches) for now_ms in moments)
    assert (moments[0], moments[-1]) == (film.stretches[0][0], film.stretches[-1][1])
