"""A question to the person at the terminal. It can be interrupted, and it can settle itself."""

import asyncio
import os
import sys
import termios
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from server.cli.interrupts import Interrupts
from server.cli.screen import Screen

LINE_BYTES_MAX = 1024
TERMINAL = "/dev/tty"


def can_ask(screen: Screen) -> bool:
    """Whether somebody is there: what is asked goes to a terminal, and an answer can come from one."""
    if screen.json or not screen.err.is_terminal:
        return False
    with _keyboard() as keyboard:
        return keyboard is not None


async def ask(
    screen: Screen, interrupts: Interrupts, question: str, settled: Awaitable[object] | None = None
) -> str | None:
    """The answer, in small letters and without blanks; "" where there is none.

    None: Ctrl-C came instead, or `settled` came true, and the question means nothing any more.
    """
    with _keyboard() as keyboard:
        if keyboard is None:
            return ""
        with suppress(termios.error):
            termios.tcflush(keyboard, termios.TCIFLUSH)  # what was typed before is no answer
        screen.err.print(question, end=" ", soft_wrap=True)
        answer = await _first(keyboard, interrupts, settled)
        if answer is None or not answer.endswith("\n"):
            screen.err.print()
        return None if answer is None else answer.strip().lower()


async def _first(keyboard: int, interrupts: Interrupts, settled: Awaitable[object] | None) -> str | None:
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        loop.remove_reader(keyboard)
        try:
            said = os.read(keyboard, LINE_BYTES_MAX)
        except OSError:  # the terminal is gone
            said = b""
        if not typed.done():
            typed.set_result(said.decode("utf-8", "replace"))

    loop.add_reader(keyboard, read)
    others: list[asyncio.Future[Any]] = [asyncio.ensure_future(interrupts.asked.wait())]
    if settled is not None:
        others.append(asyncio.ensure_future(settled))
    try:
        await asyncio.wait({typed, *others}, return_when=asyncio.FIRST_COMPLETED)
        return typed.result() if typed.done() and not interrupts.asked.is_set() else None
    finally:
        loop.remove_reader(keyboard)
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def _keyboard() -> Iterator[int | None]:
    """Standard input where that is a terminal, else (the list may come by it) the terminal itself."""
    if sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty():
        yield sys.stdin.fileno()
        return
    try:
        keyboard = os.open(TERMINAL, os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        yield None
        return
    try:
        yield keyboard
    finally:
        os.close(keyboard)
