"""A real server is recorded: kill -9 in the middle, a full disk, and what HTTP plays is what the office showed."""

import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from server.recording.playback import at_moment
from server.recording.segment import state_at
from server.routes.office import etag_of
from server.store.recordings import SegmentRow
from tests.flow.test_disk import disk, fill
from tests.processes import ServerProcess, serving, until

__all__ = ["disk"]
pytestmark = pytest.mark.flow

ROWS = "SELECT n, start_ms, end_ms, first, last, frames, bytes, markers, idle FROM segments ORDER BY recording, n"


def submit(server: ServerProcess, count: int, seconds: float = 0.4) -> str:
    tasks = [{"input": {"n": n}} for n in range(count)]
    body = {"name": "List", "kind": "demo", "params": {"seconds": seconds}, "tasks": tasks}
    return str(server.api("POST", "/batches", json=body)["id"])


def watched(server: ServerProcess, seconds: float) -> list[tuple[int, str]]:
    """Moments of frames and the hashes of their states, for a while."""
    seen: dict[int, str] = {}
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        response = server.raw("GET", "/office")
        frame = response.json()
        seen[frame["now"]] = response.headers["etag"]
        time.sleep(0.05)
    return sorted(seen.items())


def rows(server: ServerProcess) -> list[SegmentRow]:
    names = tuple(SegmentRow.__dataclass_fields__)
    return [SegmentRow(**dict(zip(names, row, strict=True))) for row in server.query(ROWS)]


def the_recording(server: ServerProcess) -> dict[str, Any]:
    (item,) = server.api("GET", "/recordings")["items"]
    return dict(server.api("GET", f"/recordings/{item['id']}"))


def segment(server: ServerProcess, recording: str, n: int | str) -> list[bytes]:
    response = server.raw("GET", f"/recordings/{recording}/segments/{n}", params={"view": "full"})
    assert response.status_code == 200, response.text
    return response.content.splitlines()


def test_killed_in_the_middle_it_loses_ten_seconds_at_most_and_goes_on(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        submit(server, 400)
        seen = watched(server, 11)
        lines = segment(server, the_recording(server)["id"], "open")
        assert orjson.loads(lines[0])["type"] == "keyframe"
        server.kill()
        killed_ms = seen[-1][0]
        server.start()
        assert server.query("SELECT count(*) FROM parts WHERE n = 0") == [(0,)]
        until(lambda: server.query("SELECT count(*) FROM parts") != [(0,)], what="work, and its recording")
        more = watched(server, 1)
        server.stop(at_once=True)
        server.start()

        found, spans = the_recording(server), rows(server)
        assert len(found["segments"]) == len(spans)
        first_gap = next(marker for marker in found["markers"] if marker["kind"] == "gap")
        assert killed_ms - 10_000 <= first_gap["at"] <= killed_ms < first_gap["to"] <= more[0][0]
        known = 0
        for now_ms, shown in [*seen, *more]:
            n = at_moment(spans, now_ms)
            if n is None:
                assert first_gap["at"] < now_ms <= killed_ms
                continue
            state = state_at(segment(server, found["id"], spans[n].n), now_ms, found["hz"])
            assert state is not None
            assert etag_of(state) == shown
            known += 1
        assert known > 10


def test_a_full_disk_costs_frames_and_nothing_else(disk: Path) -> None:
    with serving(disk / "data") as server:
        batch = submit(server, 10, seconds=4)
        until(lambda: server.query("SELECT count(*) FROM parts") != [(0,)], what="a recording")
        ballast = fill(disk)
        time.sleep(9)
        said = server.output.read_text().count("recording.unwritten")
        assert said == 1, "once, however often it is tried"
        ballast.unlink()
        until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")
        until(lambda: "recording.goes_on" in server.output.read_text(), what="it goes on")
        assert server.stop() == 0
        assert server.output.read_text().count("recording.unwritten") == 1
        assert len(rows(server)) >= 1


def test_a_server_that_is_told_not_to_records_nothing(tmp_path: Path) -> None:
    with serving(tmp_path / "data", environ={"TENDESKS_RECORD": "false"}) as server:
        batch = submit(server, 3, seconds=0.1)
        until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")
        assert server.api("GET", "/recordings") == {"items": []}
        assert server.query("SELECT epoch FROM offices") == [(0,)], "nobody looked, so it never ticked"
