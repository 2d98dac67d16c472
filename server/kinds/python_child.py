"""The process of one Python function: a child interpreter runs this file, with `-P` and by its path.

Its stdin holds an order, one line of JSON, and after it the task's input. What it has to say (`python_frames` reads it)
goes out through what was its stdout; whatever else is printed from then on goes to stderr, which is the log: so nothing
that is printed can be taken for a result.

The user's modules may bear any name, so our own are kept out of their way, and each import here is paid for by every
execution.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from _thread import allocate_lock  # `threading` would cost some milliseconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Mapping
    from importlib.machinery import ModuleSpec
    from types import FrameType, ModuleType
    from typing import Any

    from server.kinds import python_call
elif __name__ == "__main__":
    # The neighbour is taken in without our package, and its name is free again.
    sys.path.insert(0, __file__.rpartition(os.sep)[0])
    import python_call

    del sys.modules["python_call"], sys.path[0]

MARK = b"\x1e"
"""Begins every line that is meant for the server."""
TERMINATED = 128 + signal.SIGTERM
"""The exit code of a child that was asked to end and did."""

_OURS = frozenset({"server", "simulation"})


class _Channel:
    """Satisfies Told: one line for each thing, into the pipe to the server or into the log."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = allocate_lock()

    def progress(self, permille: int) -> None:
        self.say(b"progress %d" % permille)

    def note(self, text: str) -> None:
        self.say(b"note " + text.replace("\n", " ").encode("utf-8", "replace"))

    def log(self, text: str) -> None:
        _write(2, text.encode("utf-8", "replace") + b"\n")

    def say(self, frame: bytes) -> None:
        with self._lock:  # the function may have threads
            _write(self._descriptor, MARK + frame + b"\n")


class _CancelledError(BaseException):
    """Ends a function that cannot be asked, as it takes no context: `finally` and `with` do their work."""


class _Asked:
    """Hears SIGTERM. `raises`: there is nobody to look at `cancelled`."""

    def __init__(self) -> None:
        self.cancelled = False
        self.raises = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.cancelled = True
        if self.raises:
            self.raises = False
            raise _CancelledError

    def said(self) -> bool:
        return self.cancelled


class _Aside:
    """Finds the user's own modules `server` and `simulation` where ours would come first."""

    def __init__(self, root: str) -> None:
        self._root = root

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        del path  # only packages have one
        if name not in _OURS:
            return None
        for found in self._candidates(name, target):
            if found is not None and self._is_theirs(found):
                return found
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    def _candidates(self, name: str, target: ModuleType | None) -> Iterable[ModuleSpec | None]:
        from importlib.machinery import PathFinder  # noqa: PLC0415  for those who need it

        elsewhere = [entry for entry in sys.path if os.path.realpath(entry) != self._root]
        for finder in sys.meta_path:
            if finder is PathFinder:
                yield PathFinder.find_spec(name, elsewhere, target)
            elif finder is not self and hasattr(finder, "find_spec"):
                yield finder.find_spec(name, None, target)

    def _is_theirs(self, found: ModuleSpec) -> bool:
        """Whether it is a file that is not ours. A mere folder of that name has none, and may be a part of ours."""
        inside = f"{self._root}{os.sep}{found.name}{os.sep}"
        return bool(found.origin) and not os.path.realpath(found.origin or "").startswith(inside)


def main() -> None:
    """Carry out the order on stdin; exit with 0 when all was said."""
    channel = _Channel(os.dup(1))
    os.dup2(2, 1)
    order = json.loads(sys.stdin.buffer.readline())
    text = sys.stdin.buffer.read()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.argv = [order["name"]]
    sys.path[:] = order["path"]
    sys.meta_path.insert(0, _Aside(order["root"]))
    asked = _Asked()
    frame = _carried_out(order, text, channel, asked)
    if asked.cancelled:
        # It ended because it was asked to, so what it returned may be half a result.
        sys.exit(TERMINATED)
    channel.say(frame)


def _carried_out(order: Mapping[str, Any], text: bytes, channel: _Channel, asked: _Asked) -> bytes:
    """Return the last line for the server: how it ended."""
    try:
        function = python_call.load(order["module"], order["attribute"])
        with_context = python_call.takes_context(function)
    except BaseException as error:  # noqa: BLE001  importing carries out anybody's code
        channel.log(python_call.trace_of(error, __file__))
        where = f"{order['module']}:{order['attribute']}"
        return _failed(
            "invalid", f"{where} cannot be used: {python_call.message_of(error)}", retryable=False, halts=True
        )
    try:
        asked.raises = not with_context
        signal.signal(signal.SIGTERM, asked)
        value = _returned(
            function, json.loads(text), _context(order, channel, asked) if with_context else None, asked
        )
        asked.raises = False
        return _done(python_call.text_of(value), order["result_bytes_max"])
    except python_call.ResultError as error:
        return _failed("invalid", str(error))
    except BaseException as error:  # noqa: BLE001  whatever it raises is how it failed
        asked.raises = False
        if not asked.cancelled:
            channel.log(python_call.trace_of(error, __file__))
        return _failed("exit", python_call.message_of(error), retryable=python_call.may_be_tried_again(error))


def _context(order: Mapping[str, Any], channel: _Channel, asked: _Asked) -> python_call.Context:
    return python_call.Context(
        channel, asked.said, task=order["task"], attempt=order["attempt"], execution=order["execution"]
    )


def _returned(function: Any, value: Any, context: python_call.Context | None, asked: _Asked) -> Any:
    returned = function(value) if context is None else function(value, context)
    return _awaited(returned, asked) if hasattr(returned, "__await__") else returned


def _awaited(awaitable: Awaitable[Any], asked: _Asked) -> Any:
    import asyncio  # noqa: PLC0415  50 ms, for those that are async

    async def waiting() -> Any:
        task = asyncio.current_task()

        def cancel() -> None:
            asked.cancelled = True
            if task is not None:
                task.cancel()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, cancel)
        if asked.cancelled:
            cancel()
        return await awaitable

    return asyncio.run(waiting())


def _done(text: bytes, bytes_max: int) -> bytes:
    if len(text) > bytes_max:
        return _failed(
            "limit",
            f"expected a result of at most {bytes_max:,} bytes (result_bytes_max), got {len(text):,}",
        )
    return b"done " + text


def _failed(reason: str, message: str, *, retryable: bool = True, halts: bool = False) -> bytes:
    message = message[: 8 * python_call.NOTE_CHARACTERS_MAX].encode("utf-8", "replace").decode()
    said = {"reason": reason, "message": message, "retryable": retryable, "halts": halts}
    return b"failed " + json.dumps(said).encode()


def _write(descriptor: int, data: bytes) -> None:
    """Write all of it; when nobody listens any more it is lost."""
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError:
        return


if __name__ == "__main__":
    main()
