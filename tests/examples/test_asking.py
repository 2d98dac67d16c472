"""The examples of the kinds that ask others, as their READMEs have them: real servers, the real command line."""

import csv
import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ServerProcess, until

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples"
KEY = "sk-canary-4711"
LIMIT_S = 60


@contextmanager
def started(script: str, *arguments: str) -> Iterator[str]:
    """Run an example's server and yield the line that it prints."""
    command = [sys.executable, str(EXAMPLES / script), "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@contextmanager
def serving(data: Path, *options: str) -> Iterator[ServerProcess]:
    """A server whose provider is the example."""
    with started("chat/provider.py", "--pause", "0.001", *options) as said:
        name, _, value = said.partition("=")
        server = ServerProcess(data, environ={name: value, "TENDESKS_CHAT_API_KEY": KEY})
        server.start()
        try:
            yield server
        finally:
            server.stop(at_once=True)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("data")) as server:
        yield server


def told(server: ServerProcess, *command: str, **environ: str) -> str:
    """Run a command beside the server, and return what it prints."""
    env = {**os.environ, "TENDESKS_URL": server.url, "TENDESKS_TOKEN": server.token, **environ}
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env=env,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shown(readme: str, words: str) -> list[str]:
    """The command of a README that has these words, as a shell would read it."""
    text = (EXAMPLES / readme).read_text().replace("\\\n", " ")
    (line,) = [line for line in text.splitlines() if line.startswith("tendesks ") and words in line]
    return shlex.split(line.partition(" #")[0])[1:]


def results(server: ServerProcess, batch: str) -> list[Mapping[str, str]]:
    until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the batch's end")
    return list(
        csv.DictReader(io.StringIO(told(server, "-m", "server", "results", batch, "--format", "csv")))
    )


def test_a_text_for_each_review(office: ServerProcess) -> None:
    batch = told(office, "-m", "server", *shown("chat/README.md", "What does this customer think?")).strip()
    rows = results(office, batch)
    assert [row["title"] for row in rows] == ["Kettle", "Lamp", "Chair", "Radio", "Backpack", "Mug"]
    assert all(row["state"] == "done" for row in rows)
    assert rows[1]["text"].endswith("Verdict: bad.")
    assert int(rows[1]["output_tokens"]) > 10
    task = office.api("GET", f"/batches/{batch}/tasks?limit=1")["items"][0]
    execution = office.api("GET", f"/tasks/{task['id']}")["executions"][0]["id"]
    log = office.raw("GET", f"/executions/{execution}/log").text
    assert "I am no model" in log
    everything = b"".join(path.read_bytes() for path in office.data.rglob("*") if path.is_file())
    assert KEY.encode() not in everything


def test_json_for_each_review(office: ServerProcess) -> None:
    rows = results(office, told(office, "-m", "server", *shown("chat/README.md", "schema=")).strip())
    assert [row["verdict"] for row in rows] == ["good", "bad", "mixed", "bad", "none", "good"]
    assert list(rows[0])[-4:] == ["verdict", "words", "input_tokens", "output_tokens"]


def test_a_limit_holds_back_what_is_beyond_it(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--a-minute", "2") as server:
        batch = told(server, "-m", "server", *shown("chat/README.md", "schema=")).strip()
        path = f"/batches/{batch}"

        def held() -> Mapping[str, Any] | None:
            seen: Mapping[str, Any] = server.api("GET", path)
            return seen if seen.get("blocked") == "ratelimit" and not seen["running"] else None

        seen = until(held, what="the limit")
        tasks = server.api("GET", f"{path}/tasks")["items"]

        def shown_queue() -> Mapping[str, Any] | None:
            queue: Mapping[str, Any] = server.api("GET", "/office")["state"]["queue"]
            return queue if "blocked" in queue else None

        queue = until(shown_queue, what="the office's next tick")
    assert (seen["state"], seen["done"], seen["failed"], seen["waiting"]) == ("waiting", 2, 0, 4)
    assert (
        sorted((task["state"], task["attempts"]) for task in tasks)
        == [("done", 1)] * 2 + [("waiting", 0)] * 4
    )
    assert queue["blocked"] == "ratelimit"
    assert queue["until"] > 0


def test_an_order_for_each_row(office: ServerProcess) -> None:
    with started("http/endpoint.py") as url:
        target = f"{url}/orders/{{customer}}"
        batch = told(
            office, "examples/http/submit.py", "examples/http/orders.csv", target, ORDERS_KEY="let-me-in"
        )
        rows = results(office, batch.strip())
        refused = [part.replace("http://127.0.0.1:8041", url) for part in shown("http/README.md", "submit")]
        none = results(office, told(office, "-m", "server", *refused).strip())
    assert [(row["state"], row["attempts"]) for row in rows] == [
        ("done", "1"), ("done", "1"), ("done", "1"), ("failed", "1"), ("done", "2"),
    ]  # fmt: skip
    assert (rows[2]["customer_seen"], rows[2]["tax"]) == ("R&D / Zürich", "15.54")
    assert "422" in rows[3]["message"]
    assert {(row["state"], row["attempts"]) for row in none} == {("failed", "1")}
    stored = json.dumps(office.query("select params from batches"))
    assert "authorization" in stored
    assert "let-me-in" not in stored
