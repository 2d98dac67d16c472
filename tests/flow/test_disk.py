"""A disk that fills up under a real server: it says so, takes nothing new, loses nothing, and goes on by itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

MIB = 1024 * 1024
# A body that says something, waits until it may end, says more than a pipe holds, and gives a result.
BODY = """
import json, os, sys, time
row = json.load(sys.stdin)
print("begun", flush=True)
while not os.path.exists(row["gate"]):
    time.sleep(0.01)
print("x" * 70_000, file=sys.stderr)
print(json.dumps({"n": row["n"]}))
"""
TASKS = 12
ENDED_ONCE = "SELECT count(*), count(DISTINCT task) FROM executions WHERE state = 'done'"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own. Only an administrator may mount one; elsewhere the in-process tests must do."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={24 * MIB}", "tmpfs", str(folder)]
    done = (
        subprocess.run(mounting, capture_output=True, text=True, check=False) if os.geteuid() == 0 else None
    )
    if done is None or done.returncode:
        pytest.skip("a small disk cannot be mounted here: needs root and CAP_SYS_ADMIN")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Write until nothing more fits."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        for piece in (MIB, 4096, 1):
            with suppress(OSError):
                while file.write(b"\0" * piece):
                    pass
    assert os.statvfs(disk).f_bavail == 0
    return ballast


def gated(server: ServerProcess, gate: Path) -> str:
    script = gate.with_name("body.py")
    script.write_text(BODY)
    tasks = [{"title": f"task {n}", "input": {"n": n, "gate": str(gate)}} for n in range(TASKS)]
    body = {"kind": "command", "params": {"argv": [sys.executable, str(script)]}, "tasks": tasks}
    return str(server.api("POST", "/batches", json=body)["id"])


def submit(server: ServerProcess, **options: Any) -> httpx2.Response:
    body = {"kind": "demo", "params": {"seconds": 0}, "tasks": [{"input": {"n": 1}}]}
    return server.raw("POST", "/batches", **(options or {"json": body}))


def refused(answer: httpx2.Response) -> bool:
    assert answer.status_code == 507, f"expected 507, got {answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert (said["code"], said["title"]) == ("disk_full", "The disk is full")
    return True


def ready(server: ServerProcess) -> dict[str, Any]:
    return dict(httpx2.get(f"{server.url}/readyz").json()["checks"])


def state(server: ServerProcess) -> dict[str, Any]:
    return dict(server.api("GET", "/office")["state"])


def lines_of(count: int, width: int) -> Iterator[bytes]:
    for number in range(count):
        yield b"%d %b\n" % (number, b"x" * width)


def upload(server: ServerProcess, count: int, width: int) -> httpx2.Response:
    query = {"kind": "demo", "params": '{"seconds": 0}'}
    return submit(
        server, content=lines_of(count, width), params=query, headers={"content-type": "text/plain"}
    )


def test_what_ends_on_a_full_disk_is_recorded_once_there_is_room(disk: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with serving(disk / "data") as server:
        batch = gated(server, gate)
        until(lambda: state(server)["office"]["running"] == 10, what="ten running")
        ballast = fill(disk)
        assert not ready(server)["disk"]
        refused(submit(server))
        gate.touch()
        until(lambda: state(server)["queue"].get("blocked") == "disk", what="the queue says disk")
        assert state(server)["office"]["running"] == 10, "a status may be late, never false"
        refused(submit(server))
        refused(upload(server, 3, 10))
        refused(server.raw("POST", f"/batches/{batch}/pause"))
        assert server.api("GET", f"/batches/{batch}")["done"] == 0
        assert server.query("SELECT count(*) FROM results") == [(0,)]

        ballast.unlink()
        until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")
        assert ready(server) == {"store": True, "disk": True, "admitting": True}
        until(lambda: state(server)["queue"].get("blocked") is None, what="the queue goes on")
        assert server.query(ENDED_ONCE) == [(TASKS, TASKS)]
        assert server.query("SELECT count(*) FROM executions") == [(TASKS,)], "nothing was done twice"
        assert server.query("SELECT count(*) FROM results") == [(TASKS,)]
        assert submit(server).status_code == 201
        for (execution,) in server.query("SELECT id FROM executions WHERE batch = ?", batch):
            assert server.api("GET", f"/executions/{execution}/log")["ended"], (
                "what was not written is let go"
            )


def test_a_server_that_is_killed_on_a_full_disk_loses_nothing(disk: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with serving(disk / "data") as server:
        batch = gated(server, gate)
        until(lambda: state(server)["office"]["running"] == 10, what="ten running")
        ballast = fill(disk)
        gate.touch()
        until(lambda: state(server)["queue"].get("blocked") == "disk", what="the queue says disk")
        server.kill()
        ballast.unlink()
        server.start()
        until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")
        assert server.query(ENDED_ONCE) == [(TASKS, TASKS)]
        assert server.query("SELECT DISTINCT attempt FROM tasks") == [(1,)]


@pytest.mark.parametrize(
    ("count", "width", "where"), [(16_000, 1_600, "its spool"), (6_000, 1_000, "its rows")]
)
def test_an_upload_larger_than_the_disk_is_refused_whole(
    disk: Path, count: int, width: int, where: str
) -> None:
    with serving(disk / "data") as server:
        refused(upload(server, count, width))
        assert server.query("SELECT count(*) FROM batches") == [(0,)], f"{where} did not fit"
        assert server.query("SELECT count(*) FROM tasks") == [(0,)]
        assert ready(server)["disk"]
        assert submit(server).status_code == 201
        until(lambda: server.api("GET", "/batches")["items"][0]["state"] == "done", what="the small batch")
        refused(upload(server, count, width))
        assert submit(server).status_code == 201, "what was withdrawn is room again"
