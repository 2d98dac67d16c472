"""Python functions in the server's own process: async ones on its event loop, the others each in a thread.

Nothing can end a thread from outside: a function in one is asked, and keeps its slot until it has ended.
"""

import asyncio
import inspect
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from server.kinds import python_call
from server.kinds.contract import Context
from server.kinds.program import GRACE_MS
from server.kinds.python_call import ResultError, message_of, text_of, trace_of
from server.kinds.python_frames import failed
from server.kinds.python_functions import Function
from server.model import ExecutionState, Outcome, Reason, Work


@dataclass(frozen=True, kw_only=True, slots=True)
class _Loaded:
    """A function that was imported, and how it wants to be called."""

    call: Callable[..., Any]
    with_context: bool
    is_async: bool


class Inline:
    """Keeps what was imported once: the same modules for as long as the process lives."""

    def __init__(self) -> None:
        self._loaded: dict[Function, _Loaded] = {}

    async def perform(self, function: Function, work: Work, context: Context) -> Outcome:
        """Carry out one execution."""
        loaded = self._loaded.get(function)
        if loaded is None:
            try:
                loaded = self._loaded[function] = await asyncio.to_thread(_load, function)
            except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001  importing carries out anybody's code
                context.log(trace_of(error, __file__))
                message = f"{function.value} cannot be used: {message_of(error)}"
                return failed(Reason.INVALID, message, retryable=False, halts=True)
        try:
            value = await (_on_loop if loaded.is_async else _in_thread)(loaded, work, context)
            _let_cancellation_through()
            return Outcome(state=ExecutionState.DONE, result=text_of(value))
        except ResultError as error:
            return failed(Reason.INVALID, str(error))
        except asyncio.CancelledError as error:
            if _is_being_cancelled():
                raise
            return _of_error(error, context)  # it comes from something that the function waited for
        except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001  the last two would end the server
            return _of_error(error, context)


def _load(function: Function) -> _Loaded:
    call = python_call.load(function.module, function.attribute)
    with_context = python_call.takes_context(call)
    return _Loaded(call=call, with_context=with_context, is_async=_is_async(call))


def _is_async(call: Any) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(getattr(call, "__call__", None))  # noqa: B004


async def _on_loop(loaded: _Loaded, work: Work, context: Context) -> Any:
    value = orjson.loads(work.input)
    if not loaded.with_context:
        return await loaded.call(value)
    return await loaded.call(value, _context(_Directly(context), _is_being_cancelled, work))


async def _in_thread(loaded: _Loaded, work: Work, context: Context) -> Any:
    loop, asked = asyncio.get_running_loop(), threading.Event()
    ended: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()
    given = [orjson.loads(work.input)]
    if loaded.with_context:
        given.append(_context(_FromThread(context, loop), asked.is_set, work))

    def body() -> None:
        value, raised = None, None
        try:
            value = loaded.call(*given)
        except BaseException as error:  # noqa: BLE001  it is told where the function is waited for
            raised = error
        with suppress(RuntimeError):  # the loop was closed: the process ends
            loop.call_soon_threadsafe(ended.set_result, (value, raised))

    # A thread each: none waits for another, and none keeps the process from ending.
    threading.Thread(target=body, name=f"inline {work.execution}", daemon=True).start()
    try:
        value, error = await asyncio.shield(ended)
    except asyncio.CancelledError:
        asked.set()
        await _end_of(ended, context)
        raise
    if error is not None:
        raise error
    return await value if inspect.isawaitable(value) else value


async def _end_of(ended: asyncio.Future[Any], context: Context) -> None:
    """Wait for a thread that was asked to end; say so where one does not listen."""

    def complain() -> None:
        context.note("was asked to end, and goes on")
        context.log(
            "It was asked to end and goes on. It works in a thread, which nothing can end but itself."
        )

    complaint = context.clock.call_later(GRACE_MS, complain)
    try:
        await asyncio.wait([ended])
    finally:
        complaint.cancel()


def _context(told: "_Directly | _FromThread", asked: Callable[[], bool], work: Work) -> python_call.Context:
    return python_call.Context(told, asked, task=work.task, attempt=work.attempt, execution=work.token)


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _let_cancellation_through() -> None:
    """A function that has swallowed it may have returned half a result."""
    if _is_being_cancelled():
        raise asyncio.CancelledError


def _of_error(error: BaseException, context: Context) -> Outcome:
    context.log(trace_of(error, __file__))
    return failed(Reason.EXIT, message_of(error), retryable=python_call.may_be_tried_again(error))


class _Directly:
    """Satisfies _Directly | _FromThread on the event loop."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def progress(self, permille: int) -> None:
        self._context.progress(permille)

    def note(self, text: str) -> None:
        self._context.note(text)

    def log(self, text: str) -> None:
        self._context.log(text)


class _FromThread:
    """Satisfies _Directly | _FromThread in a thread: what is said there is told on the event loop, in the same order."""

    def __init__(self, context: Context, loop: asyncio.AbstractEventLoop) -> None:
        self._context = context
        self._loop = loop

    def progress(self, permille: int) -> None:
        self._tell(self._context.progress, permille)

    def note(self, text: str) -> None:
        self._tell(self._context.note, text)

    def log(self, text: str) -> None:
        self._tell(self._context.log, text)

    def _tell(self, call: Callable[[Any], None], said: Any) -> None:
        with suppress(RuntimeError):  # the loop was closed: nobody listens any more
            self._loop.call_soon_threadsafe(call, said)
