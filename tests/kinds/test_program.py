"""Real programs: what they write is heard, what they start is ended, nothing of them is left."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import uvloop

from server.clock import Clock, SystemClock
from server.kinds import program as programs
from server.kinds.program import Launch, Program
from tests.kinds.bodies import REAL_LIMIT_S, HurriedClock, children, lives
from tests.processes import until

ENVIRONMENT = {"PATH": os.environ["PATH"]}


class Heard:
    """What a program wrote, and the wait for a word of it."""

    def __init__(self) -> None:
        self.data = b""
        self.more = asyncio.Event()

    def __call__(self, data: bytes) -> None:
        self.data += data
        self.more.set()

    async def line(self, number: int = 0) -> bytes:
        async with asyncio.timeout(REAL_LIMIT_S):
            while self.data.count(b"\n") <= number:
                self.more.clear()
                await self.more.wait()
        return self.data.split(b"\n")[number]


async def start(
    *argv: str, stdin: bytes = b"", clock: Clock | None = None, cwd: str = "/"
) -> tuple[Program, Heard, Heard]:
    out, err = Heard(), Heard()
    launch = Launch(argv=argv, cwd=cwd, environment=ENVIRONMENT, stdin=stdin)
    return await Program.start(launch, clock or SystemClock(), out, err), out, err


async def shell(script: str, stdin: bytes = b"", clock: Clock | None = None) -> tuple[Program, Heard, Heard]:
    return await start("sh", "-c", script, stdin=stdin, clock=clock)


async def code_of(program: Program) -> int:
    async with asyncio.timeout(REAL_LIMIT_S):
        return await program.ended()


async def ended(program: Program) -> None:
    async with asyncio.timeout(REAL_LIMIT_S):
        await program.end()


@pytest.fixture(autouse=True)
def _nothing_is_left() -> object:
    before = {child.pid for child in children()}
    yield
    left = [child for child in children() if child.pid not in before]
    assert not left, f"left behind: {left}"


async def test_both_streams_the_folder_the_environment_and_the_code(tmp_path: Path) -> None:
    program, out, err = await start(
        "sh", "-c", 'pwd; env | sort | head -1; echo "no" >&2; exit 3', cwd=str(tmp_path)
    )
    assert await code_of(program) == 3
    assert out.data.startswith(f"{tmp_path}\nPATH=".encode())
    assert err.data == b"no\n"


async def test_all_input_is_there_and_ends() -> None:
    program, out, _ = await shell("cat | wc -c", stdin=b"x" * 70_000)
    assert await code_of(program) == 0
    assert out.data.strip() == b"70000"


async def test_a_program_that_never_reads_its_input_holds_up_nobody() -> None:
    program, out, _ = await shell("exec 0<&-; echo closed", stdin=b"x" * 1_000_000)
    assert await code_of(program) == 0
    assert out.data == b"closed\n"


async def test_streams_can_be_opened_by_their_names() -> None:
    program, out, err = await shell(
        "cat /dev/stdin > /dev/stdout; echo e | tee /dev/stderr > /dev/null", stdin=b"in\n"
    )
    assert await code_of(program) == 0
    assert (out.data, err.data) == (b"in\n", b"e\n")


async def test_death_by_a_signal_is_a_negative_code() -> None:
    program, _, _ = await shell("kill -SEGV $$")
    assert await code_of(program) == -signal.SIGSEGV


@pytest.mark.parametrize("argv", [("no-such-program",), ("/dev/null",)])
async def test_what_cannot_be_started_leaves_nothing(argv: tuple[str, ...]) -> None:
    before = open_files()
    with pytest.raises(OSError, match=r"No such file|Permission denied"):
        await start(*argv)
    await closed_down_to(before)


async def test_ten_megabytes_without_a_newline() -> None:
    program, out, _ = await shell("head -c 10000000 /dev/zero")
    assert await code_of(program) == 0
    assert len(out.data) == 10_000_000


async def test_what_the_leader_leaves_in_its_group_is_ended_with_it() -> None:
    """A child that keeps stdout open would else keep the desk for as long as it likes."""
    program, out, _ = await shell("sleep 1000 & echo $!; exit 0", clock=HurriedClock())
    assert await code_of(program) == 0
    assert not lives(int(out.data))


async def test_a_silent_child_in_the_group_is_ended_too() -> None:
    program, out, _ = await shell("sleep 1000 >/dev/null 2>&1 & echo $!")
    assert await code_of(program) == 0
    assert not lives(int(out.data))


async def test_a_child_may_finish_writing_after_the_leader() -> None:
    program, out, _ = await shell("(read _ < /dev/stdin; sleep 0.05; echo late) & exit 0", stdin=b"go\n")
    assert await code_of(program) == 0
    assert out.data == b"late\n"


async def test_a_daemon_that_left_the_group_holds_up_nobody() -> None:
    program, out, _ = await shell("setsid sleep 1000 & echo $!; exit 0", clock=HurriedClock())
    pid = int(await out.line())
    try:
        assert await code_of(program) == 0
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def test_end_reaches_grandchildren() -> None:
    program, out, _ = await shell("sh -c 'sleep 1000 & echo $!; wait' & wait")
    grandchild = int(await out.line())
    await ended(program)
    assert not lives(grandchild)


async def test_end_is_polite_first() -> None:
    program, out, _ = await shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done")
    await out.line()
    await ended(program)
    assert out.data == b"ready\nbye\n"


async def test_who_does_not_listen_is_killed_after_the_grace() -> None:
    clock = HurriedClock()
    program, out, _ = await shell("trap '' TERM; echo $$; while :; do sleep 0.01; done", clock=clock)
    pid = int(await out.line())
    before_ms = clock.monotonic_ms()
    await ended(program)
    assert clock.monotonic_ms() - before_ms >= programs.GRACE_MS
    assert not lives(pid)


async def test_end_that_is_cancelled_kills_at_once() -> None:
    program, out, _ = await shell("trap '' TERM; echo $$; while :; do sleep 0.01; done")
    pid = int(await out.line())
    ending = asyncio.ensure_future(program.end())
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    until(lambda: not lives(pid), what="its end")
    await ended(program)  # once more, so that the loop collects it


async def test_endless_output_is_ended_and_leaves_the_loop_free() -> None:
    count, first = 0, asyncio.Event()

    def sink(data: bytes) -> None:
        nonlocal count
        count += len(data)
        first.set()

    launch = Launch(argv=["yes"], cwd="/", environment=ENVIRONMENT, stdin=b"")
    program = await Program.start(launch, SystemClock(), sink, sink)
    await asyncio.wait_for(first.wait(), REAL_LIMIT_S)
    for _ in range(1000):
        await asyncio.sleep(0)  # a loop that only reads would not come back here
    await ended(program)
    assert count > 0


def open_files() -> list[str]:
    """What this process holds open, by the names the kernel gives it."""
    gc.collect()
    names = []
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the folder that is being read is listed too, and closed by now
            names.append(str(path.readlink()))
    return sorted(names)


async def closed_down_to(before: list[str]) -> None:
    """An event loop closes what is closed in its next turns."""
    for _ in range(10):
        await asyncio.sleep(0)
    after = open_files()
    assert len(after) <= len(before), f"opened {set(after) - set(before)}"


async def fifty() -> None:
    await code_of((await shell("true"))[0])  # what a loop opens once for its first child stays
    before = open_files()
    for turn in range(5):
        started = [await shell("echo $$; cat > /dev/null", stdin=b"{}") for _ in range(9)]
        started.append(await shell("sleep 1000"))
        for program, _, _ in started[:9]:
            assert await code_of(program) == 0, turn
        await ended(started[9][0])
    await closed_down_to(before)
    zombies = [child for child in children() if child.status() == psutil.STATUS_ZOMBIE]
    assert not zombies


@pytest.mark.parametrize("loop", [asyncio.run, uvloop.run])
def test_fifty_executions_leave_no_file_open_and_no_zombie(loop: Callable[[object], None]) -> None:
    loop(fifty())


@pytest.mark.parametrize("name", ["memory", "disk"])
async def test_the_input_needs_no_special_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "disk":
        monkeypatch.delattr(os, "memfd_create", raising=False)
    program, out, _ = await shell("cat", stdin=b"x" * 70_000)
    assert await code_of(program) == 0
    assert len(out.data) == 70_000
