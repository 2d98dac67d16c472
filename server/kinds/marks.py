"""How the bodies of executions are marked in their environment, and found again by it."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import psutil

from server.kinds.groups import acts

TASK = "TENDESKS_TASK"
ATTEMPT = "TENDESKS_ATTEMPT"
EXECUTION = "TENDESKS_EXECUTION"
FOLDER = "TENDESKS_FOLDER"
MARKS = frozenset({TASK, ATTEMPT, EXECUTION, FOLDER})
looks_max, look_s = 200, 0.005
"""How often, and how long after one another, the killed are looked at. They are gone in a moment, or not while a device holds them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """A living process that carries our marks. `token` is its execution's fencing token."""

    process: psutil.Process
    token: str


def folder_mark(data: Path) -> str:
    """Return what stands for this data folder, so that no server touches the bodies of another."""
    return hashlib.sha256(str(data.expanduser().resolve()).encode()).hexdigest()[:16]


def find(folder: str, tokens: Collection[str] | None = None) -> Iterator[Marked]:
    """Yield the living processes marked with this folder, and with one of these tokens unless it is None.

    Reads the environment of every process of this user: a few milliseconds for a hundred. Processes of
    other users and those that end meanwhile are passed over.
    """
    for process in psutil.process_iter():
        try:
            environment = process.environ()
        except (psutil.Error, OSError):
            continue
        if environment.get(FOLDER) != folder:
            continue
        token = environment.get(EXECUTION, "")
        if tokens is None or token in tokens:
            yield Marked(process=process, token=token)


def end_strays(folder: str, token: str) -> int:
    """Kill what one execution left outside its process group, and wait for it; returns how many processes that were."""
    strays = list(find(folder, {token}))
    for stray in strays:
        try:
            stray.process.kill()
        except psutil.Error:
            continue
    _await_end([stray.process for stray in strays])
    return len(strays)


def _await_end(killed: list[psutil.Process]) -> None:
    """Blocks. Asks for their state and collects nobody: a child of ours has its own waiter."""
    pause = Event()
    for _ in range(looks_max):
        killed = [process for process in killed if acts(process)]
        if not killed:
            return
        pause.wait(look_s)
