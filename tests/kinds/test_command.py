import asyncio
import json
import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import psutil
import pytest
import uvloop

from server.errors import ForbiddenError
from server.kinds import marks
from server.kinds.command import MESSAGE_CHARACTERS_MAX, CommandKind
from server.model import ExecutionState, Reason, Work
from server.settings import Mode, Settings
from tests.kinds.bodies import (
    PYTHON,
    HurriedClock,
    Listener,
    children,
    lives,
    performed,
    result_of,
    within_limit,
    work,
)
from tests.processes import until

FAILED = ExecutionState.FAILED


@pytest.fixture
def kind(tmp_path: Path) -> CommandKind:
    return CommandKind(Settings(data=tmp_path / "data"))


def shell(script: str, *arguments: str, **changes: Any) -> Work:
    return work(["sh", "-c", script, "sh", *arguments], **changes)


async def test_a_task_from_its_input_to_its_result(kind: CommandKind) -> None:
    script = (
        "import json, os, sys; row = json.load(sys.stdin)\n"
        "print('::progress 0.5 half', flush=True)\n"
        "print('::note thinking', flush=True)\n"
        "print('plain words', file=sys.stderr, flush=True)\n"
        "print(json.dumps({'argv': sys.argv[1:], 'row': row, 'cwd': os.getcwd(),\n"
        "  'env': {k: v for k, v in os.environ.items() if k.startswith('TENDESKS')}}))\n"
    )
    fields = {"name": "Acme $(id) 'x' \"y\"", "count": 2}
    listener = Listener()
    the_work = work(
        [PYTHON, "-c", "{script}", "--name={name}", "{{{count}}}"], fields={**fields, "script": script}
    )
    value = result_of(await performed(kind, the_work, listener))
    assert value["argv"] == ["--name=Acme $(id) 'x' \"y\"", "{2}"]
    assert value["row"] == {**fields, "script": script}
    assert value["cwd"] == "/"
    assert value["env"].pop(marks.FOLDER)
    assert value["env"] == {
        marks.TASK: the_work.task,
        marks.ATTEMPT: "1",
        marks.EXECUTION: f"{the_work.execution}.1",
    }
    assert listener.told == [("progress", 500), ("note", "half"), ("note", "thinking")]
    assert "::note thinking\n" in listener.text
    assert "plain words\n" in listener.text


async def test_the_servers_own_variables_stay_with_it(tmp_path: Path) -> None:
    inherited = {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C",
        "STRIPE_SECRET_KEY": "s",
        "TENDESKS_MASTER_KEYS": "k",
    }
    kind = CommandKind(Settings(data=tmp_path), inherited)
    given = {"MINE": "1", "LC_ALL": "C.UTF-8"}
    text = result_of(await performed(kind, work(["env"], params={"env": given})))["text"]
    names = {line.partition("=")[0] for line in text.splitlines()}
    assert names == {"PATH", "LC_ALL", "MINE", "PYTHONUNBUFFERED", *marks.MARKS}
    assert "LC_ALL=C.UTF-8" in text


async def test_text_and_garbage(kind: CommandKind) -> None:
    outcome = await performed(kind, shell(r"printf 'a\000b\377\nlast\n'"))
    assert result_of(outcome) == {"text": "ab�\nlast"}


async def test_directives_alone_are_an_empty_result(kind: CommandKind) -> None:
    assert result_of(await performed(kind, shell("echo '::progress 1'"))) == {"text": ""}


