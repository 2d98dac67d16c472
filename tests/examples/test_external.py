"""The runners of the example, as its README has them: real processes on a real server, and what becomes of what they hold."""

import csv
import io
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import prod
from pathlib import Path

import psutil
import pytest

from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

ROOT = Path(__file__).parents[2]
README = ROOT / "examples" / "external" / "README.md"
PYTHON, SHELL = "runner.py", "runner.sh"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("data") / "data") as server:
        yield server


def line_with(words: str) -> str:
    """The one line of the README's commands that has these words."""
    (line,) = [line for line in README.read_text().splitlines() if words in line and " examples/" in line]
    return line.partition("#")[0].rstrip(" &")


@contextmanager
def at_work(
    server: ServerProcess, name: str, pause: float, *, by_url: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """A runner by the README's own command, but for its pause; told where the server is by its file, or by a URL."""
    words = [word for word in shlex.split(line_with(name)) if not word.startswith("PAUSE=")]
    words[0] = {"python": sys.executable}.get(words[0], words[0])
    words = [
        str(pause) if before == "--pause" else word for before, word in zip(["", *words], words, strict=False)
    ]
    where = {"TENDESKS_URL": server.url, "TENDESKS_TOKEN": server.token}
    env = {**os.environ, **(where if by_url else {"TENDESKS_DATA": str(server.data)}), "PAUSE": str(pause)}
    process = subprocess.Popen(
        words, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def submitted(server: ServerProcess) -> str:
    env = {**os.environ, "TENDESKS_DATA": str(server.data)}
    command = [sys.executable, "-m", "server", *shlex.split(line_with("tendesks submit"))[1:]]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def held(server: ServerProcess, runner: subprocess.Popen[str], name: str, count: int) -> None:
    """Wait until so many are at work: not only given, but received, too."""

    def noted() -> bool:
        desks = server.api("GET", "/office")["state"]["desks"].values()
        return sum(desk.get("note") == "getting ready" for desk in desks) == count

    def begun() -> bool:
        with suppress(psutil.NoSuchProcess):  # one that ended while it was looked at
            below = psutil.Process(runner.pid).children(recursive=True)
            return any(process.name() == "sleep" and "600" in process.cmdline() for process in below)
        return False

    until(noted if name == PYTHON else begun, what=f"{count} at work")


def log_of(server: ServerProcess, batch: str, title: str) -> str:
    (task,) = server.api("GET", f"/batches/{batch}/tasks?q={title}")["items"]
    lines = server.api("GET", f"/executions/{task['executions'][-1]['id']}/log")["lines"]
    return "\n".join(line["text"] for line in lines)


@pytest.mark.parametrize(
    ("name", "by_url", "message", "said"),
    [
        (PYTHON, True, "expected a number, got 'twelve'", "3 divides 87539319"),
        (SHELL, False, "twelve", "asking factor for 87539319"),
    ],
)
def test_the_list_is_done_by_either(
    office: ServerProcess, name: str, by_url: bool, message: str, said: str
) -> None:
    batch = submitted(office)
    with at_work(office, name, 0, by_url=by_url) as runner:
        until(lambda: office.api("GET", f"/batches/{batch}")["done"] == 11, what="the numbers")
        if name == SHELL:
            office.api("POST", f"/batches/{batch}/cancel")  # the last one waits for its next attempt
            until(lambda: office.api("GET", f"/batches/{batch}")["state"] == "cancelled", what="the cancel")
        else:
            until(lambda: office.api("GET", f"/batches/{batch}")["failed"] == 1, what="the failure")
        os.killpg(runner.pid, signal.SIGINT)
        assert runner.wait(60) == 0
    text = office.raw("GET", f"/batches/{batch}/results?format=csv").text
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["state"] == "done"]
    assert all(prod(json.loads(row["factors"])) == int(row["number"]) for row in rows)
    primes = [row["name"] for row in rows if row["prime"] == "true"]
    assert primes == ["a Mersenne prime", "a large prime"]
    (failed,) = office.api("GET", f"/batches/{batch}/tasks?q=no+number")["items"]
    assert message in failed["executions"][0]["message"]
    assert said in log_of(office, batch, "a+taxicab")


@pytest.mark.parametrize(("name", "count"), [(PYTHON, 3), (SHELL, 1)])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_stopped_gives_back_what_it_holds(
    office: ServerProcess, name: str, count: int, number: signal.Signals
) -> None:
    batch = submitted(office)
    with at_work(office, name, 600) as runner:
        held(office, runner, name, count)
        if number is signal.SIGINT:
            os.killpg(runner.pid, number)  # as a terminal does it
        else:
            runner.send_signal(number)
        assert runner.wait(60) == 0
    shown = office.api("GET", f"/batches/{batch}")
    assert (shown["running"], shown["waiting"]) == (0, 12)
    tasks = office.api("GET", f"/batches/{batch}/tasks")["items"]
    assert {task["attempts"] for task in tasks} == {0}, "at no attempt's cost"
    office.api("POST", f"/batches/{batch}/cancel")


def test_a_cancel_ends_the_work_and_the_runner_goes_on(office: ServerProcess) -> None:
    batch = submitted(office)
    with at_work(office, PYTHON, 20) as runner:  # it looks up once a second
        held(office, runner, PYTHON, 3)
        office.api("POST", f"/batches/{batch}/cancel")
        until(lambda: office.api("GET", "/account")["running"] == 0, what="the end of what was cancelled")
        states = {task["state"] for task in office.api("GET", f"/batches/{batch}/tasks")["items"]}
        assert states == {"cancelled"}
        made = {"kind": "external", "tasks": [{"title": "next", "input": {"number": "x"}}]}
        after = office.api("POST", "/batches", json=made)["id"]
        until(lambda: office.api("GET", f"/batches/{after}")["failed"] == 1, what="the next one")


def test_who_may_not_ends_and_says_why(office: ServerProcess) -> None:
    env = {**os.environ, "TENDESKS_URL": office.url, "TENDESKS_TOKEN": "tds_wrong"}
    for command in ([sys.executable, f"examples/external/{PYTHON}"], ["sh", f"examples/external/{SHELL}"]):
        done = subprocess.run(
            command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1
        assert "expected a valid" in done.stderr
