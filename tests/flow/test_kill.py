"""kill -9 in the middle: nothing is lost, every task ends exactly once, and no body of the old process lives on."""

import sys
from pathlib import Path

import psutil
import pytest

from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

# A body that leaves a trace of every start and of every end, and lasts long enough to be caught in the middle.
BODY = """
import json, os, sys, time
row = json.load(sys.stdin)
with open(row["trace"], "a") as trace:
    trace.write(f"start {row['n']} {os.environ['TENDESKS_EXECUTION']}\\n")
time.sleep(1)
with open(row["trace"], "a") as trace:
    trace.write(f"end {row['n']} {os.environ['TENDESKS_EXECUTION']}\\n")
print(json.dumps({"n": row["n"]}))
"""
TASKS = 60


def submit(server: ServerProcess, trace: Path) -> str:
    script = trace.with_name("body.py")
    script.write_text(BODY)
    body = {
        "name": "traced",
        "kind": "command",
        "params": {"argv": [sys.executable, str(script)]},
        "tasks": [{"title": f"task {n}", "input": {"n": n, "trace": str(trace)}} for n in range(TASKS)],
    }
    return str(server.api("POST", "/batches", json=body)["id"])


def bodies_of(trace: Path) -> set[int]:
    script = str(trace.with_name("body.py"))
    return {
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if script in (process.info["cmdline"] or [])
    }


def test_kill_9_twice_and_every_task_ends_once(tmp_path: Path) -> None:
    data, trace = tmp_path / "data", tmp_path / "trace.txt"
    with serving(data) as server:
        batch = submit(server, trace)
        for ended in (10, 30):
            until(
                lambda least=ended: server.api("GET", f"/batches/{batch}")["done"] >= least,
                what=f"{ended} ends",
            )
            before = server.query("SELECT id FROM executions WHERE state = 'running'")
            assert before, "it must be killed in the middle"
            server.kill()
            orphans = bodies_of(trace)
            assert orphans, "the killed server must have left something"
            server.start()
            assert not orphans & bodies_of(trace), "a body of the killed server lives on"
        until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")

        row = server.api("GET", f"/batches/{batch}")
        assert (row["total"], row["done"], row["failed"], row["waiting"], row["running"]) == (
            TASKS,
            TASKS,
            0,
            0,
            0,
        )
        assert server.query("SELECT count(*) FROM results") == [(TASKS,)]
        ends = server.query(
            "SELECT task, count(*) FROM executions WHERE state = 'done' GROUP BY task HAVING count(*) <> 1"
        )
        assert ends == [], "an end was recorded twice"
        lost = server.query("SELECT count(*) FROM executions WHERE state = 'lost'")[0][0]
        assert lost > 0
        attempts = server.query("SELECT DISTINCT attempt FROM tasks")
        assert attempts == [(1,)], "an execution lost with its process is no attempt"
        recorded = {
            row[0] for row in server.query("SELECT id || '.' || fence FROM executions WHERE state = 'done'")
        }
        traced = {line.split()[2] for line in trace.read_text().splitlines() if line.startswith("end")}
        assert recorded <= traced, "an end was recorded that never happened"


def test_a_stopped_server_gives_what_runs_time_to_end(tmp_path: Path) -> None:
    data, trace = tmp_path / "data", tmp_path / "trace.txt"
    with serving(data) as server:
        batch = submit(server, trace)
        until(lambda: server.api("GET", f"/batches/{batch}")["done"] >= 5, what="5 ends")
        assert server.stop() == 0
        lines = trace.read_text().splitlines()
        assert sum(line.startswith("start") for line in lines) == sum(
            line.startswith("end") for line in lines
        )
        ends = server.query("SELECT state, count(*) FROM executions GROUP BY state")
        assert [state for state, _ in ends] == ["done"], f"{ends}\n{server.output.read_text()}"
        server.start()
        until(lambda: server.api("GET", f"/batches/{batch}")["done"] == TASKS, what="the end of the batch")