async def test_ten_megabytes_on_one_line_are_cut_text(kind: CommandKind) -> None:
    value = result_of(await performed(kind, shell("head -c 10000000 /dev/zero | tr '\\0' x")))
    assert 65_000 < len(value["text"]) < 65_536


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo first >&2; echo 'no such row' >&2; echo >&2; exit 3", "exit 3: no such row"),
        ("echo only stdout; exit 1", "exit 1: only stdout"),
        ("exit 255", "exit 255"),
        ("kill -KILL $$", "killed by SIGKILL"),
        ("kill -RTMIN $$", f"killed by {signal.Signals(signal.SIGRTMIN).name}"),
    ],
)
async def test_failures_say_why(kind: CommandKind, script: str, message: str) -> None:
    outcome = await performed(kind, shell(script))
    assert (outcome.state, outcome.reason, outcome.message) == (FAILED, Reason.EXIT, message)
    assert outcome.retryable


async def test_a_long_message_is_cut(kind: CommandKind) -> None:
    outcome = await performed(kind, shell(r"head -c 5000 /dev/zero | tr '\0' x >&2; exit 1"))
    assert outcome.message is not None
    assert len(outcome.message) == MESSAGE_CHARACTERS_MAX


async def test_a_result_that_is_too_large_is_a_limit(kind: CommandKind) -> None:
    outcome = await performed(kind, work([PYTHON, "-c", "print('[' + '1,' * 100_000 + '1]')"]))
    assert (outcome.state, outcome.reason) == (FAILED, Reason.LIMIT)
    assert "64 KiB" in (outcome.message or "")


@pytest.mark.parametrize(
    ("argv", "fields", "message"),
    [
        (["no-such-program"], {}, "no-such-program could not be started: No such file or directory"),
        (["/dev/null"], {}, "/dev/null could not be started: Permission denied"),
        (["echo", "{gone}"], {"there": 1}, "unknown field {gone}"),
        (["echo", "{x}"], {"x": "a\x00b"}, "expected arguments without NUL characters"),
        (["echo", *["{x}"] * 60], {"x": "x" * 60_000}, "echo could not be started: Argument list too long"),
    ],
)
async def test_what_cannot_be_started_is_not_tried_again(
    kind: CommandKind, argv: list[str], fields: dict[str, Any], message: str
) -> None:
    outcome = await performed(kind, work(argv, fields=fields))
    assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, Reason.INVALID, False)
    assert (outcome.message or "").startswith(message)


async def test_a_folder_that_has_gone_is_named(kind: CommandKind, tmp_path: Path) -> None:
    outcome = await performed(kind, work(["true"], params={"cwd": str(tmp_path / "gone")}))
    assert (outcome.reason, outcome.retryable) == (Reason.INVALID, False)
    assert str(tmp_path / "gone") in (outcome.message or "")


async def test_a_machine_that_is_short_of_something_may_be_asked_again(
    kind: CommandKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "memfd_create", full)
    outcome = await performed(kind, work(["true"]))
    assert (outcome.reason, outcome.retryable) == (Reason.LIMIT, True)
    assert "Too many open files" in (outcome.message or "")


async def test_each_attempt_may_have_a_folder_of_its_own(kind: CommandKind, tmp_path: Path) -> None:
    script = 'ls "$1"; echo kept > "$1/file"; test "$1" = "$TENDESKS_DIR" && echo "$1"'
    first, second = (shell(script, "{dir}", params={"dirs": True}, fence=fence) for fence in (1, 2))
    folder = Path(result_of(await performed(kind, first))["text"])
    assert folder == tmp_path / "data" / "dirs" / first.batch / first.task / "1"
    assert (folder / "file").read_text() == "kept\n"
    # The same attempt again, because the first was lost with its process: it finds nothing of what that one left.
    assert second.attempt == first.attempt
    assert result_of(await performed(kind, second)) == {"text": str(folder.with_name("2"))}


async def test_commands_can_be_forbidden(tmp_path: Path) -> None:
    kind = CommandKind(Settings(data=tmp_path, mode=Mode.HOSTED))
    with pytest.raises(ForbiddenError, match="TENDESKS_ALLOW_COMMANDS"):
        kind.check({"argv": ["true"]}, [])
    outcome = await performed(kind, work(["true"]))
    assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, Reason.INVALID, False)
    allowed = CommandKind(Settings(data=tmp_path, mode=Mode.HOSTED, allow_commands=True))
    assert allowed.check({"argv": ["true"]}, [])["argv"] == ["true"]


