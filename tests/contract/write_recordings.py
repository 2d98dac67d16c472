"""Writes the golden recording files: `python -m tests.contract.write_recordings` after a change of the file that is meant.

Beside each stands what is in it, and what is left of it when it is cut at any byte, or any byte of it is another.
"""

import json
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from server.model import View
from server.recording.contents import Header
from server.recording.file import RecordingFile, Writer
from server.recording.frame import DamagedError, moment_ms, read_diff, read_keyframe
from server.recording.markers import Markers, projected_markers
from server.recording.segment import pack, projected
from tests.contract.plays import HZ, Play, failures, starter
from tests.contract.write_golden import begun, next_tick

FOLDER = Path(__file__).parent / "recordings"
EVERY = {"whole": 5, "figures": 9, "gap": 6}
"""After how many diffs another segment begins."""
LOST = 1
"""The segment of `gap` that was never written."""


def segments(play: Play, every: int) -> list[list[bytes]]:
    """A play as it is recorded: cut after so many diffs."""
    epoch, stream = begun(play)
    found, diffs = [[stream.keyframe()]], 0
    while (tick := next_tick(play, epoch)) is not None:
        told = [diff for _, diff in epoch.step(tick, play.inputs.get(tick, []))]
        found[-1] += told
        diffs += len(told)
        if diffs >= every:
            found.append([stream.keyframe()])
            diffs = 0
    return found


def file_of(name: str, view: View, lost: int | None = None, *, finished: bool = True) -> bytes:
    """One file, in its view."""
    play = starter() if name == "figures" else failures()
    parts = segments(play, EVERY.get(name, 9))
    markers, writer = Markers(), None
    out: list[bytes] = []
    for n, lines in enumerate(parts):
        keyframe = read_keyframe(lines[0])
        said_ms = moment_ms(keyframe, read_diff(lines[-1]).tick, HZ) if len(lines) > 1 else keyframe.now_ms
        if writer is None:
            writer = Writer(Header(office=play.first.name, view=view, hz=HZ, start_ms=keyframe.now_ms))
            out.append(writer.begin())
        if n == lost:
            markers.gap(keyframe.now_ms, keyframe.now_ms + 1)
            continue
        note(markers, lines)
        following = read_keyframe(parts[n + 1][0]).now_ms if n + 1 < len(parts) else said_ms
        out.append(writer.segment(pack(projected(lines, view)), start_ms=keyframe.now_ms, end_ms=following))
    assert writer is not None
    noted = markers.take()
    if finished:
        out.append(writer.finish(projected_markers(noted.markers, view), noted.idle))
    return b"".join(out)


def note(markers: Markers, lines: list[bytes]) -> None:
    """Read a segment through for its markers."""
    keyframe = read_keyframe(lines[0])
    markers.keyframe(keyframe.now_ms, keyframe.state)
    for diff in map(read_diff, lines[1:]):
        markers.diff(moment_ms(keyframe, diff.tick, HZ), diff.patch)


def outcome(data: bytes) -> Any:
    """What is left of a file: its segments, from and up to when, and whether each can be read; None where it is none."""
    try:
        file = RecordingFile(BytesIO(data))
    except DamagedError:
        return None
    return {
        "indexed": file.indexed,
        "segments": [
            [place.start_ms, place.end_ms, readable(file, n)] for n, place in enumerate(file.segments)
        ],
    }


def readable(file: RecordingFile, n: int) -> bool:
    try:
        file.lines(n)
    except DamagedError:
        return False
    return True


def told(data: bytes) -> dict[str, Any]:
    """All that is to be known of a file, as JSON."""
    file = RecordingFile(BytesIO(data))
    header = file.header
    outcomes: list[Any] = []
    cuts = [place_of(outcomes, outcome(data[:length])) for length in range(len(data))]
    flips = [place_of(outcomes, outcome(flipped(data, at))) for at in range(len(data))]
    return {
        "header": {"office": header.office, "view": header.view, "hz": header.hz, "start": header.start_ms},
        "indexed": file.indexed,
        "segments": [
            {"start": place.start_ms, "end": place.end_ms, "text": b"\n".join((*file.lines(n), b"")).decode()}
            for n, place in enumerate(file.segments)
        ],
        "markers": file.index.markers,
        "idle": file.index.idle,
        "outcomes": outcomes,
        "cuts": runs(cuts),
        "flips": runs(flips),
    }


def place_of(outcomes: list[Any], found: Any) -> int:
    if found not in outcomes:
        outcomes.append(found)
    return outcomes.index(found)


def runs(numbers: list[int]) -> list[list[int]]:
    """Numbers as [which, how often in a row]."""
    return [[number, len(list(same))] for number, same in groupby(numbers)]


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def files() -> dict[str, bytes]:
    """All golden files by name."""
    return {
        "whole": file_of("whole", View.FULL),
        "figures": file_of("figures", View.FIGURES),
        "gap": file_of("gap", View.BATCHES, LOST),
        "unfinished": file_of("unfinished", View.TITLES, finished=False),
    }


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, data in files().items():
        (FOLDER / f"{name}.tendesks").write_bytes(data)
        text = json.dumps(orjson.loads(orjson.dumps(told(data))), ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
