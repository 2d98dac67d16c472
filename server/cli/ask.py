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
LOCAL_MODES = 3
"""Where among a terminal's attributes echoing is."""


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
def unechoed() -> Iterator[None]:
    """Meanwhile the terminal writes no ^C into what is drawn on it; all else that is typed is shown as ever."""
    with _keyboard() as keyboard:
        try:
            before = termios.tcgetattr(keyboard) if keyboard is not None else None
        except termios.error:
            before = None
        if keyboard is None or before is None:
            yield
            return
        quiet = [*before]
        quiet[LOCAL_MODES] = before[LOCAL_MODES] & ~termios.ECHOCTL
        _set(keyboard, quiet)
        try:
            yield
        finally:
            _set(keyboard, before)


def _set(keyboard: int, attributes: list[Any]) -> None:
    with suppress(
        OSError, termios.error
    ):  # not the terminal that controls us: then no ^C comes from it either
        if os.tcgetpgrp(keyboard) == os.getpgrp():  # in the background one would be stopped for it
            termios.tcsetattr(keyboard, termios.TCSANOW, attributes)


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
