"""Functions in the server's own process: on its loop and in threads."""

import asyncio
import sys
from pathlib import Path

import pytest
import uvloop

from server.kinds import python_inline
from server.kinds.python import PythonKind
from server.model import ExecutionState, Reason
from server.settings import Settings
from tests.kinds.bodies import WORK, HurriedClock, Listener, performed, result_of, within_limit
from tests.kinds.python_site import install, work

FAILED = ExecutionState.FAILED
MODULES = {
    "inline_fns.py": """
        import asyncio, sys, threading

        class Wrong(Exception):
            retryable = False

        async def later(row, context):
            await asyncio.sleep(0)
            context.progress(0.5, "half")
            context.log("logged")
            return {"row": row, "execution": context.execution, "thread": threading.current_thread().name}

        async def bare(row):
            return row

        def sync(row, context):
            context.progress(0.25, "quarter")
            context.log("logged")
            return {"row": row, "attempt": context.attempt, "thread": threading.current_thread().name}

        def wrapped(row):
            return bare(row)

        async def waits(row, context):
            context.log("waiting")
            try:
                await asyncio.Event().wait()
            finally:
                context.log(f"cancelled {context.cancelled}")

        async def swallows(row, context):
            context.log("waiting")
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                return "half a result"

        def polls(row, context):
            context.log("waiting")
            while not context.cancelled:
                threading.Event().wait(0.001)
            context.log("asked")
            return "late"

        released = threading.Event()

        def deaf(row, context):
            context.log("waiting")
            released.wait()

        async def fails(row):
            raise Wrong("no such row")

        def fails_in_thread(row):
            raise LookupError("odd")

        async def exits(row):
            sys.exit(3)

        async def interrupts(row):
            raise KeyboardInterrupt

        async def stranger(row):
            task = asyncio.ensure_future(asyncio.sleep(10))
            task.cancel()
            await task

        async def no_json(row):
            return float("nan")

        def three(a, b, c):
            pass
    """,
    "inline_broken.py": "raise KeyboardInterrupt('imported')\n",
}
NAMES = "later bare sync wrapped waits swallows polls deaf fails fails_in_thread exits interrupts stranger no_json three".split()


@pytest.fixture
def kind(site: Path, tmp_path: Path) -> PythonKind:
    functions = {name: f"inline_fns:{name}" for name in NAMES}
    install(site, "inline", MODULES, inline={**functions, "broken": "inline_broken:f"})
    return PythonKind(Settings(data=tmp_path / "data"))


async def test_an_async_function_works_on_the_loop(kind: PythonKind) -> None:
    listener = Listener()
    value = result_of(await performed(kind, work("later", a=1), listener))
    assert value == {"row": {"a": 1}, "execution": WORK.token, "thread": "MainThread"}
    assert (listener.told, listener.text) == ([("progress", 500), ("note", "half")], "logged")
    assert result_of(await performed(kind, work("bare", a=1))) == {"a": 1}


async def test_a_sync_function_works_in_a_thread_of_its_own(kind: PythonKind) -> None:
    listener = Listener()
    value = result_of(await performed(kind, work("sync", a=1), listener))
    assert value == {"row": {"a": 1}, "attempt": 1, "thread": f"inline {WORK.execution}"}
    assert (listener.told, listener.text) == ([("progress", 250), ("note", "quarter")], "logged")


async def test_what_can_be_awaited_is_awaited(kind: PythonKind) -> None:
    assert result_of(await performed(kind, work("wrapped", a=1))) == {"a": 1}


async def cancelled(kind: PythonKind, name: str) -> str:
    listener = Listener()
    task = asyncio.ensure_future(kind.perform(work(name), listener))
    await listener.heard("waiting")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await within_limit(task)
    return listener.text


async def test_cancelling_reaches_the_coroutine(kind: PythonKind) -> None:
    assert await cancelled(kind, "waits") == "waitingcancelled True"


async def test_what_is_returned_on_a_cancellation_is_no_result(kind: PythonKind) -> None:
    assert await cancelled(kind, "swallows") == "waiting"


async def test_a_thread_is_asked_and_waited_for(kind: PythonKind) -> None:
    assert await cancelled(kind, "polls") == "waitingasked"


async def test_a_thread_that_does_not_listen_is_told_of_and_waited_for(kind: PythonKind) -> None:
    listener = Listener(HurriedClock())
    task = asyncio.ensure_future(kind.perform(work("deaf"), listener))
    await listener.heard("waiting")
    task.cancel()
    await listener.heard("which nothing can end but itself")
    assert not task.done()
    assert listener.told == [("note", "was asked to end, and goes on")]
    sys.modules["inline_fns"].released.set()
    with pytest.raises(asyncio.CancelledError):
        await within_limit(task)


@pytest.mark.parametrize(
    ("name", "message", "retryable"),
    [
        ("fails", "Wrong: no such row", False),
        ("fails_in_thread", "LookupError: odd", True),
        ("exits", "SystemExit: 3", True),
        ("interrupts", "KeyboardInterrupt", True),
        ("stranger", "CancelledError", True),
    ],
)
async def test_what_is_raised_is_how_it_failed(
    kind: PythonKind, name: str, message: str, *, retryable: bool
) -> None:
    listener = Listener()
    outcome = await performed(kind, work(name), listener)
    assert (outcome.state, outcome.reason, outcome.message) == (FAILED, Reason.EXIT, message)
    assert outcome.retryable is retryable
    assert f"in {name}" in listener.text
    assert python_inline.__name__.rpartition(".")[2] not in listener.text


async def test_a_result_that_is_no_json(kind: PythonKind) -> None:
    outcome = await performed(kind, work("no_json"))
    assert (outcome.state, outcome.reason) == (FAILED, Reason.INVALID)
    assert (outcome.message or "").startswith("expected JSON as the result, got something else: ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("broken", "inline_broken:f cannot be used: KeyboardInterrupt: imported"),
        ("three", "inline_fns:three cannot be used: TypeError: expected a function of (input) or"),
    ],
)
async def test_what_no_task_can_use_halts_its_batch(kind: PythonKind, name: str, message: str) -> None:
    outcome = await performed(kind, work(name))
    assert (outcome.reason, outcome.halts, outcome.retryable) == (Reason.INVALID, True, False)
    assert (outcome.message or "").startswith(message)


async def test_it_is_imported_once_and_at_its_first_task(kind: PythonKind) -> None:
    kind.check({"name": "bare"}, [])
    assert "inline_fns" not in sys.modules
    outcomes = await asyncio.gather(*(kind.perform(work("bare", n=n), Listener()) for n in range(20)))
    assert [result_of(outcome)["n"] for outcome in outcomes] == list(range(20))
    module = sys.modules["inline_fns"]
    await performed(kind, work("later"))
    assert sys.modules["inline_fns"] is module


def test_the_loop_that_serves_performs_alike(kind: PythonKind) -> None:
    async def all_of_it() -> None:
        assert result_of(await performed(kind, work("sync", a=1)))["row"] == {"a": 1}
        assert (await performed(kind, work("exits"))).message == "SystemExit: 3"
        assert await cancelled(kind, "waits") == "waitingcancelled True"
        assert await cancelled(kind, "polls") == "waitingasked"

    uvloop.run(all_of_it())
