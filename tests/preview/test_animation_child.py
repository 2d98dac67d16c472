"""The process that makes a picture: what it says, what its limits are, and that it does not outlive its parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import psutil
import pytest

from server.model import View
from server.preview.movie import Format, movie
from tests.preview.plain import EXPORTING, exporting
from tests.preview.sample import data, start_ms
from tests.processes import until


def asked(folder: Path, source: bytes, *, seconds: int = 4, parent: int | None = None) -> bytes:
    (folder / "r.tendesks").write_bytes(source)
    wanted = movie(
        format=Format.MP4,
        view=View.FULL,
        from_ms=start_ms(),
        to_ms=start_ms() + seconds * 1_000,
        size=(160, 90),
    )
    given = {"file": str(folder / "r.tendesks"), "to": str(folder / "o.mp4"), "parent": parent or os.getpid()}
    return orjson.dumps({**given, "order": wanted.fields()})


def said(program: tuple[str, ...], given: bytes) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run(
        program, check=False, input=given, capture_output=True, start_new_session=True, timeout=60
    )
    return done.returncode, [orjson.loads(line) for line in done.stdout.splitlines()]


def test_it_says_how_far_it_is_and_what_it_made(tmp_path: Path) -> None:
    code, lines = said(EXPORTING, asked(tmp_path, data()))
    assert code == 0
    *progress, last = lines
    assert [set(line) for line in progress] == [{"permille"}] * len(progress)
    assert last["done"] == {
        "bytes": (tmp_path / "o.mp4").stat().st_size, "frames": 97, "size": [160, 90], "fps": 24, "speed": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "expected the 17 bytes before a record"),
        (b"H" + bytes(400), "damaged"),
        (data()[:300], "something is recorded"),
    ],
)
def test_what_is_no_recording_is_said(tmp_path: Path, source: bytes, words: str) -> None:
    code, (last,) = said(EXPORTING, asked(tmp_path, source))
    assert code == 0
    assert words in last["failed"]


def test_one_that_hoards_is_stopped_by_its_limit(tmp_path: Path) -> None:
    code, lines = said(exporting("hoards"), asked(tmp_path, data()))
    assert code == 0
    assert lines[-1] == {"failed": "memory_bytes_max: it took more than 1536 MiB of memory"}


def test_it_ends_with_ffmpeg_when_its_parent_was_killed(tmp_path: Path) -> None:
    """The parent starts it as the server does, and is killed before it could say anything."""
    code = (
        "import os, subprocess, sys, json\n"
        "given = json.load(open(sys.argv[1])) | {'parent': os.getpid()}\n"
        "child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)\n"
        "child.stdin.write(json.dumps(given).encode()); child.stdin.close()\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    (tmp_path / "given.json").write_bytes(asked(tmp_path, data()))
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "given.json"), *exporting("waits")],
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    with parent.stdout:
        child = psutil.Process(int(parent.stdout.readline()))
        (ffmpeg,) = until(child.children, what="ffmpeg's start")
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    until(lambda: not child.is_running() or child.status() == "zombie", within_s=10, what="the child's end")
    until(lambda: not ffmpeg.is_running() or ffmpeg.status() == "zombie", within_s=10, what="ffmpeg's end")
