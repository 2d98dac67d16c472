"""R1 and R2 of a server: what an hour of a busy office takes in the store, and how soon any moment of 24 hours is there."""

import random
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import orjson

from bench.house import ServedHouse, folder, serving
from bench.rows import Row, number
from bench.stores import office_of, open_accounts, writing
from bench.trace import HZ, MINUTES, SEED, stepped, trace
from server.model import View
from server.recording.contents import Header
from server.recording.file import RecordingFile, Writer
from server.recording.frame import moment_ms, read_diff, read_keyframe
from server.recording.markers import Markers
from server.recording.segment import pack
from server.store import recordings
from server.store.recordings import SegmentRow
from server.store.statements import Script

REPEATS = 5
SEEKS = 400
HOURS = 24
SEEDS = range(SEED, SEED + 60 // MINUTES)
SEGMENT_TICKS = 30 * HZ
RECORDING = "recording0001"
HOUR_MS = 3_600_000


def rows(repeats: int = REPEATS, hours: int = HOURS) -> list[Row]:
    """Record an hour of the trace, six seeds one after the other; keep it once for each hour; seek in it."""
    hour = list(hour_of_segments())
    with folder() as data:
        (token,) = open_accounts(data, 1, "enterprise")
        before = stored_bytes(data)
        keep(data, hour, hours)
        stored = (stored_bytes(data) - before) / hours
        with serving(data) as house:
            asked = {
                view: [asked_ms(house, token, view, len(hour) * hours) for _ in range(repeats)]
                for view in (View.FULL, View.BATCHES)
            }
            floor = [floor_ms(house, token) for _ in range(repeats)]
    on_disk = [in_file_ms(hour, hours) for _ in range(repeats)]
    frames, packed = sum(map(len, hour)), sum(len(pack(lines)) for lines in hour)
    what = f"any moment of a {hours} h recording, of {len(hour) * hours:,} segments"
    return [
        Row(
            id="R1", what="an hour of a busy office in the store, markers and all", unit="kB",
            values=[stored / 1000], bar=350,
            notes=f"the trace of seeds {SEEDS[0]} to {SEEDS[-1]}: {frames:,} frames in {len(hour)} segments, which are "
            f"{number(packed / 1000)} kB of it; the rest is rows, markers and SQLite's pages",
        ),
        Row(
            id="R2", what=f"{what}: p99 of {SEEKS} segments over HTTP, as the owner sees them", unit="ms",
            values=asked[View.FULL], bar=5, peer="GET /account on the same connection", peer_values=floor,
            notes="from the request to the last byte, measured by the client on this machine",
        ),
        Row(
            id="R2 batches", what=f"{what}: the same as a spectator sees them, projected", unit="ms",
            values=asked[View.BATCHES], bar=5, peer="GET /account on the same connection", peer_values=floor,
        ),
        Row(
            id="R2 file", what=f"{what}: p99 of {SEEKS} states from a file on disk", unit="ms", values=on_disk, bar=5,
        ),
    ]  # fmt: skip


def hour_of_segments() -> Iterator[list[bytes]]:
    """Segments of 30 s of several traces, one after the other on one time line."""
    for place, seed in enumerate(SEEDS):
        for lines in segments_of(seed):
            yield later_by(place * MINUTES * 60_000, lines)


def segments_of(seed: int) -> list[list[bytes]]:
    """A trace as the recorder cuts it: a keyframe every 30 s, at the number that was reached."""
    played = trace(seed)
    epoch = played.epoch()
    stream = epoch.open(View.FULL)
    segments, end = [[stream.keyframe()]], SEGMENT_TICKS
    keyframe = stream.keyframe()
    for tick, diffs in stepped(played, epoch):
        if tick > end:
            segments.append([keyframe])
            end += SEGMENT_TICKS * (1 + (tick - end) // SEGMENT_TICKS)
        segments[-1] += diffs
        keyframe = stream.keyframe()
    return segments


def keep(data: Path, hour: list[list[bytes]], hours: int) -> None:
    """Put the recording into the store of a house that does not run, by the statements that the recorder uses."""
    markers, start_ms = Markers(), read_keyframe(hour[0][0]).now_ms
    begun = recordings.begin(recording=RECORDING, office=office_of(0), hz=HZ, started_ms=start_ms)
    with writing(data) as connection:
        connection.execute(begun.text, begun.values)
        rows = [row_of(n, lines, markers) for n, lines in enumerate(hour)]
        for n in range(len(hour) * hours):
            row, body = rows[n % len(hour)]
            later_ms = n // len(hour) * HOUR_MS
            moved = replace(row, n=n, start_ms=row.start_ms + later_ms, end_ms=row.end_ms + later_ms)
            connection.execute(Script(recordings.close_segment(RECORDING, moved, body)))
        ended = recordings.end(RECORDING, start_ms + hours * HOUR_MS)
        connection.execute(ended.text, ended.values)


def row_of(n: int, lines: list[bytes], markers: Markers) -> tuple[SegmentRow, bytes]:
    """A segment as the recorder keeps it."""
    keyframe, body = read_keyframe(lines[0]), pack(lines)
    end_ms = keyframe.now_ms
    markers.keyframe(keyframe.now_ms, keyframe.state)
    for diff in map(read_diff, lines[1:]):
        end_ms = moment_ms(keyframe, diff.tick, HZ)
        markers.diff(end_ms, diff.patch)
    noted = markers.take()
    row = SegmentRow(
        n=n, start_ms=keyframe.now_ms, end_ms=end_ms, first=keyframe.seq, last=keyframe.seq + len(lines) - 1,
        frames=len(lines), bytes=len(body), markers=orjson.dumps(noted.markers).decode(),
        idle=orjson.dumps(noted.idle).decode(),
    )  # fmt: skip
    return row, body


def stored_bytes(data: Path) -> int:
    """How much of the store is in use."""
    with writing(data) as connection:
        pages, free, size = (
            int(connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size


def asked_ms(house: ServedHouse, token: str, view: View, segments: int) -> float:
    """The p99 of asking for segments at random, on one connection, as a browser asks."""
    chance = random.Random(segments)
    base = f"recordings/{RECORDING}/segments"
    paths = [f"{base}/{chance.randrange(segments)}?view={view.value}" for _ in range(SEEKS)]
    return p99([took for took, _ in answered(house, token, paths, b'{"type":"keyframe"')])


def floor_ms(house: ServedHouse, token: str) -> float:
    """The p99 of asking for next to nothing: what a request takes on this machine just now."""
    return p99([took for took, _ in answered(house, token, ["account"] * SEEKS, b"{")])


def answered(
    house: ServedHouse, token: str, paths: list[str], begins: bytes
) -> Iterator[tuple[float, bytes]]:
    """Ask one after the other; milliseconds to the last byte, and the body unpacked."""
    headers = {"authorization": f"Bearer {token}", "accept-encoding": "gzip, deflate"}
    connection = HTTPConnection(*house.address, timeout=30)
    for path in paths:
        began = time.perf_counter()
        connection.request("GET", f"/api/v1/{path}", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        text = zlib.decompress(body) if answer.headers["content-encoding"] == "deflate" else body
        if answer.status != 200 or not text.startswith(begins):
            raise RuntimeError(
                f"{path}: expected a body that begins with {begins!r}, got {answer.status} {text[:300]!r}"
            )
        yield took, text
    connection.close()


def in_file_ms(hour: list[list[bytes]], hours: int) -> float:
    """The p99 of the state at random moments, from a file of the whole recording."""
    start_ms = read_keyframe(hour[0][0]).now_ms
    with folder() as made:
        path = made / "office.tendesks"
        path.write_bytes(b"".join(file_of(hour, hours)))
        with path.open("rb") as opened:
            reading, chance, took = RecordingFile(opened), random.Random(hours), []
            for _ in range(SEEKS):
                now_ms = start_ms + chance.randrange(hours * HOUR_MS)
                began = time.perf_counter()
                state = reading.state_at(now_ms)
                took.append((time.perf_counter() - began) * 1000)
                if state is None:
                    raise RuntimeError(f"expected a state at {now_ms}, got none")
    return p99(took)


def file_of(hour: list[list[bytes]], hours: int) -> Iterator[bytes]:
    """The recording as one file, piece by piece."""
    start_ms = read_keyframe(hour[0][0]).now_ms
    writer = Writer(Header(office="Northwind", view=View.FULL, hz=HZ, start_ms=start_ms))
    yield writer.begin()
    for later in range(hours):
        segments = [later_by(later * HOUR_MS, lines) for lines in hour]
        starts = [read_keyframe(lines[0]).now_ms for lines in segments]
        for lines, since_ms, end_ms in zip(
            segments, starts, [*starts[1:], start_ms + (later + 1) * HOUR_MS], strict=True
        ):
            yield writer.segment(pack(lines), start_ms=since_ms, end_ms=end_ms)
    yield writer.finish()


def later_by(by_ms: int, lines: list[bytes]) -> list[bytes]:
    """The same segment, so much later."""
    keyframe = orjson.loads(lines[0])
    keyframe["now"] += by_ms
    return [orjson.dumps(keyframe), *lines[1:]]


def p99(took: list[float]) -> float:
    """What 99 of 100 stay within."""
    return sorted(took)[len(took) * 99 // 100 - 1]
