"""Which moments of a recording a moving picture shows (p): what is known of the stretch, without what is passed over.

A film's own time runs `speed` times as fast as the recording's, and leaps over gaps, of which nothing is known, and over
idle stretches if that was asked for.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from server.errors import InvalidInputError, LimitExceededError
from server.preview.movie import FILM_MS, SPEEDS, Movie, film_ms_max, frames_max
from server.recording.markers import Stretch
from server.recording.playback import Span

KEPT_MS = 1_000
"""How much of an idle stretch is seen before it is passed over, in the film's own time: a blink would be a fault."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Film:
    """The stretches that are shown, one after the other, how fast, and how many pictures a second."""

    stretches: tuple[Stretch, ...]
    speed: float
    fps: int

    @property
    def ms(self) -> int:
        """How long it plays."""
        return round(_length(self.stretches) / self.speed)

    @property
    def frames(self) -> int:
        """How many pictures it has; the last one shows its last moment."""
        # Not from how long it plays, which is rounded: the end would be missing of a film whose last step is a part of one.
        return max(1, ceil(_length(self.stretches) * self.fps / (1000 * Fraction(self.speed)))) + 1

    def moments(self) -> Iterator[int]:
        """The moment of each picture, never an earlier one after a later one."""
        length, step = _length(self.stretches), 1000 * self.speed / self.fps
        stretches = iter(self.stretches)
        since_ms, to_ms = next(stretches)
        passed = 0
        for number in range(self.frames):
            at = min(number * step, length)
            while at - passed > to_ms - since_ms and (following := next(stretches, None)) is not None:
                passed += to_ms - since_ms
                since_ms, to_ms = following
            yield min(to_ms, since_ms + round(at - passed))


def film_of(order: Movie, spans: Sequence[Span]) -> Film:
    """The film of an order from a recording whose segments these are.

    Raises:
        InvalidInputError: nothing is known of the stretch.
        LimitExceededError: it would play for too long, or have too many pictures.
    """
    known = clipped(joined((span.start_ms, span.end_ms) for span in spans), order.from_ms, order.to_ms)
    if not known:
        raise InvalidInputError("expected a stretch of which something is recorded, got one without")
    speed = order.speed or _usual_speed(order, known)
    film = Film(stretches=_shown(order, known, speed), speed=speed, fps=order.fps)
    limit_ms = film_ms_max[order.format]
    if film.ms > limit_ms:
        raise LimitExceededError(
            f"film_ms_max: expected a {order.format} that plays for up to {limit_ms // 1000} s, got "
            f"{film.ms // 1000} s; ask for a shorter stretch or a higher speed"
        )
    if film.frames > frames_max:
        raise LimitExceededError(f"frames_max: expected up to {frames_max:,} pictures, got {film.frames:,}")
    return film


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Stretches in their order, those that touch or overlap made one."""
    found: list[Stretch] = []
    for since_ms, to_ms in sorted(stretches):
        if found and since_ms <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], to_ms))
        else:
            found.append((since_ms, to_ms))
    return tuple(found)


def clipped(stretches: Iterable[Stretch], from_ms: int | None, to_ms: int | None) -> tuple[Stretch, ...]:
    """What of the stretches is between two moments; None: no bound on that side."""
    bounded = (
        (
            since_ms if from_ms is None else max(since_ms, from_ms),
            end_ms if to_ms is None else min(end_ms, to_ms),
        )
        for since_ms, end_ms in stretches
    )
    return tuple((since_ms, end_ms) for since_ms, end_ms in bounded if since_ms <= end_ms)


def without(stretches: Iterable[Stretch], holes: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """What of the stretches is in none of the holes, which are in their order and do not touch."""
    return tuple(piece for stretch in stretches for piece in _pieces(stretch, holes))


def _pieces(stretch: Stretch, holes: Sequence[Stretch]) -> Iterator[Stretch]:
    since_ms, to_ms = stretch
    for n in range(bisect_right(holes, since_ms, key=lambda hole: hole[1]), len(holes)):
        hole_ms, end_ms = holes[n]
        if hole_ms >= to_ms:
            break
        if since_ms < hole_ms:
            yield since_ms, hole_ms
        since_ms = end_ms
    if since_ms < to_ms:
        yield since_ms, to_ms


def _shown(order: Movie, known: tuple[Stretch, ...], speed: float) -> tuple[Stretch, ...]:
    if not order.skip_idle:
        return known
    kept_ms = round(KEPT_MS * speed)
    holes = joined(
        (since_ms + kept_ms, to_ms) for since_ms, to_ms in order.idle if since_ms + kept_ms < to_ms
    )
    return without(known, holes) or known[:1]


def _usual_speed(order: Movie, known: tuple[Stretch, ...]) -> float:
    for speed in SPEEDS:
        if _length(_shown(order, known, speed)) <= FILM_MS * speed:
            return speed
    return SPEEDS[-1]


def _length(stretches: Iterable[Stretch]) -> int:
    return sum(to_ms - since_ms for since_ms, to_ms in stretches)
