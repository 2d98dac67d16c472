"""Moving pictures, read by others than those who wrote them."""

import re
import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from PIL import Image, ImageSequence


def read_mp4(path: Path) -> tuple[dict[str, Any], list[bytes]]:
    """What the file says of itself, and its pictures as RGB."""
    done = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        capture_output=True, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    (line,) = re.findall(r"Stream #0:0.*Video: (.*)", done.stderr.decode().partition("Output")[0])
    width, height = (int(side) for side in re.findall(r", (\d+)x(\d+)", line)[0])
    (fps,) = re.findall(r"([\d.]+) fps", line)
    meta = {"size": (width, height), "fps": float(fps), "codec": line.split()[0], "pix_fmt": line}
    step = width * height * 3
    return meta, [done.stdout[at : at + step] for at in range(0, len(done.stdout), step)]


def read_gif(path: Path) -> tuple[dict[str, Any], list[Image.Image]]:
    """What the file says of itself (`ms`: how long it plays), and its pictures."""
    with Image.open(path) as made:
        pictures = [(each.convert("RGB"), each.info["duration"]) for each in ImageSequence.Iterator(made)]
        meta = {"size": made.size, "loop": made.info.get("loop"), "comment": made.info.get("comment")}
    return {**meta, "ms": sum(duration for _, duration in pictures)}, [picture for picture, _ in pictures]


def boxes(path: Path) -> list[tuple[str, int]]:
    """The outermost parts of an MP4, by name and size."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        found.append((data[at + 4 : at + 8].decode("latin-1"), size))
        at += size
    return found
