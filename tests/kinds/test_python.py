"""Functions of a real distribution in real processes."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
import uvloop

from server.errors import InvalidInputError
from server.kinds import marks, python_child
from server.kinds.python import PythonKind
from server.model import ExecutionState, Reason
from server.settings import Mode, Settings
from tests.kinds.bodies import (
    WORK,
    HurriedClock,
    Listener,
    children,
    lives,
    performed,
    result_of,
    within_limit,
)
from tests.kinds.python_modules import MODULES, NAMES
from tests.kinds.python_site import install, work

FAILED = ExecutionState.FAILED


@pytest.fixture
def kind(site: Path, tmp_path: Path) -> PythonKind:
    functions = {name: f"fns:{name}" for name in NAMES}
    install(site, "fns", MODULES, {**functions, "broken": "broken:f", "gone": "fns:gone"})
    return PythonKind(Settings(data=tmp_path / "data"))


async def test_a_task_from_its_input_to_its_result(kind: PythonKind) -> None:
    listener, the_work = Listener(), work("whole", name="Acme", count=2)
    value = result_of(await performed(kind, the_work, listener))
    assert value["env"].pop(marks.FOLDER)
    assert value == {
        "row": {"name": "Acme", "count": 2},
        "task": the_work.task,
        "attempt": 1,
        "execution": the_work.token,
        "cancelled": False,
        "env": {marks.TASK: the_work.task, marks.ATTEMPT: "1", marks.EXECUTION: the_work.token},
        "who": "the user",
        "argv": ["whole"],
        "stdin": "",
        "leader": True,
    }
    assert listener.told == [
        ("progress", 250),
        ("note", "reading"),
        ("note", "thinking é"),
        ("progress", 1000),
    ]
    assert listener.text == "printed::note not a directive of this kind\nlogged\ntwice\n"


async def test_a_users_module_named_as_ours_is_found_behind_ours(
    kind: PythonKind, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = [*(entry for entry in sys.path if entry != str(site)), str(site)]
    monkeypatch.setattr(sys, "path", behind)
    assert result_of(await performed(kind, work("whole")))["who"] == "the user"
    (site / "server.py").unlink()
    outcome = await performed(kind, work("whole"))
    assert outcome.message == "fns:whole cannot be used: ModuleNotFoundError: No module named 'server'"


@pytest.mark.parametrize(
    ("name", "value"),
    [("echo", {"a": 1}), ("later", [{"a": 1}]), ("called", "called"), ("part", [1, {"a": 1}])],
)
async def test_functions_of_all_sorts(kind: PythonKind, name: str, value: Any) -> None:
    assert result_of(await performed(kind, work(name, a=1))) == value


async def test_nothing_that_is_printed_is_a_result(kind: PythonKind) -> None:
    listener = Listener()
    assert result_of(await performed(kind, work("stray"), listener)) == "returned"
    assert listener.text == '\x1edone "printed"\n\x1edone "written"\nfrom a child\n'


async def test_threads_may_speak_too(kind: PythonKind) -> None:
    listener = Listener()
    assert result_of(await performed(kind, work("threads"), listener)) is None
    assert {text.split()[1] for _, text in listener.told} == {str(number) for number in range(50)}
    assert all(text.count("x") == 900 for _, text in listener.told)


@pytest.mark.parametrize(
    ("name", "message", "retryable", "line"),
    [
        ("fails", "ValueError: no such row: 1", True, "in fails"),
        ("is_wrong", "Wrong: wrong for ever", False, "in is_wrong"),
        ("fails_later", "LookupError: gone", True, "in fails_later"),
        ("cancels_itself", "CancelledError", True, "in cancels_itself"),
    ],
)
async def test_what_is_raised_is_how_it_failed(
    kind: PythonKind, name: str, message: str, *, retryable: bool, line: str
) -> None:
    listener = Listener()
    outcome = await performed(kind, work(name, a=1), listener)
    assert (outcome.state, outcome.reason, outcome.message) == (FAILED, Reason.EXIT, message)
    assert outcome.retryable is retryable
    assert not outcome.halts
    assert listener.text.startswith("Traceback (most recent call last):\n")
    assert line in listener.text
    assert "python_child" not in listener.text


@pytest.mark.parametrize(
    ("of", "reason", "message"),
    [
        ("set", Reason.INVALID, "expected JSON as the result, got something else: Object of type set is"),
        ("nan", Reason.INVALID, "expected JSON as the result, got something else: Out of range float"),
        ("half", Reason.INVALID, "expected JSON as the result, got something else: 'utf-8' codec"),
        (
            "large",
            Reason.LIMIT,
            "expected a result of at most 65,536 bytes (result_bytes_max), got 70,002",
        ),
    ],
)
async def test_results_that_are_none(kind: PythonKind, of: str, reason: Reason, message: str) -> None:
    outcome = await performed(kind, work("result", of=of))
    assert (outcome.state, outcome.reason) == (FAILED, reason)
    assert (outcome.message or "").startswith(message)


async def test_a_result_of_many_pipes_full(kind: PythonKind) -> None:
    assert result_of(await performed(kind, work("result", of="much"))) == "x" * 60_000


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("exit", "SystemExit: said so"),
        ("_exit", "its process ended with exit 3 before the function did"),
        ("well", "its process ended with exit 0 before the function did"),
        ("segfault", "killed by SIGSEGV"),
        ("killed", "killed by SIGKILL, as the system does when it is out of memory"),
        ("asked", "ended by SIGTERM, which this server did not send"),
    ],
)
async def test_a_death_is_a_failure(kind: PythonKind, how: str, message: str) -> None:
    listener = Listener()
    outcome = await performed(kind, work("ends", how=how), listener)
    assert (outcome.state, outcome.reason, outcome.message) == (FAILED, Reason.EXIT, message)
    assert outcome.retryable
    assert ("Fatal Python error: Segmentation fault" in listener.text) == (how == "segfault")


async def test_what_is_returned_on_a_strangers_sigterm_is_no_result(kind: PythonKind) -> None:
    outcome = await performed(kind, work("half"))
    assert outcome.message == "ended by SIGTERM, which this server did not send"


async def test_a_death_after_the_end_is_in_the_log(kind: PythonKind) -> None:
    listener = Listener()
    assert result_of(await performed(kind, work("dies_late"), listener)) == "in time"
    assert listener.text == "It said how it ended, and then its process ended with exit 9."


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("broken", "broken:f cannot be used: ModuleNotFoundError: No module named 'no_such_module'"),
        ("gone", "fns:gone cannot be used: AttributeError: module 'fns' has no attribute 'gone'"),
        ("none", "fns:none cannot be used: TypeError: expected a function of (input) or (input, context)"),
        ("text", "fns:text cannot be used: TypeError: expected a function, got str"),
        ("never", "python: expected the name of an installed function (broken, "),
    ],
)
async def test_what_no_task_can_use_halts_its_batch(kind: PythonKind, name: str, message: str) -> None:
    outcome = await performed(kind, work(name))
    assert (outcome.state, outcome.reason) == (FAILED, Reason.INVALID)
    assert (outcome.message or "").startswith(message)
    assert outcome.halts
    assert not outcome.retryable


async def cancelled(kind: PythonKind, name: str, listener: Listener) -> None:
    """Cancel once the function has said `pid NUMBER`; nothing is left of it."""
    task = asyncio.ensure_future(kind.perform(work(name), listener))
    pid = await listener.number_after("pid")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await within_limit(task)
    assert not lives(pid)
    assert not children()


@pytest.mark.parametrize(
    ("name", "last_words"),
    [("polls", "asked\n"), ("waits", "cleaned\n"), ("waits_later", "cleaned\n"), ("parent", "")],
)
async def test_cancelling_asks_first(kind: PythonKind, name: str, last_words: str) -> None:
    listener = Listener()
    await cancelled(kind, name, listener)
    assert listener.text.endswith(last_words)
    assert "Traceback" not in listener.text


async def test_who_does_not_listen_is_killed_after_the_grace(kind: PythonKind) -> None:
    clock = HurriedClock()
    before_ms = clock.monotonic_ms()
    await cancelled(kind, "deaf", Listener(clock))
    assert clock.monotonic_ms() - before_ms >= 5_000


async def test_cancelling_during_the_start_leaves_nothing(kind: PythonKind) -> None:
    for turns in range(8):
        task = asyncio.ensure_future(kind.perform(work("waits"), Listener()))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await within_limit(task)
        assert not children(), turns


def test_the_loop_that_serves_performs_alike(kind: PythonKind) -> None:
    async def all_of_it() -> None:
        assert result_of(await performed(kind, work("later", a=1))) == [{"a": 1}]
        await cancelled(kind, "waits_later", Listener())

    uvloop.run(all_of_it())


async def test_a_body_is_found_by_its_mark(kind: PythonKind, tmp_path: Path) -> None:
    listener, folder = Listener(), marks.folder_mark(tmp_path / "data")
    task = asyncio.ensure_future(kind.perform(work("deaf"), listener))
    pid = await listener.number_after("pid")
    assert [(found.process.pid, found.token) for found in marks.find(folder)] == [(pid, WORK.token)]
    assert os.getpgid(pid) == pid
    os.killpg(pid, signal.SIGKILL)
    assert (
        await within_limit(task)
    ).message == "killed by SIGKILL, as the system does when it is out of memory"


async def test_a_machine_that_is_short_of_something_may_be_asked_again(
    kind: PythonKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "memfd_create", full)
    outcome = await performed(kind, work("echo"))
    assert (outcome.reason, outcome.retryable) == (Reason.LIMIT, True)
    assert outcome.message == "echo could not be started: Too many open files"


async def test_a_path_need_not_be_utf_8(
    kind: PythonKind, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, os.fsdecode(b"/no/such/\xff")])
    assert result_of(await performed(kind, work("echo", a=1))) == {"a": 1}


def test_params_are_the_name_of_a_function(kind: PythonKind, tmp_path: Path) -> None:
    hosted = PythonKind(
        Settings(data=tmp_path, mode=Mode.HOSTED)
    )  # what is installed there is the operator's
    assert hosted.check({"name": "echo"}, ["a"]) == {"name": "echo"}
    for params, message in (
        ({}, "python: expected name as a string, got None"),
        ({"name": 1}, "python: expected name as a string, got 1"),
        ({"name": "echo", "more": 1, "a": 2}, "python: expected name, got a, more"),
        (
            {"name": "ech"},
            r"python: expected the name of an installed function \(broken, called, .*\), got 'ech'",
        ),
    ):
        with pytest.raises(InvalidInputError, match=message):
            kind.check(params, [])
    assert "fns" not in sys.modules


def test_what_is_installed_later_is_found(kind: PythonKind, site: Path) -> None:
    with pytest.raises(InvalidInputError):
        kind.check({"name": "new"}, [])
    install(site, "later", {}, {"new": "later:new"})
    assert kind.check({"name": "new"}, []) == {"name": "new"}


def test_a_child_interpreter_can_run_it() -> None:
    assert Path(python_child.__file__).name == "python_child.py"
    assert python_child.TERMINATED == 143
    assert callable(python_child.main)