async def cancelled(kind: CommandKind, the_work: Work, listener: Listener, word: str) -> int:
    """Cancel once the body has said `word PID`; return the PID."""
    task = asyncio.ensure_future(kind.perform(the_work, listener))
    pid = await listener.number_after(word)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await within_limit(task)
    return pid


async def test_cancelling_ends_the_whole_group(kind: CommandKind) -> None:
    script = "sh -c 'sleep 1000 & echo pid $!; wait' & wait"
    assert not lives(await cancelled(kind, shell(script), Listener(), "pid"))
    assert not children()


async def test_cancelling_ends_those_who_do_not_listen(kind: CommandKind) -> None:
    script = "trap '' TERM; echo pid $$; while :; do sleep 0.01; done"
    assert not lives(await cancelled(kind, shell(script), Listener(HurriedClock()), "pid"))


async def test_cancelling_ends_those_who_left_the_group(kind: CommandKind) -> None:
    """Browsers driven by a program live in a session of their own, and must not outlive it."""
    script = "setsid sh -c 'echo pid $$; kill -STOP $$' & wait"
    pid = await cancelled(kind, shell(script), Listener(), "pid")
    until(lambda: not lives(pid), what="its end")


async def test_cancelling_during_the_start_leaves_nothing(kind: CommandKind, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    for turns in range(12):
        the_work = shell(f"echo x >> {trace}; sleep 1000 & sleep 1000", execution=f"e{turns:011}")
        task = asyncio.ensure_future(kind.perform(the_work, Listener()))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await within_limit(task)
        assert not children(), turns


async def test_a_start_that_fails_while_it_is_cancelled_is_cancelled(kind: CommandKind) -> None:
    task = asyncio.ensure_future(kind.perform(work(["no-such-program"]), Listener()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await within_limit(task)


async def test_endless_output_takes_bounded_memory(kind: CommandKind) -> None:
    listener = Listener()
    task = asyncio.ensure_future(kind.perform(work(["yes"]), listener))
    await listener.heard_characters(1_000_000)
    before = psutil.Process().memory_info().rss
    await listener.heard_characters(20_000_000)
    assert psutil.Process().memory_info().rss - before < 10_000_000
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await within_limit(task)


def test_the_loop_that_serves_performs_alike(kind: CommandKind) -> None:
    async def all_of_it() -> None:
        await test_text_and_garbage(kind)
        await test_cancelling_ends_the_whole_group(kind)
        await test_a_start_that_fails_while_it_is_cancelled_is_cancelled(kind)
        value = result_of(await performed(kind, shell("cat; exit 0", fields={"a": 1})))
        assert value == {"a": 1}

    body: Coroutine[Any, Any, None] = all_of_it()
    uvloop.run(body)


async def test_values_that_are_gone_halt_the_batch(kind: CommandKind, tmp_path: Path) -> None:
    """After a restart no task of the batch can do better: none is burnt, and the batch says what to do."""
    params = kind.check({"argv": ["true"], "env": {"API_KEY": "very-secret"}}, [])
    assert (await performed(kind, work(params=params))).state is ExecutionState.DONE
    outcome = await performed(CommandKind(Settings(data=tmp_path / "data")), work(params=params))
    assert (outcome.state, outcome.reason, outcome.halts) == (FAILED, Reason.INVALID, True)
    assert "API_KEY" in (outcome.message or "")
    assert "submit these tasks again" in (outcome.message or "")


async def test_values_of_env_are_not_said(kind: CommandKind) -> None:
    listener = Listener()
    the_work = work(["no-such-program"], params={"env": {"API_KEY": "very-secret"}})
    outcome = await performed(kind, the_work, listener)
    assert "very-secret" not in json.dumps([outcome.message, listener.text])
