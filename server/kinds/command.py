"""The kind `command`: one local program per task, its input as JSON on stdin, its fields as arguments."""

import errno
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from server.errors import ForbiddenError, InvalidInputError, LimitExceededError, TenDesksError
from server.kinds import folders, marks, templates
from server.kinds.body import carry_out, hearing, signal_name, tell
from server.kinds.command_params import DIR_FIELD, checked, environment_of
from server.kinds.contract import Context
from server.kinds.environment import body_environment
from server.kinds.output import DirectedStream, Stream
from server.kinds.program import Launch
from server.kinds.result import result_of
from server.kinds.withheld import ValuesLostError, Withheld
from server.kinds.wording import one_line
from server.model import ExecutionState, Outcome, Reason, Work
from server.settings import Settings

MESSAGE_CHARACTERS_MAX = 300
_STDERR_KEPT_BYTES = 4 * 1024
# What will not be otherwise at the next attempt; all else that keeps a program from starting is the machine's state.
_LASTING = frozenset(
    {errno.ENOENT, errno.EACCES, errno.EPERM, errno.ENOEXEC, errno.ENOTDIR, errno.E2BIG, errno.ENAMETOOLONG}
)


class CommandKind:
    """Params `{"argv": […], "cwd"?, "env"?: {…}, "dirs"?}`: see `command_params`.

    The program gets its input as one line of JSON on stdin, ends the line `::progress 0.4 reading` or `::note …` to
    move its desk, and its last line, if that is JSON, is the result; else `{"text": the end of its stdout}`.
    """

    name = "command"
    attempts = 1

    def __init__(self, settings: Settings, inherited: Mapping[str, str] = os.environ) -> None:
        self._settings = settings
        self._inherited = inherited
        self._withheld = Withheld()
        self._folder_mark = marks.folder_mark(settings.data)

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
        """See Kind.

        Raises:
            ForbiddenError: commands are not allowed on this server.
        """
        self._allow()
        return checked(params, fields, self._inherited, self._withheld)

    async def perform(self, work: Work, context: Context) -> Outcome:
        """See Kind."""
        stdout = DirectedStream(self._settings.result_bytes_max)
        stderr = Stream(_STDERR_KEPT_BYTES)
        try:
            self._allow()
            code = await carry_out(
                work,
                self._launch(work),
                context.clock,
                self._folder_mark,
                stdout=hearing(context, stdout),
                stderr=hearing(context, stderr),
            )
        except ValuesLostError as error:
            return error.outcome()
        except TenDesksError as error:
            return _failed(Reason.INVALID, error.detail, retryable=False)
        except OSError as error:
            return _not_started(work.params["argv"][0], error)
        for stream in (stdout, stderr):
            tell(context, stream.end())
        return _outcome(code, stdout, stderr, self._settings.result_bytes_max)

    def _launch(self, work: Work) -> Launch:
        """Put together what is started.

        Raises:
            InvalidInputError: this task's input does not fit the params.
        """
        params = work.params
        values = _fields_of(work.input)
        given = environment_of(params, self._withheld)
        if params["dirs"]:
            folder = str(folders.own_folder(self._settings.data, work))
            values, given = {**values, DIR_FIELD: folder}, {**given, folders.VARIABLE: folder}
        argv = [templates.fill(argument, values) for argument in params["argv"]]
        environment = body_environment(work, self._folder_mark, given, self._inherited)
        if any("\x00" in text for text in argv):
            raise InvalidInputError("expected arguments without NUL characters, got one in this task's input")
        if not Path(params["cwd"]).is_dir():
            raise InvalidInputError(f"expected the folder {params['cwd']} to start in, got none")
        return Launch(argv=argv, cwd=params["cwd"], environment=environment, stdin=work.input + b"\n")

    def _allow(self) -> None:
        if not self._settings.commands_allowed:
            raise ForbiddenError(
                "commands are not allowed on this server (its operator sets TENDESKS_ALLOW_COMMANDS)"
            )


def _fields_of(text: bytes) -> Mapping[str, Any]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}


def _outcome(code: int, stdout: Stream, stderr: Stream, result_bytes_max: int) -> Outcome:
    if code < 0:
        return _failed(Reason.EXIT, f"killed by {signal_name(-code)}")
    if code > 0:
        words = (stderr.tail.last_line() or stdout.tail.last_line()).decode("utf-8", "replace")
        return _failed(Reason.EXIT, f"exit {code}: {words}" if words else f"exit {code}")
    try:
        return Outcome(state=ExecutionState.DONE, result=result_of(stdout.tail, result_bytes_max))
    except LimitExceededError as error:
        return _failed(Reason.LIMIT, error.detail)


def _not_started(program: str, error: OSError) -> Outcome:
    message = f"{program} could not be started: {error.strerror or type(error).__name__}"
    if error.errno in _LASTING:
        return _failed(Reason.INVALID, message, retryable=False)
    return _failed(Reason.LIMIT, message)


def _failed(reason: Reason, message: str, *, retryable: bool = True) -> Outcome:
    return Outcome(
        state=ExecutionState.FAILED,
        reason=reason,
        message=one_line(message, MESSAGE_CHARACTERS_MAX),
        retryable=retryable,
    )
