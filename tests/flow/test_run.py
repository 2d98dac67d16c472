"""`tendesks run` over a real list with a real program and a real server: progress, results, exit codes, at every plan."""

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from server.accounts.presence import Presence, read_presence
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

LINES = 200
SLOTS = {"free": 1, "starter": 3, "pro": 10, "enterprise": 50}
END_S = 120
# Bodies that start fast: an interpreter without site, on one short line each.
PYTHON = (sys.executable, "-I", "-S", "-c")
SQUARE = (
    *PYTHON,
    (
        "import sys; trace = open('trace', 'a', 1); n = int(sys.argv[1]); trace.write('+'); trace.flush();"
        "print('::progress 0.5 half'); print('{{\"square\": %d}}' % (n * n)); trace.write('-')"
    ),
    "{n}",
)
SOME_FAIL = (
    *PYTHON,
    "import sys; n = int(sys.argv[1]); sys.exit(f'no luck with {n}' if n % 50 == 7 else 0)",
    "{n}",
)
# The first ones end at once, the others would go on for a minute.
LINGER = (*PYTHON, "import sys, time; time.sleep(0 if int(sys.argv[1]) < 20 else 60)", "{n}")


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.csv"
    path.write_text("name,n\n" + "".join(f"Number {n},{n}\n" for n in range(LINES)))
    return path


