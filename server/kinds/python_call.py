"""How a user's Python function is found in its module, called and understood, in a process of its own and inline alike.

Imports nothing of ours, and as little as it can else: a child interpreter takes it in for every execution.
"""

from __future__ import annotations

import json
import sys

TYPE_CHECKING = False  # as in `typing`, which would cost some milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Told(Protocol):
        """Where a context brings what the function says."""

        def progress(self, permille: int) -> None:
            """So much is done."""

        def note(self, text: str) -> None:
            """A few words for the desk."""

        def log(self, text: str) -> None:
            """Lines for the log."""


NOTE_CHARACTERS_MAX = 1_000
"""What of a note leaves the function's process; a desk shows less."""

_VARIADIC = 0x04  # of a function's code: it has *args


class Context:
    """What a function gets as its second argument. All calls return at once.

    `task` is the id of the task, `attempt` counts from 1, `execution` is unlike that of any other attempt.
    """

    def __init__(
        self, told: Told, asked: Callable[[], bool], *, task: str, attempt: int, execution: str
    ) -> None:
        self.task = task
        self.attempt = attempt
        self.execution = execution
        self._told = told
        self._asked = asked
        self._permille = -1
        self._note = ""

    @property
    def cancelled(self) -> bool:
        """Whether the function is asked to end: return or raise soon, or it is killed after 5 s."""
        return self._asked()

    def progress(self, share: float, note: str | None = None) -> None:
        """Say how much is done, from 0 to 1, and in a few words what comes next."""
        permille = round(1000 * min(max(share, 0.0), 1.0))
        if permille != self._permille:
            self._permille = permille
            self._told.progress(permille)
        if note is not None:
            self.note(note)

    def note(self, text: str) -> None:
        """Say in a few words what is being done."""
        text = str(text)[:NOTE_CHARACTERS_MAX]
        if text != self._note:
            self._note = text
            self._told.note(text)

    def log(self, text: str) -> None:
        """Write lines to the execution's log."""
        self._told.log(str(text))


class ResultError(Exception):
    """What a function returned is no result; the message says what was expected and what came."""


_encoded = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode


def text_of(value: Any) -> bytes:
    """Return a result as JSON text.

    Raises:
        ResultError: it is no JSON: of another type, not a number, in a circle, or too deep.
    """
    try:
        return _encoded(value).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ResultError(f"expected JSON as the result, got something else: {error}") from error


def takes_context(function: Any) -> bool:
    """Whether it can be called with two arguments, the input and a context, and not only with the input.

    Raises:
        TypeError: it can be called with neither.
    """
    if not callable(function):
        raise TypeError(f"expected a function, got {type(function).__name__}")
    for count in (2, 1):
        if _can_be_called_with(function, count):
            return count == 2
    raise TypeError(
        "expected a function of (input) or (input, context), got one that can be called with neither"
    )


def load(module: str, attribute: str) -> Any:
    """Import a module and return what an entry point names in it. Raises whatever the import raises."""
    __import__(module)  # unlike importlib.import_module it leaves no lines of its own in a traceback
    found: Any = sys.modules[module]
    for name in attribute.split("."):
        found = getattr(found, name)
    return found


def message_of(error: BaseException) -> str:
    """Put an exception into one sentence, such as `ValueError: no such row`."""
    try:
        words = str(error)
    except Exception:  # noqa: BLE001  anybody's code may have written it
        words = "(which cannot be put into words)"
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def may_be_tried_again(error: BaseException) -> bool:
    """Whether another attempt may do better: unless the exception, or its class, has `retryable = False`."""
    return getattr(error, "retryable", True) is not False


def trace_of(error: BaseException, file: str) -> str:
    """Return the traceback as text, from where it has left `file` for the last time."""
    import traceback  # noqa: PLC0415  some milliseconds, for those that fail

    below = step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            below = step.tb_next
        step = step.tb_next
    return "".join(traceback.format_exception(type(error), error, below))


def _can_be_called_with(function: Any, count: int) -> bool:
    code = getattr(function, "__code__", None)
    if code is not None and _is_plain(function):
        needed = code.co_argcount - len(function.__defaults__ or ())
        return needed <= count and (count <= code.co_argcount or bool(code.co_flags & _VARIADIC))
    import inspect  # noqa: PLC0415  many milliseconds, for the few that are more than plain functions

    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:  # it has no signature to be read, as some that are written in C
        return count == 1
    return True


def _is_plain(function: Any) -> bool:
    """Whether it is a function as `def` makes it, whose code says all about its arguments."""
    disguised = hasattr(function, "__wrapped__") or hasattr(function, "__signature__")
    return type(function) is type(_is_plain) and not disguised and not function.__code__.co_kwonlyargcount
