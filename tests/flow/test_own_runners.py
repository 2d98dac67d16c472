"""Fifty tasks for two runners of one's own, as the examples have them, while a third one and the server are killed.

The server is the real one; only its leases are shorter (`short_leases.py`), so that one runs out within the test.
"""

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path

import orjson
import pytest

from tests.processes import ServerProcess, until

pytestmark = pytest.mark.flow

ROOT = Path(__file__).parents[2]
RUNNERS = ROOT / "examples" / "external"
LEASE_MS = 5_000
TASKS = 50
NUMBERS = [6 * 7 * (1_000_003 + 2 * n) for n in range(TASKS)]
EXECUTIONS = "SELECT id, fence, lease_ms FROM executions WHERE state = ? ORDER BY id"


@contextmanager
def at_work(server: ServerProcess, *command: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    env = {**os.environ, "TENDESKS_DATA": str(server.data), **variables}
    out = server.data / f"{Path(command[1]).name}.{len(list(server.data.glob('runner*')))}.out"
    with out.open("wb") as output:
        process = subprocess.Popen([*command], env=env, stdout=output, stderr=output, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def python_runner(*options: str) -> tuple[str, ...]:
    return (sys.executable, str(RUNNERS / "runner.py"), *options)


def done(server: ServerProcess, batch: str) -> int:
    return int(server.api("GET", f"/batches/{batch}")["done"])


def test_everything_is_done_once_whoever_is_killed(tmp_path: Path) -> None:
    launcher = (str(Path(__file__).with_name("short_leases.py")), str(LEASE_MS))
    server = ServerProcess(tmp_path / "data", program=launcher)
    try:
        server.start()
        play(server)
    finally:
        server.stop(at_once=True)


def play(server: ServerProcess) -> None:
    tasks = [{"title": str(number), "input": {"number": str(number)}} for number in NUMBERS]
    batch = server.api("POST", "/batches", json={"kind": "external", "tasks": tasks})["id"]
    with at_work(server, *python_runner("--at-once", "3", "--pause", "600")) as doomed:
        until(lambda: len(server.query(EXECUTIONS, "running")) == 3, what="the first leases")
        held = server.query(EXECUTIONS, "running")
        with (
            at_work(server, *python_runner("--at-once", "4", "--pause", "1")) as steady,
            at_work(server, "sh", str(RUNNERS / "runner.sh"), PAUSE="6", EVERY="1") as patient,
        ):
            until(lambda: done(server, batch) >= 8, what="some ends")
            before = {row[0] for row in server.query(EXECUTIONS, "running")}
            server.kill()
            server.start()
            until(lambda: kept_alive(server, held), what="leases that outlast their length and a restart")
            os.killpg(doomed.pid, signal.SIGKILL)
            until(lambda: done(server, batch) == TASKS, within_s=60, what="the end of all")
            check(server, batch, held, before)
            for runner in (steady, patient):
                os.killpg(runner.pid, signal.SIGINT)  # what Ctrl-C does
                assert runner.wait(60) == 0


def kept_alive(server: ServerProcess, held: list[tuple[str, int, int]]) -> bool:
    now = {id_: lease_ms for id_, _, lease_ms in server.query(EXECUTIONS, "running")}
    return all(now.get(id_, 0) >= lease_ms + LEASE_MS for id_, _, lease_ms in held)


def check(server: ServerProcess, batch: str, held: list[tuple[str, int, int]], before: set[str]) -> None:
    killed = {row[0] for row in held}
    ended = {row[0] for row in server.query(EXECUTIONS, "done")}
    lost = {row[0] for row in server.query(EXECUTIONS, "lost")}
    assert killed <= lost, "the killed runner's leases ran out"
    assert (before - killed) & ended, "leases went on after the restart"
    assert len(lost - killed) <= 5, "at most what was on its way to a runner when the server was killed"
    assert len(ended) == TASKS
    for execution, fence, _ in held:
        for verb in ("progress", "complete", "fail"):
            body = {"token": f"{execution}.{fence}", "log": "from the dead"}
            answer = server.raw("POST", f"/executions/{execution}/{verb}", json=body)
            assert (answer.status_code, answer.json()["code"]) == (409, "stale_token"), verb
    table = server.raw("GET", f"/batches/{batch}/results?format=csv").text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [int(row["title"]) for row in rows] == NUMBERS
    assert {row["state"] for row in rows} == {"done"}
    assert [prod(orjson.loads(row["factors"])) for row in rows] == NUMBERS
    assert server.api("GET", "/account")["running"] == 0
    said = server.query("SELECT count(*) FROM executions WHERE state NOT IN ('done', 'lost')")
    assert said == [(0,)], "no failure, and nothing that runs on"
