"""R3: moving pictures of a recording, made in a process of their own as the server has them made."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import orjson

from bench.house import folder
from bench.recordings import file_of, hour_of_segments
from bench.rows import Row, number
from server.model import View
from server.preview.exports import PROGRAM
from server.preview.movie import Format, Movie, gif_bytes_max, movie
from server.recording.frame import read_keyframe

REPEATS = 5
MINUTE_MS = 60_000


def rows(repeats: int = REPEATS) -> list[Row]:
    """A GIF of the busiest minute there is at the speed it went, and an MP4 of an hour at sixty times that."""
    hour = list(hour_of_segments())
    start_ms = read_keyframe(hour[0][0]).now_ms
    begin_ms = start_ms + 4 * MINUTE_MS
    gif = movie(format=Format.GIF, view=View.BATCHES, from_ms=begin_ms, to_ms=begin_ms + MINUTE_MS, speed=1)
    mp4 = movie(format=Format.MP4, view=View.BATCHES, speed=60, skip_idle=False)
    with folder() as made:
        source = made / "office.tendesks"
        source.write_bytes(b"".join(file_of(hour, 1)))
        gifs = [timed(gif, source, made / "office.gif") for _ in range(repeats)]
        mp4s = [timed(mp4, source, made / "office.mp4") for _ in range(repeats)]
    (_, small), (_, film) = gifs[0], mp4s[0]
    return [
        Row(
            id="R3", what="a GIF of a minute of a busy office, at the speed it went", unit="s",
            values=[took for took, _ in gifs], bar=10,
            notes=f"{told(small)}; {number(gif_bytes_max / 1e6)} MB is the most. From the start of its process to the file",
        ),
        Row(
            id="R3 film", what="an MP4 of an hour of it, sixty times as fast", unit="s", values=[took for took, _ in mp4s],
            bar=60, notes=told(film),
        ),
    ]  # fmt: skip


def timed(order: Movie, source: Path, path: Path) -> tuple[float, dict[str, Any]]:
    """Have one made; seconds, and what it came to be."""
    given = {"order": order.fields(), "file": str(source), "to": str(path), "parent": os.getpid()}
    began = time.perf_counter()
    done = subprocess.run(
        PROGRAM, input=orjson.dumps(given), capture_output=True, check=True, start_new_session=True
    )
    took = time.perf_counter() - began
    last = orjson.loads(done.stdout.splitlines()[-1])
    if "done" not in last:
        raise RuntimeError(f"expected a picture, got {last}")
    return took, dict(last["done"])


def told(made: dict[str, Any]) -> str:
    """What a picture came to be."""
    width, height = made["size"]
    return f"{made['frames']:,} pictures of {width}x{height}, {number(made['bytes'] / 1e6)} MB"
