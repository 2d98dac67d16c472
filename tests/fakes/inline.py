"""A process without threads: what SQLite's would do is done on the event loop, in an order and with faults of a test's choice.

So a history depends on its seed alone. Everything above the driver is the shipped code: aiosqlite, SQLAlchemy, the store.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import aiosqlite.core
import pytest

QUIET_MAX = 50_000
BUSY = ("database is locked", "database table is locked", "database schema is locked")


class Step(StrEnum):
    """What the driver is asked to do."""

    CONNECT = "connect"
    BEGIN = "begin"
    STATEMENT = "statement"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    CLOSE = "close"


class Gate:
    """Where a test has its say: how long each step waits, whether it fails, and what is looked at afterwards."""

    def hops(self) -> int:
        """How often the event loop goes round before a step is carried out, and again before its answer arrives."""
        return 0

    def before(self, step: Step, text: str) -> None:
        """Raise: it fails, and nothing is done."""

    def after(self, step: Step, text: str) -> None:
        """Raise: it was done, and its answer is lost."""

    def refused(self, step: Step, text: str, error: Exception) -> None:
        """SQLite itself refused a step."""


@dataclass
class Driver:
    """The SQLite connections of one process. `kill` ends all of them as a kill -9 would."""

    gate: Gate
    dead: bool = False
    connections: list["InlineConnection"] = field(default_factory=list)

    def kill(self) -> None:
        """Roll back what is open, and carry out nothing more."""
        self.dead = True
        for connection in self.connections:
            connection.kill()


class InlineQueue:
    """Stands where aiosqlite has the queue to its thread: one thing after another, each on the event loop."""

    def __init__(self, driver: Driver, connection: "InlineConnection") -> None:
        self._driver = driver
        self._connection = connection
        self._waiting: deque[tuple[asyncio.Future[Any] | None, Callable[[], Any]]] = deque()
        self._busy = False

    def put_nowait(self, item: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, function = item
        step, _ = _named(function)
        if future is None or self._driver.dead:
            self._dead(future, step, function)
            return
        self._waiting.append((future, function))
        if not self._busy:
            self._busy = True
            self._after(self._driver.gate.hops(), self._carry_out)

    def _after(self, hops: int, callback: Callable[..., None], *given: Any) -> None:
        loop = asyncio.get_running_loop()
        if hops:
            loop.call_soon(self._after, hops - 1, callback, *given)
        else:
            loop.call_soon(callback, *given)

    def _carry_out(self) -> None:
        future, function = self._waiting.popleft()
        assert future is not None
        step, text = _named(function)
        if self._driver.dead:
            self._dead(future, step, function)
            return
        gate = self._driver.gate
        result, error = None, None
        try:
            gate.before(step, text)
            result = self._performed(step, text, function)
            gate.after(step, text)
        except sqlite3.OperationalError as failure:
            if str(failure) in BUSY:  # what the driver's thread waits for while the loop goes on
                self._waiting.appendleft((future, function))
                self._after(1, self._carry_out)
                return
            error = failure
        except Exception as failure:  # noqa: BLE001 - whatever it is, it belongs to who asked
            error = failure
        self._after(gate.hops(), self._answer, future, result, error)

    def _performed(self, step: Step, text: str, function: Callable[[], Any]) -> Any:
        try:
            result = function()
            if "busy_timeout" in text:
                self._connection.never_wait()
            return result  # noqa: TRY300 - the whole of it may raise
        except Exception as error:
            if str(error) not in BUSY:
                self._driver.gate.refused(step, text, error)
            raise

    def _answer(self, future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
        if not future.done():
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        if self._waiting:
            self._after(self._driver.gate.hops(), self._carry_out)
        else:
            self._busy = False

    def _dead(
        self, future: asyncio.Future[Any] | None, step: Step | None, function: Callable[[], Any]
    ) -> None:
        result = None
        with suppress(sqlite3.ProgrammingError):  # what was killed is closed already
            result = function() if step is Step.CLOSE else None
        if future is None or future.done():
            return
        if step in {Step.CLOSE, Step.ROLLBACK}:
            future.set_result(result)
        else:
            future.set_exception(sqlite3.ProgrammingError("the process is dead"))


def _named(function: Callable[[], Any]) -> tuple[Step, str]:
    """Say what aiosqlite wants done: it hands over partials of bound methods, and two closures of its own."""
    inner = getattr(function, "func", function)
    name, given = getattr(inner, "__name__", ""), getattr(function, "args", ())
    if name in {"close_and_stop", "close"}:
        return Step.CLOSE, ""
    if name in {"commit", "rollback"}:
        return Step(name), ""
    if not hasattr(function, "func"):
        return Step.CONNECT, ""
    text = str(given[0]) if given else ""
    head = text.lstrip()[:8].upper()
    for word, step in (("BEGIN", Step.BEGIN), ("COMMIT", Step.COMMIT), ("ROLLBACK", Step.ROLLBACK)):
        if head.startswith(word):
            return step, text
    return Step.STATEMENT, text


class _NoThread:
    daemon = True

    def start(self) -> None:
        """There is none."""


class InlineConnection(aiosqlite.Connection):
    """aiosqlite's connection without its thread."""

    driver: Driver

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._tx = InlineQueue(self.driver, self)  # type: ignore[assignment]
        self._thread = _NoThread()  # type: ignore[assignment]
        self.driver.connections.append(self)

    def never_wait(self) -> None:
        """Say at once that another connection has the lock: whoever has it needs the same event loop to go on."""
        if self._connection is not None:
            self._connection.execute("PRAGMA busy_timeout=0").close()

    def kill(self) -> None:
        """Roll back what is open, without a word."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@contextmanager
def inline(gate: Gate) -> Iterator[type[InlineConnection]]:
    """Have every connection that is opened from here on work without a thread, for the driver of the class yielded."""

    class Connection(InlineConnection):
        driver = Driver(gate)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aiosqlite.core, "Connection", Connection)
        yield Connection


class QuietLoop(asyncio.SelectorEventLoop):
    """An event loop that waits for nothing outside, and can say when nothing is left to be done."""

    def _run_once(self) -> None:
        if not self._ready and not self._scheduled:  # type: ignore[attr-defined]
            raise AssertionError(f"expected something to do, all wait for what nobody does: {self._stuck()}")
        super()._run_once()  # type: ignore[misc]

    def _stuck(self) -> list[str]:
        stacks = [task.get_stack(limit=1) for task in asyncio.all_tasks(self)]
        return [f"{frame.f_code.co_qualname}:{frame.f_lineno}" for stack in stacks for frame in stack]

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        """Do it here, in a later round."""
        future = self.create_future()
        self.call_soon(self._do, future, func, args)
        return future

    def _do(self, future: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]) -> None:
        try:
            result = func(*args)
        except Exception as error:  # noqa: BLE001 - it belongs to who asked
            if not future.done():
                future.set_exception(error)
        else:
            if not future.done():
                future.set_result(result)

    async def quiet(self) -> None:
        """Return when nothing moves any more until the clock does."""
        for _ in range(QUIET_MAX):
            await asyncio.sleep(0)
            if not self._ready:  # type: ignore[attr-defined]
                return
        raise AssertionError(f"expected rest within {QUIET_MAX} rounds, something goes round and round")


@contextmanager
def quiet_loop() -> Iterator[QuietLoop]:
    """A loop for one history; all its tasks must be over at the end."""
    loop = QuietLoop()
    try:
        yield loop
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
