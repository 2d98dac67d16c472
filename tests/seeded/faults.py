"""What goes wrong by chance: the one room that knows where faults are put in."""

import random
import sqlite3
from collections.abc import Callable
from enum import StrEnum

from tests.fakes.inline import Gate, Step

MARK = "injected"
"""Is in the text of every error that was put in, so that one that was not is told apart."""


class Mood(StrEnum):
    """CALM: nothing fails. FLAKY: now and then. LOST: commits succeed, many of their answers are lost. FULL: the disk is."""

    CALM = "calm"
    FLAKY = "flaky"
    LOST = "lost"
    FULL = "full"


class Faults(Gate):
    """A gate that fails by chance. `committed` is called after each commit, before anybody else hears of it."""

    def __init__(self, chance: random.Random, committed: Callable[[], None]) -> None:
        self.mood = Mood.CALM
        self.surprises: list[str] = []
        self._chance = chance
        self._committed = committed

    def hops(self) -> int:
        return self._chance.choice((0, 0, 0, 0, 1, 2, 5))

    def before(self, step: Step, text: str) -> None:
        if step in {Step.ROLLBACK, Step.CLOSE} or self.mood is Mood.CALM:
            return
        if self.mood is Mood.FULL:
            if step is Step.COMMIT or text.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE", "SCRIPT"}:
                raise full_disk(step)
        elif self._chance.random() < 0.03:
            raise sqlite3.OperationalError(f"disk I/O error, {MARK} before {step}")

    def after(self, step: Step, text: str) -> None:
        if step is Step.COMMIT:
            try:
                self._committed()
            except (
                AssertionError
            ) as error:  # it must not become an error of the store, which the server survives
                self.surprises.append(str(error))
        odds = {Mood.FLAKY: 0.02, Mood.LOST: 0.25 if step is Step.COMMIT else 0.0}.get(self.mood, 0.0)
        if step not in {Step.ROLLBACK, Step.CLOSE} and self._chance.random() < odds:
            raise sqlite3.OperationalError(f"disk I/O error, {MARK} after {step}")

    def refused(self, step: Step, text: str, error: Exception) -> None:
        self.surprises.append(f"{step} {text.strip()[:80]!r}: {error!r}")


def full_disk(step: Step) -> sqlite3.OperationalError:
    """Make the error that SQLite raises."""
    error = sqlite3.OperationalError(f"database or disk is full, {MARK} at {step}")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    error.sqlite_errorname = "SQLITE_FULL"
    return error
