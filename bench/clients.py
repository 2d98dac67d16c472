"""The light client and the floor, compiled here; and servers of frames that are measured beside this house."""

import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bench.house import FOLDER, ROOT
from server.gateway.protocol import SUBPROTOCOL

READY_S_MAX = 150
ACK_S = 5
"""How often a page says what it holds."""
SERVER_CORE, CLIENT_CORE = 0, 1


def compiled(name: str) -> Path:
    """The program of bench/NAME.c.

    Raises:
        RuntimeError: there is no compiler, or it refuses the file.
    """
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise RuntimeError("no C compiler on this machine")
    FOLDER.mkdir(parents=True, exist_ok=True)
    source, made = ROOT / "bench" / f"{name}.c", FOLDER / name
    if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
        command = [compiler, "-O2", "-Wall", "-o", str(made), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{compiler}: {done.stderr.strip()[-200:]}")
    return made


def pinned(core: int) -> list[str]:
    """What goes before a command so that it keeps to one core; nothing where there is only one."""
    return ["taskset", "-c", str(core)] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What all sockets of a client had in a stretch of time.

    `due`: the frames that there were for them by their numbers, those that a keyframe made up for included. Latencies are
    from a frame's tick to its arrival.
    """

    seconds: float
    deliveries: int
    frames: int
    keyframes: int
    clocks: int
    bytes: int
    gaps: int
    due: int
    gone: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    codes: dict[str, int]


@dataclass(kw_only=True)
class Client:
    """A light client of many sockets, in a process of its own."""

    process: subprocess.Popen[str]
    ready: dict[str, Any] = field(default_factory=dict)

    def begin(self) -> None:
        """Count from nought."""
        self._ask("begin")

    def end(self) -> Counted:
        """What came since."""
        return Counted(**self._ask("end"))

    def acknowledge(self) -> None:
        """Let all sockets say every 5 s what they hold, as the page does."""
        self._say("ack")

    def await_ready(self) -> Self:
        """Return when all sockets hold a state.

        Raises:
            RuntimeError: some of them were closed instead, or they wait for READY_S_MAX, or the client ended.
        """
        if not select.select([self.process.stdout], [], [], READY_S_MAX)[0]:
            raise RuntimeError(f"not all sockets were let in within {READY_S_MAX} s")
        self.ready = self._read()
        if self.ready["gone"]:
            self._say("end")
            raise RuntimeError(
                f"{self.ready['gone']} sockets were closed at once, with {self._read()['codes']}"
            )
        return self

    def _ask(self, order: str) -> dict[str, Any]:
        self._say(order)
        return self._read()

    def _say(self, order: str) -> None:
        stdin = self.process.stdin
        if stdin is None:
            raise RuntimeError("expected a client with a pipe")
        stdin.write(f"{order}\n")
        stdin.flush()

    def _read(self) -> dict[str, Any]:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError(f"the client ended with {self.process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def client_of(port: int, sockets: int, *options: str, wait: bool = True) -> Iterator[Client]:
    """Open so many sockets, and wait until each holds a state."""
    command = [
        *pinned(CLIENT_CORE),
        str(compiled("client")),
        "--port",
        str(port),
        "--sockets",
        str(sockets),
        *options,
    ]
    with _ended(command) as process:
        client = Client(process=process)
        yield client.await_ready() if wait else client


def with_tokens(*tokens: str, folder: Path | None = None) -> list[str]:
    """The client's options for this house: a hello for each token by turns, which it may need a folder for."""
    texts = [json.dumps({"type": "hello", "token": token}) for token in tokens]
    said = ["--protocol", SUBPROTOCOL]
    if folder is None:
        return [*said, "--hello", texts[0]]
    hellos = folder / "hellos"
    hellos.write_text("\n".join(texts) + "\n")
    return [*said, "--hellos", str(hellos)]


@dataclass(kw_only=True)
class Fan:
    """A server that sends frames to all who are there, once it is told to."""

    process: subprocess.Popen[str]
    port: int

    def go(self) -> None:
        """Send ten frames a second."""
        self._say("go")

    def halt(self) -> None:
        """Send nothing."""
        self._say("halt")

    def _say(self, order: str) -> None:
        if self.process.stdin is not None:
            self.process.stdin.write(f"{order}\n")
            self.process.stdin.flush()


@contextmanager
def fan(command: Sequence[str], **variables: str) -> Iterator[Fan]:
    """Start one, and wait until it has said its port."""
    with _ended([*pinned(SERVER_CORE), *command], **variables) as process:
        line = process.stdout.readline() if process.stdout else ""
        if not line.strip().isdigit():
            raise RuntimeError(
                f"expected a port of {Path(command[-1]).name}, got {line.strip() or 'nothing'}"
            )
        yield Fan(process=process, port=int(line))


@contextmanager
def _ended(command: Sequence[str], **variables: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, **variables},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
