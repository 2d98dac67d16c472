"""The process in which a moving picture is made: it may be killed at any moment, and can hurt nobody.

Its stdin holds one JSON object: an order, where the recording is, where the picture goes, and the server's process id. It
says on stdout how far it is, a JSON object a line. Its limits are set before it reads anything that somebody else wrote;
ffmpeg, which it starts, has the same ones.
"""

import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from threading import Event, Thread
from typing import Any

import orjson

from server.confined import confine
from server.errors import TenDesksError
from server.preview.animation import Animation, Painter
from server.preview.limits import cpu_s_max, memory_bytes_max
from server.preview.movie import movie_of, mp4_bytes_max
from server.recording.file import RecordingFile

LIMITS = {"DATA": memory_bytes_max, "CPU": cpu_s_max, "FSIZE": mp4_bytes_max}
NICE = 10
"""Pictures wait for the queue, not the other way round."""
LOOK_S = 0.5
"""How often it looks whether the server still lives."""


def main(painter: Painter | None = None) -> None:
    """Make the picture that stdin orders; exits with 0 whenever it could say how it went."""
    confine(LIMITS, nice=NICE)
    given = orjson.loads(sys.stdin.buffer.read())
    Thread(target=_end_with, args=(int(given["parent"]),), daemon=True).start()
    _say(_made(given, painter or _painter()))


def _made(given: dict[str, Any], painter: Painter) -> dict[str, Any]:
    try:
        with Path(given["file"]).open("rb") as source:
            made = Animation(
                movie_of(given["order"]), RecordingFile(source), painter, Path(given["to"]), _tell
            ).make()
    except TenDesksError as error:
        return {"failed": error.detail}
    except MemoryError:
        return {"failed": f"memory_bytes_max: it took more than {memory_bytes_max // 2**20} MiB of memory"}
    return {"done": asdict(made)}


def _tell(permille: int) -> None:
    _say({"permille": permille})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(what) + b"\n")
    sys.stdout.buffer.flush()


def _end_with(parent: int) -> None:
    """End this process and ffmpeg once the server has ended: whoever is killed can tell nobody."""
    pause = Event()
    while os.getppid() == parent:
        pause.wait(LOOK_S)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _painter() -> Painter:
    from server.preview.pictures import painter  # noqa: PLC0415 -- pygame takes a moment, and no test of ours needs it

    return painter


if __name__ == "__main__":
    main()
