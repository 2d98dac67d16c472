"""The servers of frames beside this house: where they come from, and how each is started."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.clients import Client, Fan, client_of, compiled, fan
from bench.house import FOLDER, ROOT
from bench.peer_queues import INSTALL_S_MAX, PYTHON, install, version_of
from bench.trace import BASE_MS

NODE_FOLDER = FOLDER.parent / "peers-node"
NODE_PACKAGES = ("ws", "@colyseus/core", "@colyseus/schema", "@colyseus/ws-transport", "express")
PYTHON_PACKAGES = ("websockets", "starlette", "uvicorn", "uvloop", "httptools")
FILES = ROOT / "bench" / "peers"


@dataclass(frozen=True, kw_only=True)
class Frames:
    """Files for those who serve them: the diffs, and for those who have a state the keyframe before them as well."""

    folder: Path
    diffs: Path
    all: Path

    @classmethod
    def written(cls, folder: Path, keyframe: bytes, diffs: Sequence[bytes]) -> "Frames":
        """Write them, one frame a line."""
        made = cls(folder=folder, diffs=folder / "diffs", all=folder / "all")
        made.diffs.write_bytes(b"\n".join(diffs) + b"\n")
        made.all.write_bytes(b"\n".join([keyframe, *diffs]) + b"\n")
        return made


@dataclass(frozen=True, kw_only=True)
class FanPeer:
    """A server of frames: by which name, how it is installed and started, and which version that is.

    `command` is given the frames and the number of clients. `--paths` of the client, where each has one of its own.
    """

    name: str
    install: Callable[[], None]
    command: Callable[[Frames, int], list[str]]
    version: Callable[[], str]
    paths: bool = False


def install_node() -> None:
    """Install what runs on Node into a folder of its own.

    Raises:
        RuntimeError: there is no Node or no npm, or the packages cannot be had.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise RuntimeError("no Node with npm on this machine")
    if all((NODE_FOLDER / "node_modules" / name).exists() for name in NODE_PACKAGES):
        return
    NODE_FOLDER.mkdir(parents=True, exist_ok=True)
    (NODE_FOLDER / "package.json").write_text('{"private": true}\n')
    command = ["npm", "install", "--no-fund", "--no-audit", "--silent", *NODE_PACKAGES]
    done = subprocess.run(
        command, cwd=NODE_FOLDER, capture_output=True, text=True, timeout=INSTALL_S_MAX, check=False
    )
    if done.returncode:
        raise RuntimeError(f"npm: {(done.stderr.strip() or done.stdout.strip())[-200:]}")


def install_python() -> None:
    """Install what runs on Python beside the other queues."""
    install(PYTHON_PACKAGES)


def _node_version(name: str) -> str:
    return str(json.loads((NODE_FOLDER / "node_modules" / name / "package.json").read_text())["version"])


def _node() -> str:
    return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()


def seats(frames: Frames) -> Path:
    """Where Colyseus writes the path of each seat."""
    return frames.folder / "seats"


def colyseus_command(frames: Frames, sockets: int, *more: str) -> list[str]:
    """The room that shows these frames' state to so many."""
    return ["node", str(FILES / "fan_colyseus.cjs"), str(frames.all), str(sockets), str(seats(frames)), *more]


FLOOR = FanPeer(
    name="C epoll send loop", install=lambda: None, version=lambda: "bench/floor.c, -O2",
    command=lambda frames, _: [str(compiled("floor")), str(frames.diffs)],
)  # fmt: skip
COLYSEUS = FanPeer(
    name="Colyseus", install=install_node, paths=True, command=colyseus_command,
    version=lambda: f"core {_node_version('@colyseus/core')}, schema {_node_version('@colyseus/schema')}, Node {_node()}",
)  # fmt: skip
FAN_PEERS = (
    FanPeer(
        name="node ws loop", install=install_node, version=lambda: f"{_node_version('ws')}, Node {_node()}",
        command=lambda frames, _: ["node", str(FILES / "fan_ws.cjs"), str(frames.diffs)],
    ),
    COLYSEUS,
    FanPeer(
        name="websockets.broadcast", install=install_python, version=lambda: f"{version_of('websockets')}, uvloop",
        command=lambda frames, _: [str(PYTHON), str(FILES / "fan_websockets.py"), str(frames.diffs)],
    ),
    FanPeer(
        name="Starlette await send loop", install=install_python,
        version=lambda: f"{version_of('starlette')}, uvicorn {version_of('uvicorn')}, uvloop",
        command=lambda frames, _: [str(PYTHON), str(FILES / "fan_starlette.py"), str(frames.diffs)],
    ),
)  # fmt: skip


@contextmanager
def started(peer: FanPeer, frames: Frames, sockets: int, *more: str) -> Iterator[tuple[Fan, Client]]:
    """The peer with so many clients that hold a state; it sends nothing yet."""
    variables = {"NODE_PATH": str(NODE_FOLDER / "node_modules"), "BASE_MS": str(BASE_MS)}
    with fan([*peer.command(frames, sockets), *more], **variables) as server:
        options = ["--paths", str(seats(frames)), "--colyseus"] if peer.paths else []
        with client_of(server.port, sockets, *options) as client:
            yield server, client
