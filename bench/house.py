"""The shipped house in a process of its own, with shipped defaults, for measurements from outside."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from websockets.sync.client import connect

from server.gateway.protocol import SUBPROTOCOL

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".make" / "bench"
"""Where stores are measured: beside the code, so on a real disk and not in memory."""
READY_S_MAX = 60
STOP_S_MAX = 40
SERVE = ("server", "serve")
BODIES = ("nothing", "moment", "glimpse", "second", "fiftieth", "hour")


class ServedHouse:
    """`tendesks serve` on a folder. All moments are seconds of the wall clock, which the house's rows use as well."""

    def __init__(self, data: Path, *, launcher: tuple[str, ...] = SERVE, **settings: str) -> None:
        self.data = data
        self._launcher = launcher
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx2.Client(timeout=120)
        self.begun_s = 0.0
        self.ready_s = 0.0

    @property
    def pid(self) -> int:
        """The process's id."""
        if self._process is None:
            raise RuntimeError("expected a house that was started")
        return self._process.pid

    def start(self) -> None:
        """Start it, and return when it answers: `begun_s` and `ready_s` tell when."""
        command = [
            sys.executable,
            "-m",
            *self._launcher,
            "--data",
            str(self.data),
            "--port",
            "0",
            "--no-samples",
        ]
        named = {f"TENDESKS_{name.upper()}": value for name, value in self._settings.items()}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TENDESKS_")}
        paths = os.pathsep.join(map(str, (_distribution(), ROOT)))
        self.begun_s = time.time()
        with (self.data / "server.out").open("ab") as output:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**clean, **named, "NO_COLOR": "1", "PYTHONPATH": paths},
            )  # fmt: skip
        while (url := self._url()) is None:
            self._check()
            time.sleep(0.002)
        self.ready_s = time.time()
        self._client.base_url = f"{url}/api/v1/"

    def api(self, method: str, path: str, token: str, **request: Any) -> Any:
        """One request with a token; returns the JSON of a success."""
        headers = {"authorization": f"Bearer {token}", **request.pop("headers", {})}
        answer = self._client.request(method, path, headers=headers, **request)
        if not answer.is_success:
            raise RuntimeError(
                f"{method} {path}: expected a success, got {answer.status_code} {answer.text[:300]}"
            )
        return answer.json()

    def submit(self, token: str, body: str, rows: bytes, **query: str) -> Any:
        """Hand in a CSV of tasks of the kind `python`, each of which carries out this function of bench.bodies."""
        params = {"kind": "python", "params": json.dumps({"name": body}), **query}
        return self.api(
            "POST", "batches", token, params=params, content=rows, headers={"content-type": "text/csv"}
        )

    @property
    def address(self) -> tuple[str, int]:
        """Host and port, for a client that sends bytes."""
        return str(self._client.base_url.host), int(self._client.base_url.port or 80)

    def await_rows(self, sql: str, expected: int, *, within_s: float, every_s: float = 0.1) -> None:
        """Return once a question to the store, asked beside the house, is answered with at least that number."""
        limit = time.monotonic() + within_s
        while (got := self.rows(sql)[0][0] or 0) < expected:
            self._check()
            if time.monotonic() > limit:
                raise TimeoutError(f"expected {expected:,} within {within_s:.0f} s, got {got:,}: {sql}")
            time.sleep(every_s)

    def rows(self, sql: str, *given: Any) -> list[tuple[Any, ...]]:
        """Read the store beside the house."""
        return rows(self.data, sql, *given)

    def stop(self) -> None:
        """Ask it to stop, as a user would."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Kill -9."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _url(self) -> str | None:
        """Where it listens, once it has said so."""
        try:
            said = json.loads((self.data / "server.json").read_text())
        except (OSError, ValueError):
            return None
        return said.get("url") if said.get("pid") == self.pid else None

    def _check(self) -> None:
        died = self._process is not None and self._process.poll() is not None
        if died or time.time() - self.begun_s > READY_S_MAX * 10:
            said = (self.data / "server.out").read_text(errors="replace")
            raise RuntimeError(f"the house ended by itself or never got ready:\n{said[-3000:]}")


def _distribution() -> Path:
    """A folder with the metadata by which the kind `python` finds bench.bodies, as if that were a package of a user's."""
    made = FOLDER / "distribution"
    metadata = made / "tendesks_bench-0.dist-info"
    metadata.mkdir(parents=True, exist_ok=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tendesks-bench\nVersion: 0\n")
    lines = "".join(f"{name} = bench.bodies:{name}\n" for name in BODIES)
    (metadata / "entry_points.txt").write_text(f"[tendesks.kinds.inline]\n{lines}")
    return made


def rows(data: Path, sql: str, *given: Any) -> list[tuple[Any, ...]]:
    """Read the store in a data folder."""
    connection = sqlite3.connect(f"file:{data / 'tendesks.sqlite3'}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(sql, given).fetchall()
    finally:
        connection.close()


@contextmanager
def serving(data: Path, *, launcher: tuple[str, ...] = SERVE, **settings: str) -> Iterator[ServedHouse]:
    """A started house that is ended with kill -9 at the end, whatever happens: nothing of it is needed any more."""
    house = ServedHouse(data, launcher=launcher, **settings)
    try:
        house.start()
        yield house
    finally:
        house.kill()


@contextmanager
def watched(house: ServedHouse, token: str) -> Iterator[None]:
    """Somebody has the page of an office open meanwhile, and reads all that comes."""
    host, port = house.address
    with connect(
        f"ws://{host}:{port}/live", subprotocols=[SUBPROTOCOL], compression=None, max_size=None
    ) as viewer:
        viewer.send(json.dumps({"type": "hello", "token": token}))
        viewer.recv()
        reading = threading.Thread(target=lambda: deque(viewer, maxlen=0), name="viewer", daemon=True)
        reading.start()
        yield


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on a real disk that is gone afterwards."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as made:
        yield Path(made)


@contextmanager
def copy_of(template: Path) -> Iterator[Path]:
    """A copy of a data folder, so that every measurement begins with the same store."""
    with folder() as made:
        copy = made / "data"
        shutil.copytree(template, copy)
        for name in ("lock", "server.json", "server.out"):
            (copy / name).unlink(missing_ok=True)
        os.sync()  # what is still to be written of the copy is no business of the measurement
        yield copy
