"""Real servers in processes of their own, for tests that kill, restart and look at them from outside."""

import base64
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

READY_S = 60
TLS = httpx2.create_ssl_context()
"""Read once: the certificates take longer to read than a server of these tests to answer."""
HOSTED_NEEDS = {"TENDESKS_MASTER_KEYS": "test:" + base64.b64encode(secrets.token_bytes(32)).decode()}
"""Without it hosted mode does not start; one for all servers of these tests, so that one that is started again is the same."""
STOP_S = 40


class ServerProcess:
    """`tendesks serve` on a folder of its own. `start` returns once it answers; `kill` is kill -9."""

    def __init__(
        self,
        data: Path,
        *,
        tier: str = "pro",
        port: int = 0,
        samples: bool = False,
        environ: Mapping[str, str] | None = None,
        master_keys: bool = True,
        program: tuple[str, ...] = ("-m", "server"),
    ) -> None:
        self.data = data
        self.program = program
        self.environ = {**(HOSTED_NEEDS if master_keys else {}), **(environ or {})}
        self.tier = tier
        self.port = port
        self.samples = samples
        self.process: subprocess.Popen[bytes] | None = None
        self.output = data / "server.out"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        return str(json.loads((self.data / "server.json").read_text())["token"])

    @property
    def office_url(self) -> str:
        return f"{self.url}/#token={self.token}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        self.launch()
        self._await_ready()

    def launch(self) -> None:
        """Start it, and wait for nothing."""
        self.data.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            *self.program,
            "serve",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
        ]
        command += ["--tier", self.tier, "--samples" if self.samples else "--no-samples"]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "NO_COLOR": "1", **self.environ},
            )

    def _await_ready(self) -> None:
        # A real process keeps real time: asking it until it answers is the one honest way to know.
        assert self.process is not None
        limit = time.monotonic() + READY_S
        while time.monotonic() < limit:
            if self.process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.02)
        raise AssertionError(
            f"the server did not get ready:\n{self.output.read_text(errors='replace')[-4000:]}"
        )

    def _answers(self) -> bool:
        try:
            said = json.loads((self.data / "server.json").read_text())
            if said.get("pid") != self.pid:
                return False  # what an earlier server wrote
            self.port = int(said["url"].rsplit(":", 1)[1])
            return httpx2.get(f"{self.url}/readyz", verify=TLS).status_code == 200
        except (OSError, httpx2.HTTPError):
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_S)

    def stop(self, *, at_once: bool = False) -> int:
        """Ask it to stop as a user would; a second signal spares what runs no time."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            if at_once:
                self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def api(self, method: str, path: str, **kwargs: Any) -> Any:
        """One request as the owner; the JSON of a success, an assertion with the problem otherwise."""
        response = self.raw(method, path, **kwargs)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def raw(self, method: str, path: str, **kwargs: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        url = f"{self.url}/api/v1{path}"
        return httpx2.request(method, url, headers=headers, timeout=30, verify=TLS, **kwargs)

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Read the database beside the server."""
        connection = sqlite3.connect(f"file:{self.data / 'tendesks.sqlite3'}?mode=ro", uri=True)
        try:
            return connection.execute(sql, parameters).fetchall()
        finally:
            connection.close()


@contextmanager
def serving(data: Path, **options: Any) -> Iterator[ServerProcess]:
    """A started server that is stopped at the end, whatever happens."""
    server = ServerProcess(data, **options)
    try:
        server.start()
        yield server
    finally:
        if server.process is not None:
            server.stop(at_once=True)


def until(condition: Any, *, within_s: float = 60, what: str = "the condition") -> Any:
    """Ask a real process until it says yes; returns the first true answer."""
    limit = time.monotonic() + within_s
    while time.monotonic() < limit:
        if answer := condition():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come true within {within_s} s")
