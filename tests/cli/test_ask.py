import asyncio
import io
import os
import pty
import select
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from server.cli.ask import ask, can_ask, unechoed
from server.cli.interrupts import Interrupts
from server.cli.screen import Screen


@contextmanager
def at_terminal() -> Iterator[tuple[int, Screen]]:
    """Whoever types, and the screen of the terminal that is standard input too."""
    hand, terminal = pty.openpty()
    with (
        os.fdopen(os.dup(terminal), "r") as stdin,
        os.fdopen(terminal, "w") as stderr,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "stdin", stdin)
        yield hand, Screen(out=io.StringIO(), err=stderr)
    os.close(hand)


async def answered(typed: bytes, interrupts: Interrupts | None = None) -> str | None:
    with at_terminal() as (person, screen):
        assert can_ask(screen)
        asking = asyncio.create_task(ask(screen, interrupts or Interrupts(), "Start the rest? [y/N]"))
        seen = b""
        while b"[y/N] " not in seen:
            await asyncio.sleep(0)  # the question is put within a turn or two of the loop
            if select.select([person], [], [], 0)[0]:
                seen += os.read(person, 1024)
        os.write(person, typed)
        return await asking


@pytest.mark.parametrize(
    ("typed", "answer"), [(b"y\n", "y"), (b" YES \n", "yes"), (b"\n", ""), (b"\x04", "")]
)
async def test_an_answer_is_a_line(typed: bytes, answer: str) -> None:
    assert await answered(typed) == answer


async def test_an_interrupt_is_no_answer() -> None:
    interrupts = Interrupts()
    interrupts.asked.set()
    assert await answered(b"y\n", interrupts) is None


async def test_a_question_can_settle_itself() -> None:
    with at_terminal() as (_, screen):
        assert await ask(screen, Interrupts(), "Go on?", settled=asyncio.sleep(0)) is None


def test_nobody_is_asked_where_nobody_is() -> None:
    with at_terminal():
        assert not can_ask(Screen(json=True))
        assert not can_ask(Screen(err=io.StringIO()))


def test_the_terminal_is_left_as_it_was() -> None:
    with at_terminal() as (person, _):
        before = termios.tcgetattr(person)
        with unechoed():
            pass
        assert termios.tcgetattr(person) == before