@contextmanager
def started(data: Path, *args: object, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """`tendesks run` in a process of its own, which does not outlive a test that fails."""
    command = [sys.executable, "-m", "server", "run", "--data", str(data), *map(str, args)]
    variables = {name: value for name, value in os.environ.items() if not name.startswith("TENDESKS_")}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=data.parent,
        env={**variables, **environ},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def run(data: Path, *args: object, **environ: str) -> tuple[int, str, str]:
    with started(data, *args, **environ) as process:
        out, err = process.communicate(timeout=END_S)
    return process.returncode, out, err


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def most_at_once(trace: Path) -> int:
    """How many programs ran at the same time at most, by the marks that they left at their start and end."""
    now = most = 0
    for mark in trace.read_text():
        now += 1 if mark == "+" else -1
        most = max(most, now)
    return most


def begun_at_once(server: ServerProcess) -> int:
    """How many executions the first cycle began."""
    sql = "SELECT count(*) FROM executions WHERE started_ms = (SELECT min(started_ms) FROM executions)"
    [(number,)] = server.query(sql)
    return int(number)


def bodies(data: Path) -> Iterator[psutil.Process]:
    """Everything that still runs for this folder, servers included."""
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and str(data) in " ".join(process.cmdline()):
                yield process
        except psutil.Error:
            continue


@pytest.mark.parametrize("tier", SLOTS)
def test_every_line_is_run_and_its_result_written(tier: str, numbers: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.csv"
    with serving(tmp_path / "data", tier=tier) as server:
        code, out, err = run(server.data, numbers, "--output", results, "--", *SQUARE)
        assert code == 0, err
        assert begun_at_once(server) >= SLOTS[tier]
    assert most_at_once(tmp_path / "trace") <= SLOTS[tier]
    assert out.startswith("All done in ")
    assert "numbers.csv: 200 tasks" in err
    assert f"{server.url}/#token=" in err
    written = rows(results)
    assert [row["n"] for row in written] == [str(n) for n in range(LINES)]
    assert [row["square"] for row in written] == [str(n * n) for n in range(LINES)]
    assert {row["state"] for row in written} == {"done"}


def test_failures_are_listed_and_the_rest_is_done(numbers: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.ndjson"
    with serving(tmp_path / "data", tier="enterprise") as server:
        code, out, err = run(server.data, numbers, "--output", results, "--json", "--", *SOME_FAIL)
    assert code == 1, err
    said: dict[str, Any] = json.loads(out)
    assert (said["total"], said["done"], said["failed"]) == (200, 196, 4)
    assert [item["title"] for item in said["failures"]] == [f"Number {n}" for n in (7, 57, 107, 157)]
    assert {item["reason"] for item in said["failures"]} == {"exit"}
    assert "no luck with 7" in said["failures"][0]["message"]
    states = [json.loads(line)["state"] for line in results.read_text().splitlines()]
    assert (states.count("done"), states.count("failed")) == (196, 4)


def test_an_interrupt_cancels_and_writes_what_is_done(numbers: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.csv"
    with (
        serving(tmp_path / "data") as server,
        started(server.data, numbers, "--output", results, "--", *LINGER) as process,
    ):
        until(lambda: server.query("SELECT 1 FROM batches WHERE done = 20 AND running = 10"), within_s=END_S)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=END_S)
        [(waiting, running)] = server.query("SELECT waiting, running FROM batches")
        assert (waiting, running) == (0, 0)
    assert process.returncode == 130, err
    assert "20 done, 180 cancelled" in out
    assert [row["state"] for row in rows(results)].count("done") == 20
    assert [row["state"] for row in rows(results)].count("cancelled") == 180


def test_without_a_server_one_is_started_for_the_time(numbers: Path, tmp_path: Path) -> None:
    data, results = tmp_path / "data", tmp_path / "results.csv"
    code, out, err = run(data, numbers, "--output", results, "--", *SQUARE, TENDESKS_TIER="enterprise")
    assert code == 0, err
    assert out.startswith("All done in ")
    assert len(rows(results)) == LINES
    presence = read_presence(data)
    assert presence is not None
    assert presence.url is None
    assert list(bodies(data)) == []


def test_a_list_that_is_refused_starts_no_server(numbers: Path, tmp_path: Path) -> None:
    code, out, err = run(tmp_path / "data", numbers, "--", "echo", "{number}")
    assert (code, out) == (1, "")
    assert "unknown field {number}" in err
    assert not (tmp_path / "data").exists()


def test_a_run_survives_the_end_of_its_server(numbers: Path, tmp_path: Path) -> None:
    data, results = tmp_path / "data", tmp_path / "results.csv"
    command = (numbers, "--output", results, "--", *SQUARE)
    with started(data, *command, TENDESKS_TIER="starter") as process:
        figures_when(data, "done BETWEEN 5 AND 150")
        os.kill(presence_of(data).pid or 0, signal.SIGKILL)
        out, err = process.communicate(timeout=END_S)
    assert process.returncode == 0, err
    assert out.startswith("All done in ")
    assert [row["square"] for row in rows(results)] == [str(n * n) for n in range(LINES)]


def test_when_the_command_is_killed_its_server_ends_too(numbers: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with started(data, numbers, "--", *LINGER) as process:
        figures_when(data, "running = 10")
        server = presence_of(data)
        process.kill()
    until(lambda: not psutil.pid_exists(server.pid or 0), within_s=END_S, what="the server's end")
    assert list(bodies(data)) == []


def presence_of(data: Path) -> Presence:
    presence = read_presence(data)
    assert presence is not None
    assert presence.pid
    return presence


def figures_when(data: Path, condition: str) -> None:
    """Wait until the one batch fulfils a condition of SQL; before the server's first start there is no table."""
    server = ServerProcess(data)

    def fulfilled() -> bool:
        try:
            return bool(server.query(f"SELECT 1 FROM batches WHERE {condition}"))
        except sqlite3.OperationalError:
            return False

    until(fulfilled, within_s=END_S, what=condition)


def test_variables_go_along_only_when_they_are_named(tmp_path: Path) -> None:
    show = "import os; print(os.environ.get('NAMED'), os.environ.get('OTHER'), os.getcwd())"
    results = tmp_path / "results.ndjson"
    (tmp_path / "one.txt").write_text("a line\n")
    with serving(tmp_path / "data") as server:
        code, _, err = run(
            server.data, tmp_path / "one.txt", "--env", "NAMED", "--output", results, "--", *PYTHON, show,
            NAMED="yes", OTHER="no",
        )  # fmt: skip
    assert code == 0, err
    [line] = [json.loads(line) for line in results.read_text().splitlines()]
    assert line["result"]["text"].split() == ["yes", "None", str(tmp_path)]


def test_the_value_of_a_named_variable_is_written_nowhere(tmp_path: Path) -> None:
    canary = "canary-7f3a91c2"
    (tmp_path / "one.txt").write_text("a line\n")
    with serving(tmp_path / "data") as server:
        count = "import os; print(len(os.environ['TOKEN']))"
        code, _, err = run(
            server.data, tmp_path / "one.txt", "--env", "TOKEN", "--", *PYTHON, count, TOKEN=canary
        )
        assert code == 0, err
        assert [row[0] for row in server.query("SELECT body FROM results")] == [b"%d" % len(canary)]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite3" for path in written)
    assert [path for path in written if canary.encode() in path.read_bytes()] == []
