"""What a server that was killed left running is ended by the next one, and nothing else."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from server.clock import SystemClock
from server.executions.leftovers import KILL_MS, TERM_MS, end_leftovers
from server.kinds import marks
from server.kinds.environment import body_environment
from tests.kinds.bodies import PYTHON, REAL_LIMIT_S, WORK, HurriedClock, lives, work
from tests.processes import until

# A server that begins one command and is then killed: what it started does not notice.
SERVER = """
import asyncio, json, os, signal, sys
from pathlib import Path
from server.clock import SystemClock
from server.kinds.command import CommandKind
from server.settings import Settings
from tests.kinds.bodies import Listener, work

async def main():
    kind, listener = CommandKind(Settings(data=Path(sys.argv[1]))), Listener()
    task = asyncio.ensure_future(kind.perform(work(["sh", "-c", sys.argv[2]]), listener))
    print(await listener.number_after("pid"), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def killed_server(data: Path, script: str) -> int:
    """Start a server with one body, kill -9 it, and return the number that the body said."""
    ended = subprocess.run(
        [PYTHON, "-c", SERVER, str(data), script],
        capture_output=True,
        text=True,
        timeout=REAL_LIMIT_S,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return int(ended.stdout)


@contextmanager
def body(data: Path, script: str, fence: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """A body that says `ready`, in a group of its own, as if a server that is gone had started it."""
    environment = body_environment(work(fence=fence), marks.folder_mark(data), {}, os.environ)
    process = subprocess.Popen(
        ["sh", "-c", script], env=environment, start_new_session=True, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


WAITS = "echo ready; read x < /dev/zero"
DEAF = "trap '' TERM; echo ready; while :; do sleep 0.01; done"


async def test_the_body_of_a_killed_server_is_ended_with_all_it_started(tmp_path: Path) -> None:
    child = killed_server(tmp_path, "sleep 1000 & echo pid $!; wait")
    assert lives(child)
    (leftover,) = await end_leftovers(tmp_path, SystemClock())
    assert leftover.tokens == {WORK.token}
    assert leftover.gone
    assert not lives(child)
    assert await end_leftovers(tmp_path, SystemClock()) == []


async def test_those_who_do_not_listen_are_killed_in_time(tmp_path: Path) -> None:
    clock = HurriedClock()
    with body(tmp_path, DEAF) as process:
        begun_ms = clock.monotonic_ms()
        (leftover,) = await end_leftovers(tmp_path, clock)
        took_ms = clock.monotonic_ms() - begun_ms
        until(lambda: not lives(process.pid), what="its end")
        assert process.wait(REAL_LIMIT_S) == -signal.SIGKILL
        assert leftover.group == process.pid
        assert took_ms >= TERM_MS
    assert TERM_MS + KILL_MS == 2_000


async def test_other_servers_bodies_are_left_alone(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    with body(mine, WAITS) as ended, body(other, WAITS) as spared:
        assert [leftover.group for leftover in await end_leftovers(mine, SystemClock())] == [ended.pid]
        assert spared.poll() is None


async def test_only_those_that_were_named(tmp_path: Path) -> None:
    with ExitStack() as stack:
        bodies = [stack.enter_context(body(tmp_path, WAITS, fence)) for fence in (1, 2, 3)]
        named = {work(fence=fence).token for fence in (2, 9)}
        leftovers = await end_leftovers(tmp_path, SystemClock(), named)
        assert [leftover.group for leftover in leftovers] == [bodies[1].pid]
        assert [process.poll() is None for process in bodies] == [True, False, True]


def test_a_server_started_by_a_body_spares_itself_and_its_ancestors(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys; from pathlib import Path; from server.clock import SystemClock\n"
        "from server.executions.leftovers import end_leftovers\n"
        "print(asyncio.run(end_leftovers(Path(sys.argv[1]), SystemClock())))"
    )
    environment = body_environment(WORK, marks.folder_mark(tmp_path), {}, os.environ)
    ended = subprocess.run(
        ["sh", "-c", f'setsid --wait "{PYTHON}" -c "$1" "$2"; echo shell lives', "sh", script, str(tmp_path)],
        env=environment, start_new_session=True, capture_output=True, text=True, timeout=REAL_LIMIT_S, check=False,
    )  # fmt: skip
    assert ended.stdout == "[]\nshell lives\n", ended.stderr
