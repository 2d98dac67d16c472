"""A hundred thousand results as files from a real server: whole, in constant memory, and never half of one that looks whole."""

import json
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

import httpx2
import psutil
import pytest

from tests.processes import ServerProcess, serving

pytestmark = pytest.mark.flow

MANY, FEW = 100_000, 2_000
FORMATS = ("csv", "ndjson", "json", "parquet")
SERVER_BYTES_MAX = 24 * 1024 * 1024
"""How much more the server may hold while it sends many rows than it did before, after as many as a page has."""
CHILD_BYTES_MAX = 256 * 1024 * 1024
"""How much the process that writes Parquet may hold, its library included."""
CHILD_MORE_MAX = 64 * 1024 * 1024
"""How much more it may hold for many rows than for few."""
LOOK_S = 0.01

COUNTED = "WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < :count)"
BATCH = """
INSERT INTO batches (id, office, name, kind, params, state, attempts, timeout_ms, ordinal, turn, total, done, created_ms,
  started_ms, ended_ms)
SELECT :id, id, :id, 'demo', '{}', 'done', 1, 1000, 0, 1, :count, :count, 1, 2, 3 FROM offices
"""
TASKS = f"""{COUNTED}
INSERT INTO tasks (id, batch, position, title, state, attempt, fence, counted, input)
SELECT :id || printf('%06d', n), :id, n, 'Task ' || n, 'done', 1, 1, 1, cast(json_object('name', 'Firm ' || n, 'n', n) AS BLOB)
FROM counted
"""
RESULTS = f"""{COUNTED}
INSERT INTO results (task, execution, body)
SELECT :id || printf('%06d', n), 'x', cast(json_object('score', n / 7.0, 'ok', json('true'), 'text', hex(randomblob(300)),
  'deep', json_array(n, 'a')) AS BLOB) FROM counted
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data = tmp_path_factory.mktemp("results") / "data"
    with serving(data) as first:
        assert first.stop() == 0
    with closing(sqlite3.connect(data / "tendesks.sqlite3")) as connection, connection:
        for name, count in (("many00", MANY), ("few000", FEW)):
            for statement in (BATCH, TASKS, RESULTS):
                connection.execute(statement, {"id": name, "count": count})
    with serving(data) as found:
        yield found


class Watch:
    """The most memory that a server and the processes it starts are seen to hold, in bytes."""

    def __init__(self, pid: int) -> None:
        self.server = self.child = 0
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def __repr__(self) -> str:
        return f"{self.server / 2**20:.0f} + {self.child / 2**20:.0f} MiB"

    def _look(self) -> None:
        while not self._over.is_set():
            self.server = max(self.server, self._process.memory_info().rss)
            for child in self._process.children():
                try:
                    self.child = max(self.child, child.memory_info().rss)
                except psutil.Error:
                    continue
            self._over.wait(LOOK_S)


@contextmanager
def answer(server: ServerProcess, batch: str, form: str) -> Iterator[httpx2.Response]:
    url = f"{server.url}/api/v1/batches/{batch}/results"
    headers = {"authorization": f"Bearer {server.token}"}
    with (
        httpx2.Client(trust_env=False, timeout=120) as client,
        client.stream("GET", url, params={"format": form}, headers=headers) as response,
    ):
        assert response.status_code == 200
        yield response


def fetched(server: ServerProcess, batch: str, form: str, file: Path) -> None:
    with answer(server, batch, form) as response, file.open("wb") as target:
        for piece in response.iter_bytes():
            target.write(piece)


def titles(file: Path, form: str) -> list[str]:
    """What a reader that is not ours finds."""
    match form:
        case "parquet":
            import duckdb

            found = duckdb.sql(f"SELECT title, n, score, ok, deep FROM read_parquet('{file}')").fetchall()
            assert found[7] == ("Task 7", 7, 1.0, True, '[7,"a"]')
            return [row[0] for row in found]
        case "csv":
            import duckdb

            return [row[0] for row in duckdb.sql(f"SELECT title FROM read_csv('{file}')").fetchall()]
        case "ndjson":
            with file.open("rb") as lines:
                return [json.loads(line)["title"] for line in lines]
    return [row["title"] for row in json.loads(file.read_bytes())]


@pytest.mark.parametrize("form", FORMATS)
def test_a_hundred_thousand_rows_come_whole_and_take_no_more_memory_than_few(
    server: ServerProcess, tmp_path: Path, form: str
) -> None:
    with Watch(server.pid) as few:
        for _ in range(3):  # one alone is over so soon that its most may not be seen
            fetched(server, "few000", form, tmp_path / "few")
    with Watch(server.pid) as many:
        fetched(server, "many00", form, tmp_path / "many")
    if os.environ.get("TENDESKS_TOLD"):
        sys.stderr.write(f"{form}: {(tmp_path / 'many').stat().st_size / 1e6:.0f} MB, {few} {many}\n")
    assert titles(tmp_path / "many", form) == [f"Task {n}" for n in range(MANY)]
    assert many.server - few.server < SERVER_BYTES_MAX
    assert many.child < CHILD_BYTES_MAX
    assert many.child - few.child < CHILD_MORE_MAX


@pytest.mark.parametrize("form", FORMATS)
def test_what_a_killed_server_sent_does_not_look_whole(server: ServerProcess, form: str) -> None:
    with answer(server, "many00", form) as response:
        pieces = response.iter_bytes()
        next(pieces)
        server.kill()
        with pytest.raises(httpx2.TransportError):
            for _ in pieces:
                pass
    server.start()


def test_a_writer_that_dies_is_told_and_the_next_one_writes(server: ServerProcess, tmp_path: Path) -> None:
    codes: list[int] = []

    def ask() -> None:
        codes.append(server.raw("GET", "/batches/many00/results", params={"format": "parquet"}).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    limit = time.monotonic() + 60
    while not (children := psutil.Process(server.pid).children()) and time.monotonic() < limit:
        time.sleep(0.01)
    os.kill(children[0].pid, signal.SIGKILL)
    asking.join(60)
    assert codes == [503]
    fetched(server, "few000", "parquet", tmp_path / "few")
    assert len(titles(tmp_path / "few", "parquet")) == FEW


def test_rows_that_cannot_be_read_make_no_file(server: ServerProcess) -> None:
    assert server.stop() == 0
    with closing(sqlite3.connect(server.data / "tendesks.sqlite3")) as connection, connection:
        spoilt = "UPDATE tasks SET input = cast('{' AS BLOB) WHERE batch = 'few000' AND position = 1500"
        assert connection.execute(spoilt).rowcount == 1
    server.start()
    refused = server.raw("GET", "/batches/few000/results", params={"format": "parquet"})
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    with pytest.raises(httpx2.TransportError), answer(server, "few000", "csv") as response:
        for _ in response.iter_bytes():
            pass
