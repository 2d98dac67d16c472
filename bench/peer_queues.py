"""The peers: other queues that do the work of S1, each installed from its ordinary package and measured in the same hour."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from bench.house import FOLDER, ROOT, copy_of, folder, serving, watched
from bench.meter import processor_s
from bench.redis import IN_MEMORY, ON_DISK, Redis, program, redis_on, version
from bench.rows import Row, number
from bench.throughput import QUOTA, Pace, pace, queued

REPEATS = 5
ON_DISK_REPEATS = 2
TASKS = 20_000
TRIAL = 4_000
INSTALL_S_MAX = 300
HAND_IN_S_MAX = 120
BEGIN_S_MAX = 60
WORK_S_MAX = 60
EVERY_S = 0.02
VENV = FOLDER.parent / "peers"
PYTHON = VENV / "bin" / "python"
CELERY = (
    "celery -A with_celery worker --loglevel WARNING --without-gossip --without-mingle --without-heartbeat"
)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A way to start a worker; the best of a peer's is the one that counts."""

    name: str
    command: str
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A queue: its packages, its file in bench/peers, how its worker may be started, how many tasks are done."""

    name: str
    packages: tuple[str, ...]
    module: str
    promise: str
    settings: tuple[Setting, ...]
    done: Callable[[Redis, int], int]


def _results(redis: Redis, total: int) -> int:
    return min(redis.keys(1), total)


def _completed(redis: Redis, total: int) -> int:
    redis.ask("SELECT", "0")
    return total - int(redis.ask("ZCARD", "saq:default:incomplete"))


PEERS = (
    Peer(
        name="Taskiq", packages=("taskiq", "taskiq-redis", "hiredis", "uvloop"), module="with_taskiq", done=_results,
        promise="Redis Streams, acknowledged after the result is stored",
        settings=(
            Setting(name="1 process", command="taskiq worker with_taskiq:broker --workers 1 --log-level WARNING"),
            Setting(name="2 processes", command="taskiq worker with_taskiq:broker --workers 2 --log-level WARNING"),
        ),
    ),
    Peer(
        name="SAQ", packages=("saq", "hiredis", "uvloop"), module="with_saq", done=_completed,
        promise="Redis lists, swept after a lost worker",
        settings=(
            Setting(name="1 process, 10 at once", command="saq with_saq.settings", variables=(("PEER_CONCURRENCY", "10"),)),
            Setting(name="1 process, 50 at once", command="saq with_saq.settings", variables=(("PEER_CONCURRENCY", "50"),)),
            Setting(name="2 processes, 50 at once", command="saq with_saq.settings --workers 2"),
        ),
    ),
    Peer(
        name="Celery", packages=("celery[redis]", "hiredis"), module="with_celery", done=_results,
        promise="Redis broker and results, acks_late",
        settings=(
            Setting(name="prefork, 1 child", command=f"{CELERY} --concurrency 1"),
            Setting(name="prefork, 2 children", command=f"{CELERY} --concurrency 2"),
        ),
    ),
    Peer(
        name="Dramatiq", packages=("dramatiq[redis]", "hiredis"), module="with_dramatiq", done=_results,
        promise="Redis broker and results, acknowledged after the result is stored",
        settings=(
            Setting(name="1 process, 8 threads", command="dramatiq with_dramatiq --processes 1 --threads 8"),
            Setting(name="2 processes, 8 threads each", command="dramatiq with_dramatiq --processes 2 --threads 8"),
        ),
    ),
)  # fmt: skip


def peers(tasks: int = TASKS, repeats: int = REPEATS) -> list[Row]:
    """Measure this house and every peer by turns, each peer with what it has in memory and with it on the disk."""
    found: dict[str, list[Pace]] = {"own": []}
    with queued(1, "enterprise", tasks, "nothing") as (template, tokens), folder() as dumps:
        best, problems = _prepared(dumps, tasks)
        for turn in range(repeats):
            with (
                copy_of(template) as data,
                serving(data, **QUOTA) as house,
                watched(house, tokens[0]),
            ):
                found["own"].append(pace(house, tasks))
            for peer in [peer for peer in PEERS if peer.name not in problems]:
                with _noting(peer, problems):
                    for on_disk in _states(turn):
                        with _restored(dumps / f"{peer.name}-{tasks}", on_disk=on_disk) as redis:
                            measured = _measured(peer, best[peer.name], redis, tasks)
                        found.setdefault(f"{peer.name} {_where(on_disk)}", []).append(measured)
    return _rows(found, best, problems, tasks)


@contextmanager
def _noting(peer: Peer, problems: dict[str, str]) -> Iterator[None]:
    """A peer that cannot be had or measured gets a row that says why, and the others go on."""
    try:
        yield
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        problems[peer.name] = " ".join(str(error).split())[:200]


def _where(on_disk: bool) -> str:
    return ON_DISK if on_disk else IN_MEMORY


def _states(turn: int) -> tuple[bool, ...]:
    """Each turn in memory, which is the faster way; the first ones on the disk as well."""
    return (False, True) if turn < ON_DISK_REPEATS else (False,)


def _rows(
    found: dict[str, list[Pace]], best: dict[str, Setting], problems: dict[str, str], tasks: int
) -> list[Row]:
    own = found["own"]
    work = f"{tasks:,} no-op tasks with a result of 130 bytes"
    rows = [
        Row(
            id="peers own", what=f"Ten Desks (SQLite; 1 process): on disk before each start and end counts; {work}", unit="tasks/s",
            values=[one.tasks_s for one in own], notes=_used(own),
        )
    ]  # fmt: skip
    for peer in PEERS:
        if peer.name in problems:
            rows.append(
                Row(
                    id=f"peers {peer.name}",
                    what=peer.name,
                    unit="tasks/s",
                    values=[],
                    missing=problems[peer.name],
                )
            )
            continue
        for state in (IN_MEMORY, ON_DISK):
            version_ = f"{version_of(peer.name.lower())} on redis {version()}"
            theirs = found[f"{peer.name} {state}"]
            rows.append(
                Row(
                    id=f"peers {peer.name} {'disk' if state == ON_DISK else 'memory'}",
                    what=f"{peer.name} {version_} ({peer.promise}; {best[peer.name].name}): {state}",
                    unit="tasks/s", values=[one.tasks_s for one in theirs], notes=_used(theirs, own),
                    peer="Ten Desks", peer_values=[one.tasks_s for one in own],
                )
            )  # fmt: skip
    return rows


def _used(paces: list[Pace], own: list[Pace] | None = None) -> str:
    task_us = median(one.task_us for one in paces)
    said = f"{number(task_us)} µs of processor time a task"
    return (
        said if own is None else f"{said}, {number(task_us / median(one.task_us for one in own))} times ours"
    )


def _prepared(dumps: Path, tasks: int) -> tuple[dict[str, Setting], dict[str, str]]:
    """Install every peer, hand its tasks in once, find its best setting; returns those, and what went wrong, by name."""
    if program() is None:
        return {}, {peer.name: "redis-server is not on this machine" for peer in PEERS}
    best: dict[str, Setting] = {}
    problems: dict[str, str] = {}
    for peer in PEERS:
        with _noting(peer, problems):
            install(peer.packages)
            for count in {TRIAL, tasks}:
                place = dumps / f"{peer.name}-{count}"
                place.mkdir()
                with redis_on(place) as redis:
                    _run(redis, [str(PYTHON), f"{peer.module}.py", str(count)], HAND_IN_S_MAX)
                    redis.ask("SAVE")
            best[peer.name] = _best(peer, dumps)
    return best, problems


def install(packages: Sequence[str]) -> None:
    """Install packages into the peers' own environment.

    Raises:
        RuntimeError: one of them cannot be had.
    """
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True, timeout=INSTALL_S_MAX)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_S_MAX, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pip failed")


def version_of(package: str) -> str:
    """Which version of a package the peers have."""
    asked = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()


def _best(peer: Peer, dumps: Path) -> Setting:
    """The setting that is fastest here and now, in memory, with fewer tasks."""
    paces = {}
    for setting in peer.settings:
        with _restored(dumps / f"{peer.name}-{TRIAL}", on_disk=False) as redis:
            paces[setting] = _measured(peer, setting, redis, TRIAL).tasks_s
    return max(paces, key=lambda setting: paces[setting])


def _measured(peer: Peer, setting: Setting, redis: Redis, total: int) -> Pace:
    """Start a worker, and measure from the first result it has stored to the last one, or for WORK_S_MAX."""
    with _worker(setting, redis) as worker:
        limit = time.monotonic() + BEGIN_S_MAX
        while (first := peer.done(redis, total)) == 0:
            if worker.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(
                    f"{peer.name}: the worker ended by itself or did nothing for {BEGIN_S_MAX} s"
                )
            time.sleep(EVERY_S)
        began, family = time.monotonic(), [redis.pid, *_family(worker.pid)]
        used_s = _processor_s(family)
        while (done := peer.done(redis, total)) < total and time.monotonic() < began + WORK_S_MAX:
            time.sleep(EVERY_S)
        count, took_s = done - first, time.monotonic() - began
        task_us = (_processor_s(family) - used_s) / count * 1e6
    return Pace(tasks_s=count / took_s, task_us=task_us, loop_us=0)


def _family(pid: int) -> list[int]:
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


def _processor_s(pids: Sequence[int]) -> float:
    return sum(processor_s(pid).all_s for pid in pids)


@contextmanager
def _worker(setting: Setting, redis: Redis) -> Iterator[subprocess.Popen[bytes]]:
    program_, *arguments = setting.command.split()
    process = subprocess.Popen(
        [VENV / "bin" / program_, *arguments], cwd=ROOT / "bench" / "peers", env=_variables(redis, setting),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the session we began for it, its children included
        process.wait()


def _run(redis: Redis, command: list[str], within_s: float) -> None:
    done = subprocess.run(
        command, cwd=ROOT / "bench" / "peers", env=_variables(redis), capture_output=True, text=True,
        timeout=within_s, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no message")


def _variables(redis: Redis, setting: Setting | None = None) -> dict[str, str]:
    chosen = dict(setting.variables) if setting else {}
    return {**os.environ, "PEER_REDIS": f"redis://127.0.0.1:{redis.port}", **chosen}


@contextmanager
def _restored(dump: Path, *, on_disk: bool) -> Iterator[Redis]:
    """A redis-server that has what was handed in, as if it had just been so."""
    with folder() as place:
        shutil.copy(dump / "dump.rdb", place / "dump.rdb")
        with redis_on(place) as redis:
            if on_disk:
                redis.write_to_disk()
            yield redis
