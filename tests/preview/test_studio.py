"""The process that paints: what it is asked, its limits, that it can die, hang or lie, and the next picture still comes."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from server.errors import InvalidInputError, TooManyError, UnavailableError
from server.preview import easel
from server.preview.order import (
    FAILED,
    LENGTH,
    PAINTED,
    REFUSED,
    Order,
    Subject,
    check_size,
    order_bytes_max,
    read,
    side_max,
    written,
)
from server.preview.studio import Studio, idle_ms_max, orders_max, picture_ms_max
from tests.fakes.clock import FakeClock
from tests.preview.states import NOW, busy

ORDER = Order(
    subject=Subject.OFFICE, state=busy(), view="batches", now_ms=NOW, night=False, width=160, height=90
)
HEAD = "import sys, struct, os, time\nr, w = sys.stdin.buffer, sys.stdout.buffer\n"
NEXT = "n = struct.unpack('>I', r.read(4))[0]; order = r.read(n)\n"
SAY = "def say(b):\n    w.write(struct.pack('>I', len(b)) + b); w.flush()\n"
ECHO = (
    HEAD
    + SAY
    + "while True:\n    head = r.read(4)\n    if len(head) < 4: break\n    order = r.read(struct.unpack('>I', head)[0])\n    say(b'p' + str(os.getpid()).encode())\n"
)


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Callable[[str], Studio]]:
    made: list[Studio] = []

    def open_(program: str) -> Studio:
        file = tmp_path / f"program{len(made)}.py"
        file.write_text(program)
        made.append(Studio(FakeClock(), (sys.executable, str(file))))
        return made[-1]

    yield open_
    for each in made:
        await each.stop()


async def started(room: Studio) -> Process:
    """The process of a studio that was asked just now."""
    async with asyncio.timeout(30):
        while room._process is None:  # noqa: ASYNC110 - a process that starts sets no event
            await asyncio.sleep(0)
    return room._process


async def refused(asked: Awaitable[bytes], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        await asked


async def test_a_real_process_paints_and_stays():
    studio = Studio(FakeClock())
    first = await studio.paint(ORDER)
    process = studio._process
    assert first[:4] == b"\x89PNG"
    assert await studio.paint(ORDER) == first
    assert studio._process is process
    await refused(studio.paint(replace(ORDER, state={"a": 1})), InvalidInputError, "expected")
    await refused(studio.paint(replace(ORDER, width=9)), InvalidInputError, "sides from 64")
    assert await studio.paint(ORDER) == first
    assert studio._process is process
    assert process is not None
    told = psutil.Process(process.pid).environ()
    assert not any(name.startswith("TENDESKS") for name in told)
    await studio.stop()
    assert not psutil.pid_exists(process.pid)


async def test_a_process_that_died_is_started_again(studio: Callable[[str], Studio]):
    room = studio(ECHO)
    first = await room.paint(ORDER)
    os.kill(int(first), 9)
    second = await room.paint(ORDER)
    assert second != first


async def test_a_process_that_dies_of_an_order_is_told_and_the_next_one_comes(
    studio: Callable[[str], Studio],
):
    room = studio(HEAD + NEXT + "os._exit(3)\n")
    await refused(room.paint(ORDER), UnavailableError, "ended before")
    await refused(room.paint(ORDER), UnavailableError, "ended before")


async def test_a_process_that_hangs_is_ended_in_time(studio: Callable[[str], Studio]):
    room = studio(HEAD + NEXT + "time.sleep(1000)\n")
    asked = asyncio.ensure_future(room.paint(ORDER))
    process = await started(room)
    await room._clock.advance(picture_ms_max)  # type: ignore[attr-defined]
    await refused(asked, UnavailableError, "picture_ms_max")
    assert not psutil.pid_exists(process.pid)


async def test_a_picture_that_is_too_long_is_not_taken(studio: Callable[[str], Studio]):
    room = studio(HEAD + NEXT + "w.write(struct.pack('>I', 2**31)); w.flush(); time.sleep(1000)\n")
    await refused(room.paint(ORDER), UnavailableError, "picture_bytes_max")


async def test_what_fails_and_what_is_refused_are_told_apart(studio: Callable[[str], Studio]):
    room = studio(HEAD + SAY + NEXT + "say(b'fValueError')\n" + NEXT + "say(b'rstate: expected more')\n")
    await refused(room.paint(ORDER), UnavailableError, "could not be painted")
    await refused(room.paint(ORDER), InvalidInputError, "expected more")


async def test_a_program_that_is_not_there_is_told():
    await refused(Studio(FakeClock(), ("/nonexistent/python",)).paint(ORDER), UnavailableError, "started")


async def test_one_is_painted_at_a_time_and_so_many_wait(studio: Callable[[str], Studio]):
    room = studio(ECHO)
    asked = [asyncio.ensure_future(room.paint(ORDER)) for _ in range(orders_max)]
    await asyncio.sleep(0)
    await refused(room.paint(ORDER), TooManyError, "orders_max")
    assert len(set(await asyncio.gather(*asked))) == 1


async def test_a_process_that_nobody_asks_is_ended(studio: Callable[[str], Studio]):
    room = studio(ECHO)
    first = int(await room.paint(ORDER))
    await room._clock.advance(idle_ms_max)  # type: ignore[attr-defined]
    await asyncio.gather(*room._closing)
    assert not psutil.pid_exists(first)
    assert int(await room.paint(ORDER)) != first


async def test_who_goes_away_while_painting_breaks_nothing(studio: Callable[[str], Studio]):
    room = studio(ECHO)
    asked = asyncio.ensure_future(room.paint(ORDER))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await room.paint(ORDER)


def test_orders_are_read_as_they_were_written():
    assert read(written(ORDER)) == ORDER
    with pytest.raises(InvalidInputError, match="order_bytes_max"):
        written(replace(ORDER, state={"a": "x" * order_bytes_max}))
    with pytest.raises(InvalidInputError, match="JSON"):
        written(replace(ORDER, state={"a": object()}))
    for text in (b"", b"{}", b"[]", b'{"subject":"card"}', b"\xff"):
        with pytest.raises(InvalidInputError, match="expected an order"):
            read(text)


@pytest.mark.parametrize(
    "size", [(63, 100), (100, side_max + 1), (4096, 4096), ("1", 100), (True, 100), (100.0, 100)]
)
def test_sizes_have_limits(size: tuple[object, object]):
    with pytest.raises(InvalidInputError, match="size"):
        check_size(*size)


def test_the_easel_answers_whatever_it_is_asked(monkeypatch: pytest.MonkeyPatch):
    assert easel.answer(written(ORDER))[0] == PAINTED
    assert easel.answer(written(replace(ORDER, subject=Subject.CARD)))[0] == PAINTED
    assert easel.answer(b"nonsense")[0] == REFUSED
    monkeypatch.setattr(easel, "_painted", lambda _order: 1 // 0)
    assert easel.answer(written(ORDER)) == (FAILED, b"ZeroDivisionError: integer division or modulo by zero")


def test_the_easel_has_little_to_break():
    """Its limits hold: no file can be written, no memory beyond its own."""
    program = (
        "from server.preview.easel import LIMITS, NICE, confine; confine(LIMITS, nice=NICE); import resource\n"
        "print(resource.getrlimit(resource.RLIMIT_FSIZE), resource.getrlimit(resource.RLIMIT_CORE))\n"
        "try:\n    bytearray(3 * 2**30)\nexcept MemoryError:\n    print('no memory')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "(0, 0) (0, 0)\nno memory\n"


def test_the_easel_ends_when_nobody_asks_or_somebody_lies():
    for said in (b"", LENGTH.pack(order_bytes_max + 1), LENGTH.pack(10) + b"short"):
        done = subprocess.run(
            [sys.executable, "-m", "server.preview.easel"], input=said, capture_output=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, b"")
