import functools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.kinds import python_call
from server.kinds.python_call import (
    Context,
    ResultError,
    load,
    may_be_tried_again,
    message_of,
    takes_context,
    text_of,
    trace_of,
)


class Told:
    def __init__(self) -> None:
        self.said: list[Any] = []

    def progress(self, permille: int) -> None:
        self.said.append(permille)

    def note(self, text: str) -> None:
        self.said.append(text)

    def log(self, text: str) -> None:
        self.said.append(("log", text))


def test_a_context_says_what_is_new() -> None:
    told, asked = Told(), [False]
    context = Context(told, lambda: asked[0], task="t", attempt=2, execution="e.1")
    context.progress(0.4, "reading")
    context.progress(0.4, "reading")
    context.progress(0.4001)
    context.progress(7)
    context.progress(-1)
    context.note("n" * 5_000)
    context.log("line")
    assert told.said == [400, "reading", 1000, 0, "n" * python_call.NOTE_CHARACTERS_MAX, ("log", "line")]
    assert (context.task, context.attempt, context.execution) == ("t", 2, "e.1")
    assert not context.cancelled
    asked[0] = True
    assert context.cancelled


@pytest.mark.parametrize(("share", "error"), [(float("nan"), ValueError), ("half", TypeError)])
def test_a_share_is_a_number(share: Any, error: type[Exception]) -> None:
    context = Context(Told(), lambda: False, task="t", attempt=1, execution="e")
    with pytest.raises(error):
        context.progress(share)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), ({"é": [1, 2.5, True]}, '{"é":[1,2.5,true]}'), ({1: "key"}, '{"1":"key"}'), ("", '""')],
)
def test_any_json_is_a_result(value: Any, text: str) -> None:
    assert text_of(value).decode() == text


def circle() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


def deep() -> Any:
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({1, 2}, "Object of type set is not JSON serializable"),
        (float("nan"), "Out of range float values are not JSON compliant"),
        ([float("inf")], "Out of range float values are not JSON compliant"),
        ({(1, 2): 3}, "keys must be str"),
        ("\ud800", "surrogates not allowed"),
        (circle(), "Circular reference"),
        (deep(), "recursion"),
    ],
)
def test_what_is_no_json_is_said_to_be_none(value: Any, words: str) -> None:
    with pytest.raises(ResultError, match="expected JSON as the result, got something else: ") as raised:
        text_of(value)
    assert words in str(raised.value)


def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


def one(row: Any) -> None: ...
def two(row: Any, context: Any) -> None: ...
def with_default(row: Any, context: Any = None) -> None: ...
def variadic(*args: Any) -> None: ...
def keyword(row: Any, *, context: Any = None) -> None: ...
async def later(row: Any, context: Any) -> None: ...


class Called:
    def __call__(self, row: Any, context: Any) -> None: ...
    def method(self, row: Any) -> None: ...


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (one, False),
        (two, True),
        (with_default, True),
        (variadic, True),
        (keyword, False),
        (later, True),
        (decorated(one), False),
        (decorated(two), True),
        (functools.partial(two, 1), False),
        (Called(), True),
        (Called().method, False),
        (len, False),
        (divmod, True),
    ],
)
def test_who_takes_a_second_argument_gets_the_context(function: Any, expected: bool) -> None:
    assert takes_context(function) is expected


def none() -> None: ...
def three(a: Any, b: Any, c: Any) -> None: ...
def demanding(row: Any, *, more: Any) -> None: ...


@pytest.mark.parametrize("function", [none, three, demanding, 3, "text"])
def test_what_cannot_be_called_so_is_refused(function: Any) -> None:
    with pytest.raises(TypeError, match="expected a function"):
        takes_context(function)


def test_an_entry_point_may_name_something_inside() -> None:
    assert load("os", "path.join") is sys.modules["os"].path.join
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        load("no_such_module", "f")


class WrongError(Exception):
    retryable = False


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def test_exceptions_become_sentences() -> None:
    assert message_of(ValueError("no row")) == "ValueError: no row"
    assert message_of(WrongError()) == "WrongError"
    assert message_of(UnspeakableError()) == "UnspeakableError: (which cannot be put into words)"
    assert [may_be_tried_again(error) for error in (ValueError(), WrongError())] == [True, False]


def failing() -> None:
    raise ValueError("deep down")


def test_a_traceback_begins_where_it_has_left_a_file() -> None:
    with pytest.raises(ValueError, match="deep") as raised:
        failing()
    assert "in failing" in trace_of(raised.value, "elsewhere")
    assert trace_of(raised.value, __file__) == "ValueError: deep down\n"


def test_a_child_takes_in_neither_our_package_nor_what_costs_much() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); import python_call\n"
        "costly = {'typing', 'inspect', 'traceback', 'asyncio', 'threading', 'pathlib', 'server'}\n"
        "print(sorted((set(sys.modules) - before) & costly))"
    )
    folder = str(Path(python_call.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, folder], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
