"""A recording becomes a moving picture: its states are painted, and the pictures put together.

A GIF is made smaller in steps until it fits `gif_bytes_max`: what a step will come to is told by a few pictures of it, so
most are painted once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from server.errors import LimitExceededError
from server.preview.encoder import gif, mp4, write_palette
from server.preview.film import Film, film_of
from server.preview.movie import Format, Movie, gif_bytes_max
from server.preview.playing import played
from server.recording.file import RecordingFile
from simulation.fields import State

Paint: TypeAlias = Callable[[State, int], bytes]
"""A picture of a state at a moment: RGB, a byte each, row after row from the top, without padding."""
Painter: TypeAlias = Callable[[tuple[int, int], Movie], Paint]
"""What paints pictures of a size, as an order says."""
Tell: TypeAlias = Callable[[int], None]
"""Told how many thousandths are done, now and then; never less than before."""

STEPS = ((1.0, 1.0), (1.0, 0.6), (0.75, 0.6), (0.75, 0.4), (0.6, 0.4), (0.5, 0.3), (0.4, 0.2), (0.3, 0.1))
"""What is left of a GIF's size and of its pictures a second, from step to step."""
PALETTE_PICTURES = 9
SAMPLES, SAMPLE_PICTURES = 4, 6
"""How many stretches of how many pictures tell how large a GIF will be."""
MARGIN = 1.15
"""How much larger than it looked a GIF may turn out to be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A moving picture that is done: how large its file is, and what it came to be."""

    bytes: int
    frames: int
    size: tuple[int, int]
    fps: int
    speed: float


class Animation:
    """Makes one moving picture of a recording at `path`; what is needed on the way is written beside it."""

    def __init__(self, order: Movie, file: RecordingFile, painter: Painter, path: Path, tell: Tell) -> None:
        self._order = order
        self._file = file
        self._painter = painter
        self._path = path
        self._tell = tell

    def make(self) -> Made:
        """Make it.

        Raises:
            InvalidInputError: nothing is recorded of the stretch.
            LimitExceededError: it would be too long, or too large however small its pictures are.
            DamagedError, EncoderError: what is recorded, or what was painted, could not be read.
        """
        film = film_of(self._order, self._file.segments)
        return self._gif(film) if self._order.format is Format.GIF else self._mp4(film)

    def _mp4(self, film: Film) -> Made:
        paint = self._painter(self._order.size, self._order)
        with mp4(self._path, self._order.size, film.fps) as encoder:
            for picture in self._pictures(film, paint):
                encoder.write(picture)
            encoder.finish()
        return self._made(film, self._order.size)

    def _gif(self, film: Film) -> Made:
        for order in self._steps(film):
            cut = replace(film, fps=order.fps)
            paint = self._painter(order.size, order)
            palette = self._path.with_suffix(".png")
            write_palette(palette, order.size, self._spread(cut, paint, PALETTE_PICTURES))
            if self._expected_bytes(cut, order, paint, palette) > gif_bytes_max * MARGIN:
                continue
            self._write_gif(cut, order.size, paint, palette)
            if self._path.stat().st_size <= gif_bytes_max:
                return self._made(cut, order.size)
        raise LimitExceededError(
            f"gif_bytes_max: expected a GIF of up to {gif_bytes_max:,} bytes, got more however small its pictures; "
            "ask for a shorter stretch, a higher speed, or an MP4"
        )

    def _steps(self, film: Film) -> Iterator[Movie]:
        width, height = self._order.size
        for scale, rate in STEPS:
            size = (max(2, round(width * scale) // 2 * 2), max(2, round(height * scale) // 2 * 2))
            yield replace(self._order, size=size, fps=max(1, round(film.fps * rate)))

    def _write_gif(self, film: Film, size: tuple[int, int], paint: Paint, palette: Path) -> None:
        with gif(self._path, size, film.fps, palette) as encoder:
            for picture in self._pictures(film, paint):
                encoder.write(picture)
            encoder.finish()

    def _expected_bytes(self, film: Film, order: Movie, paint: Paint, palette: Path) -> float:
        """How large the GIF will be, from a few stretches of it: their first pictures are whole, the others differences."""
        moments = list(film.moments())
        if len(moments) <= SAMPLES * SAMPLE_PICTURES:
            return 0
        trial = self._path.with_suffix(".trial")
        whole = self._trial_bytes(trial, order, paint, palette, moments[:1])
        every = (len(moments) - SAMPLE_PICTURES) // (SAMPLES - 1)
        following = [
            self._trial_bytes(trial, order, paint, palette, moments[start : start + SAMPLE_PICTURES]) - whole
            for start in range(0, every * SAMPLES, every)
        ]
        trial.unlink(missing_ok=True)
        a_picture = max(0, sum(following)) / (SAMPLES * (SAMPLE_PICTURES - 1))
        return whole + a_picture * (len(moments) - 1)

    def _trial_bytes(
        self, trial: Path, order: Movie, paint: Paint, palette: Path, moments: Sequence[int]
    ) -> int:
        with gif(trial, order.size, order.fps, palette) as encoder:
            for now_ms, state in played(self._file, moments):
                encoder.write(paint(state, now_ms))
            encoder.finish()
        return trial.stat().st_size

    def _spread(self, film: Film, paint: Paint, count: int) -> Iterator[bytes]:
        moments = list(film.moments())
        chosen = sorted({moments[number * (len(moments) - 1) // (count - 1)] for number in range(count)})
        for now_ms, state in played(self._file, chosen):
            yield paint(state, now_ms)

    def _pictures(self, film: Film, paint: Paint) -> Iterator[bytes]:
        for number, (now_ms, state) in enumerate(played(self._file, film.moments())):
            self._tell(min(999, number * 1000 // film.frames))
            yield paint(state, now_ms)

    def _made(self, film: Film, size: tuple[int, int]) -> Made:
        self._path.with_suffix(".png").unlink(missing_ok=True)
        return Made(
            bytes=self._path.stat().st_size, frames=film.frames, size=size, fps=film.fps, speed=film.speed
        )
