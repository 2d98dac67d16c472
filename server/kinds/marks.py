"""How the bodies of executions are marked in their environment, and found again by it."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

TASK = "TENDESKS_TASK"
ATTEMPT = "TENDESKS_ATTEMPT"
EXECUTION = "TENDESKS_EXECUTION"
FOLDER = "TENDESKS_FOLDER"
killed_s_max = 1.0
"""The system ends a killed process in a moment, or not at all while a device holds it; and it may leave a dead one there."""
MARKS = frozenset({TASK, ATTEMPT, EXECUTION, FOLDER})


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
    psutil.wait_procs([stray.process for stray in strays], timeout=killed_s_max)
    return len(strays)
