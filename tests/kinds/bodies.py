"""What the tests of kinds and of the runner share: work to carry out, a context that listens, real processes."""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
import psutil

from server.clock import Clock, SystemClock, Timer
from server.errors import RateLimitedError
from server.kinds.contract import Kind
from server.model import ExecutionState, Outcome, RateFacts, Work

WORK = Work(
    execution="e00000000001",
    fence=1,
    task="t00000000001",
    batch="b00000000001",
    office="o00000000001",
    account="a00000000001",
    kind="command",
    params={},
    title="a task",
    input=b"{}",
    attempt=1,
    attempts=1,
    timeout_ms=60_000,
)
PYTHON = sys.executable
REAL_LIMIT_S = 30
"""What no test comes near; one that hangs fails by it."""


def work(argv: list[str] | None = None, *, fields: Mapping[str, Any] | None = None, **changes: Any) -> Work:
    params = {"argv": argv or [], "cwd": "/", "env": {}, "dirs": False, **changes.pop("params", {})}
    return replace(WORK, params=params, input=json.dumps(fields or {}).encode(), **changes)


class Listener:
    """A Context that keeps what it is told, and the end of the log."""

    def __init__(self, clock: Clock | None = None, turns: Sequence[int | None] = ()) -> None:
        self.clock: Clock = clock or SystemClock()
        self._turns = list(
            turns
        )  # milliseconds to wait for each turn, None: too long; at once when they run out
        self.told: list[tuple[str, Any]] = []
        self.text = ""
        self._characters = 0
        self._more = asyncio.Event()

    def progress(self, permille: int, remaining_ms: int | None = None) -> None:
        self.told.append(("progress", permille if remaining_ms is None else (permille, remaining_ms)))

    def note(self, text: str) -> None:
        self.told.append(("note", text))

    def waiting(self, until_ms: int | None) -> None:
        self.told.append(("waiting", until_ms))

    def log(self, text: str) -> None:
        self.text = (self.text + text)[-10_000:]
        self._characters += len(text)
        self._more.set()

    async def turn(self, key: str, tokens: int = 0) -> None:
        self.told.append(("turn", (key, tokens)))
        wait_ms = self._turns.pop(0) if self._turns else 0
        if wait_ms is None:
            raise RateLimitedError("waits for the provider's limit")
        if wait_ms:
            await self.clock.sleep(wait_ms)

    def learned(self, key: str, facts: RateFacts) -> None:
        self.told.append(("learned", (key, facts)))

    async def heard(self, words: str) -> None:
        """Return once the log's end holds these words."""
        await self._until(lambda: words in self.text)

    async def heard_characters(self, count: int) -> None:
        """Return once the log has had so many characters in all."""
        await self._until(lambda: self._characters >= count)

    async def number_after(self, word: str) -> int:
        """Wait for a line `word 123` and return its number."""
        pattern = re.compile(rf"^{word} (\d+)$", re.MULTILINE)
        await self._until(lambda: pattern.search(self.text) is not None)
        found = pattern.search(self.text)
        assert found is not None
        return int(found[1])

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(REAL_LIMIT_S):
            while not condition():
                self._more.clear()
                await self._more.wait()


class HurriedClock(SystemClock):
    """Real time that passes twenty times as fast: real processes need real waiting, but not five seconds of it."""

    FACTOR = 20

    def monotonic_ms(self) -> int:
        return super().monotonic_ms() * self.FACTOR

    def call_later(self, delay_ms: int, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(max(delay_ms, 0) / 1000 / self.FACTOR, callback)

    async def sleep(self, delay_ms: int) -> None:
        await asyncio.sleep(max(delay_ms, 0) / 1000 / self.FACTOR)


async def within_limit(task: asyncio.Future[Outcome]) -> Outcome:
    return await asyncio.wait_for(asyncio.shield(task), REAL_LIMIT_S)


async def performed(kind: Kind, the_work: Work, listener: Listener | None = None) -> Outcome:
    return await within_limit(asyncio.ensure_future(kind.perform(the_work, listener or Listener())))


def result_of(outcome: Outcome) -> Any:
    assert outcome.state is ExecutionState.DONE, outcome
    assert outcome.result is not None
    return orjson.loads(outcome.result)


def lives(pid: int) -> bool:
    """Whether the process still does anything: one that only waits to be collected does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)
