"""A planned stop: nothing new begins, what runs gets its time, and what is left goes back to the head at no cost."""

import signal
import sys
from pathlib import Path

import httpx2
import pytest

from tests.processes import TLS, ServerProcess, serving, until

pytestmark = pytest.mark.flow

# A body that waits until it may end.
BODY = """
import json, os, sys, time
row = json.load(sys.stdin)
while not os.path.exists(row["gate"]):
    time.sleep(0.01)
print(json.dumps({"n": row["n"], "attempt": int(os.environ["TENDESKS_ATTEMPT"])}))
"""
TASKS, SLOTS = 14, 3
STATES = "SELECT state, count(*) FROM tasks GROUP BY state ORDER BY state"
COST = "SELECT max(attempt), max(losses) FROM tasks WHERE state = 'waiting'"
RUNNING = "SELECT position, attempt, fence FROM tasks WHERE state = 'running' ORDER BY position"


def submit(server: ServerProcess, gate: Path) -> str:
    script = gate.with_name("body.py")
    script.write_text(BODY)
    tasks = [{"input": {"n": n, "gate": str(gate)}} for n in range(TASKS)]
    body = {"kind": "command", "params": {"argv": [sys.executable, str(script)]}, "tasks": tasks}
    batch = str(server.api("POST", "/batches", json=body)["id"])
    until(lambda: len(server.query(RUNNING)) == SLOTS, what="a task in every slot")
    return batch


def ask_to_stop(server: ServerProcess) -> None:
    assert server.process is not None
    server.process.send_signal(signal.SIGTERM)
    until(lambda: httpx2.get(f"{server.url}/readyz", verify=TLS).status_code == 503, what="the drain")


def exit_of(server: ServerProcess, within_s: float) -> int:
    assert server.process is not None
    return server.process.wait(within_s)


def test_what_runs_may_end_and_nothing_new_begins(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with serving(tmp_path / "data", tier="starter") as server:
        batch = submit(server, gate)
        ask_to_stop(server)
        checks = httpx2.get(f"{server.url}/readyz", verify=TLS).json()["checks"]
        assert checks == {"store": True, "disk": True, "admitting": False}

        def told() -> bool:
            state = server.api("GET", "/office")["state"]
            return (state["queue"].get("blocked"), state["office"]["running"]) == ("draining", SLOTS)

        until(told, what="a tick that says that it drains, while all run on")
        gate.touch()
        assert exit_of(server, 20) == 0
        assert server.query(STATES) == [("done", SLOTS), ("waiting", TASKS - SLOTS)]
        assert server.query("SELECT count(*) FROM executions") == [(SLOTS,)]
        assert server.query(COST) == [(0, 0)]
        server.start()
        until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")
        assert server.query("SELECT count(*) FROM executions") == [(TASKS,)], "nothing was done again"


def test_what_does_not_end_in_time_is_first_again_and_has_lost_nothing(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with serving(tmp_path / "data", tier="starter", environ={"TENDESKS_DRAIN_MS": "300"}) as server:
        batch = submit(server, gate)
        for stops in range(1, 4):  # as often as an execution may not be lost
            ask_to_stop(server)
            assert exit_of(server, 20) == 0
            assert server.query(STATES) == [("waiting", TASKS)]
            assert server.query(COST) == [(0, 0)]
            assert server.query("SELECT state, count(*) FROM executions") == [("lost", SLOTS * stops)]
            server.start()
            until(lambda: len(server.query(RUNNING)) == SLOTS, what="a task in every slot")
            assert server.query(RUNNING) == [(n, 1, stops + 1) for n in range(SLOTS)]
        gate.touch()
        until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")
        results = server.api("GET", f"/batches/{batch}/results")
        assert [row["result"] for row in results] == [{"n": n, "attempt": 1} for n in range(TASKS)]


def test_a_second_signal_hurries(tmp_path: Path) -> None:
    with serving(tmp_path / "data", tier="starter", environ={"TENDESKS_DRAIN_MS": "600000"}) as server:
        submit(server, tmp_path / "gate")
        ask_to_stop(server)
        assert server.process is not None
        assert len(server.query(RUNNING)) == SLOTS
        server.process.send_signal(signal.SIGTERM)
        assert exit_of(server, 15) == 0
        assert server.query(STATES) == [("waiting", TASKS)]
        assert server.query(COST) == [(0, 0)]
