"""ffmpeg in a process of its own: pictures in through a pipe, a GIF or an MP4 out.

It is told nothing but sizes and paths of ours, keeps no metadata, and ends when its pipe is closed. Both formats were
measured against others (docs/decisions/0026-moving-pictures.md).
"""

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from signal import SIGXFSZ
from types import TracebackType
from typing import IO, Self, cast

import imageio_ffmpeg  # type: ignore[import-untyped]

from server.errors import LimitExceededError, TenDesksError
from server.preview.movie import mp4_bytes_max

SAID_CHARS_MAX = 300
QUIET = ("-hide_banner", "-loglevel", "error", "-y")
NO_METADATA = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact")
PALETTE = "palettegen=max_colors=256:stats_mode=full"
USE_PALETTE = "[0:v][1:v]paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle"
"""Ordered dithering stands still from picture to picture, so what did not move is not stored again."""


class EncoderError(TenDesksError):
    """The pictures could not be put together; `detail` is what ffmpeg said."""

    code = "not_encoded"
    title = "The moving picture could not be made"


class Encoder:
    """Takes pictures of one size, RGB without padding, and writes a file. Leaving it ends the process in any case."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 -- no word of it comes from outside
            [imageio_ffmpeg.get_ffmpeg_exe(), *QUIET, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._pipe = cast("IO[bytes]", self._process.stdin)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def write(self, picture: bytes) -> None:
        """Add a picture. Raises EncoderError when nobody takes it any more."""
        try:
            self._pipe.write(picture)
        except BrokenPipeError:
            self.finish()

    def finish(self) -> None:
        """Write what is left. Raises EncoderError when something went wrong."""
        _, said = self._process.communicate()
        code = self._process.returncode
        if code == -SIGXFSZ:
            raise LimitExceededError(
                f"mp4_bytes_max: expected a file of up to {mp4_bytes_max:,} bytes, got more"
            )
        if code != 0:
            words = said.decode("utf-8", "replace").strip()[-SAID_CHARS_MAX:]
            raise EncoderError(f"ffmpeg: expected a file, got exit code {code}: {words or 'no reason'}")


def mp4(path: Path, size: tuple[int, int], fps: int) -> Encoder:
    """H.264 that plays everywhere and from its beginning on, while the rest is still coming."""
    coding = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p")
    place = ("-movflags", "+faststart", "-f", "mp4", str(path))
    return Encoder([*_pictures(size, fps), *_colours(), *coding, *NO_METADATA, *place])


def gif(path: Path, size: tuple[int, int], fps: int, palette: Path) -> Encoder:
    """One palette for all pictures, and of each only what is another than before. Plays again and again."""
    coding = ("-lavfi", USE_PALETTE, *NO_METADATA)
    return Encoder([*_pictures(size, fps), "-i", str(palette), *coding, "-loop", "0", "-f", "gif", str(path)])


def write_palette(path: Path, size: tuple[int, int], pictures: Iterable[bytes]) -> None:
    """The 256 colours that these pictures are told with best, as a PNG. Raises EncoderError."""
    one = ("-vf", PALETTE, "-frames:v", "1", "-update", "1", "-f", "image2", "-c:v", "png", str(path))
    with Encoder([*_pictures(size, 1), *one]) as encoder:
        for picture in pictures:
            encoder.write(picture)
        encoder.finish()


def _pictures(size: tuple[int, int], fps: int) -> tuple[str, ...]:
    width, height = size
    shape = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps))
    return (*shape, "-i", "pipe:0")


def _colours() -> tuple[str, ...]:
    """Say which colours are meant: players guess others for small pictures than for large ones."""
    said = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
    return ("-vf", "scale=out_color_matrix=bt709:out_range=tv", *said)
