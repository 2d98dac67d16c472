"""A redis-server of the benchmark's own on a free loopback port, and the few questions it is asked."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY_S_MAX = 20
ON_DISK = "on disk before each answer (appendonly, appendfsync always)"
IN_MEMORY = "in memory (nothing on disk)"


class Redis:
    """One connection to a running redis-server."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self.pid = pid
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._lines = self._socket.makefile("rb")

    def close(self) -> None:
        """Let go of the connection."""
        self._lines.close()
        self._socket.close()

    def ask(self, *words: str) -> str:
        """Send a command, and return its answer as text.

        Raises:
            RuntimeError: redis refused it.
        """
        self._socket.sendall((" ".join(words) + "\r\n").encode())
        line = self._lines.readline().decode().strip()
        if line.startswith("-"):
            raise RuntimeError(f"{' '.join(words)}: {line}")
        if line.startswith("$"):
            size = int(line[1:])
            return self._lines.read(size + 2).decode().strip()
        return line[1:]

    def keys(self, db: int) -> int:
        """How many keys a database has."""
        self.ask("SELECT", str(db))
        return int(self.ask("DBSIZE"))

    def write_to_disk(self) -> None:
        """From now on every change is on the disk before it is answered."""
        self.ask("CONFIG", "SET", "appendfsync", "always")
        self.ask("CONFIG", "SET", "appendonly", "yes")
        while "aof_rewrite_in_progress:0" not in (said := self.ask("INFO", "persistence")) or (
            "aof_rewrite_scheduled:0" not in said
        ):
            time.sleep(0.02)


def program() -> str | None:
    """Where redis-server is, if this machine has it."""
    return shutil.which("redis-server")


def version() -> str:
    """Its version."""
    said = subprocess.run(["redis-server", "--version"], capture_output=True, text=True, check=True).stdout
    return next((word[2:] for word in said.split() if word.startswith("v=")), "?")


@contextmanager
def redis_on(folder: Path) -> Iterator[Redis]:
    """Start one on a folder, with what a dump there has; it keeps all in memory until it is told otherwise."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        redis = _connected(port, process)
        try:
            yield redis
        finally:
            redis.close()
    finally:
        process.kill()
        process.wait()


def _connected(port: int, process: subprocess.Popen[bytes]) -> Redis:
    limit = time.monotonic() + READY_S_MAX
    while time.monotonic() < limit and process.poll() is None:
        try:
            redis = Redis(port, process.pid)
            if redis.ask("PING") == "PONG":
                return redis
        except (OSError, RuntimeError):  # not yet, or it still loads
            time.sleep(0.02)
    raise RuntimeError(f"redis-server did not get ready at port {port} within {READY_S_MAX} s")
