"""What the kinds that start programs share; what becomes of a program is tested with them."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from server.clock import SystemClock
from server.kinds import marks
from server.kinds.body import carry_out, signal_name
from server.kinds.environment import body_environment
from server.kinds.program import Launch
from tests.kinds.bodies import REAL_LIMIT_S, WORK, children


def launch(folder: str, script: str) -> Launch:
    environment = body_environment(WORK, folder, {}, os.environ)
    return Launch(argv=["sh", "-c", script], cwd="/", environment=environment, stdin=b"in\n")


async def test_both_streams_are_heard_and_the_code_comes_back(tmp_path: Path) -> None:
    folder, out, err = marks.folder_mark(tmp_path), bytearray(), bytearray()
    the_launch = launch(folder, "cat; echo err >&2; exit 7")
    code = await carry_out(WORK, the_launch, SystemClock(), folder, stdout=out.extend, stderr=err.extend)
    assert (code, bytes(out), bytes(err)) == (7, b"in\n", b"err\n")


async def test_a_cancelled_body_leaves_nothing_wherever_it_went(tmp_path: Path) -> None:
    folder, heard, out = marks.folder_mark(tmp_path), asyncio.Event(), bytearray()

    def hear(data: bytes) -> None:
        out.extend(data)
        heard.set()

    the_launch = launch(folder, "setsid sh -c 'echo there; kill -STOP $$' & wait")
    task = asyncio.ensure_future(carry_out(WORK, the_launch, SystemClock(), folder, stdout=hear, stderr=hear))
    await asyncio.wait_for(heard.wait(), REAL_LIMIT_S)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, REAL_LIMIT_S)
    assert not list(marks.find(folder))
    assert not children()


def test_every_signal_has_a_name() -> None:
    assert signal_name(signal.SIGKILL) == "SIGKILL"
    assert signal_name(63) == "signal 63"
