"""The kind `python`: a function of an installed package, in a process of its own or, if it asks for that, inline."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from server.errors import InvalidInputError
from server.kinds import marks, python_child
from server.kinds.body import carry_out, hearing, signal_name, tell
from server.kinds.contract import Context
from server.kinds.environment import body_environment
from server.kinds.output import Stream
from server.kinds.program import Launch
from server.kinds.python_frames import Frames, failed
from server.kinds.python_functions import Function, declared, find
from server.kinds.python_inline import Inline
from server.model import Outcome, Reason, Work
from server.settings import Settings

_STDERR_KEPT_BYTES = 4 * 1024
_ROOT = str(Path(__file__).resolve().parents[2])


class PythonKind:
    """Params `{"name": …}`: the name of an entry point in the group `tendesks.kinds` or `tendesks.kinds.inline`.

    The function gets the task's input, and a `python_child.Context` if it takes a second argument. What it returns is
    the result; what it raises is how it failed. Sync or async.
    """

    name = "python"
    attempts = 1

    def __init__(self, settings: Settings, inherited: Mapping[str, str] = os.environ) -> None:
        self._settings = settings
        self._inherited = inherited
        self._folder_mark = marks.folder_mark(settings.data)
        self._found: dict[str, Function] = {}
        self._inline = Inline()

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002
        """See Kind. What is installed is looked up anew each time."""
        if unknown := params.keys() - {"name"}:
            raise InvalidInputError(f"python: expected name, got {', '.join(sorted(unknown))}")
        name = params.get("name")
        if not isinstance(name, str):
            raise InvalidInputError(f"python: expected name as a string, got {name!r}")
        self._found[name] = find(name, declared())
        return {"name": name}

    async def perform(self, work: Work, context: Context) -> Outcome:
        """See Kind."""
        try:
            function = self._function(work.params["name"])
        except InvalidInputError as error:
            return failed(Reason.INVALID, error.detail, retryable=False, halts=True)
        if function.inline:
            return await self._inline.perform(function, work, context)
        return await self._in_child(function, work, context)

    def _function(self, name: str) -> Function:
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = find(name, declared())
        return found

    async def _in_child(self, function: Function, work: Work, context: Context) -> Outcome:
        frames, printed = Frames(self._settings.result_bytes_max), Stream(_STDERR_KEPT_BYTES)
        try:
            code = await carry_out(
                work,
                self._launch(function, work),
                context.clock,
                self._folder_mark,
                stdout=hearing(context, frames),
                stderr=hearing(context, printed),
            )
        except OSError as error:
            return failed(Reason.LIMIT, f"{function.name} could not be started: {error.strerror or error}")
        for stream in (printed, frames):
            tell(context, stream.end())
        if frames.outcome is None:
            return failed(Reason.EXIT, _death(code, printed.tail.last_line()))
        if code:
            context.log(f"It said how it ended, and then its process ended with {_code_name(code)}.")
        return frames.outcome

    def _launch(self, function: Function, work: Work) -> Launch:
        order = {
            "name": function.name,
            "module": function.module,
            "attribute": function.attribute,
            "path": sys.path,
            "root": _ROOT,
            "task": work.task,
            "attempt": work.attempt,
            "execution": work.token,
            "result_bytes_max": self._settings.result_bytes_max,
        }
        return Launch(
            # The name is for who reads the list of processes.
            argv=[sys.executable, "-P", "-X", "faulthandler", python_child.__file__, function.name],
            cwd=str(Path.cwd()),
            environment=body_environment(work, self._folder_mark, {}, self._inherited),
            stdin=json.dumps(order).encode() + b"\n" + work.input,  # unlike orjson it takes any path
        )


def _death(code: int, last_line: bytes) -> str:
    """Say of a process that it ended before its function did."""
    if code < 0:
        cause = ", as the system does when it is out of memory" if code == -9 else ""
        return f"killed by {signal_name(-code)}{cause}"
    if code == python_child.TERMINATED:
        return "ended by SIGTERM, which this server did not send"
    words = last_line.decode("utf-8", "replace")
    return f"its process ended with exit {code} before the function did" + (f": {words}" if words else "")


def _code_name(code: int) -> str:
    return signal_name(-code) if code < 0 else f"exit {code}"
