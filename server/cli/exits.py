"""How a command ends: the one table of exit codes, and the errors that are the command line's own."""

from collections.abc import Mapping
from enum import IntEnum
from typing import ClassVar

from server.errors import TenDesksError


class Exit(IntEnum):
    """What a command's exit code says."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    NO_SERVER = 3
    INTERRUPTED = 130


MEANINGS: Mapping[Exit, str] = {
    Exit.OK: "all is well; for run: every task is done",
    Exit.REFUSED: "tasks failed or were cancelled, or the server refused",
    Exit.USAGE: "the command line is not right",
    Exit.NO_SERVER: "no server answers",
    Exit.INTERRUPTED: "interrupted by Ctrl-C",
}


class CommandError(TenDesksError):
    """What ends a command: `detail` is the line a person reads, `exit` the code of the process."""

    exit: ClassVar[Exit] = Exit.REFUSED


class UsageError(CommandError):
    """The command line is not right: mend it as `detail` says."""

    code = "usage"
    exit = Exit.USAGE


class NoServerError(CommandError):
    """Nobody answers at the address, or no address is known: start a server or name another one."""

    code = "no_server"
    exit = Exit.NO_SERVER


class RefusedError(CommandError):
    """The server said no; `problem` is its problem document (RFC 9457), `status` the HTTP status."""

    def __init__(self, detail: str, *, problem: Mapping[str, object], status: int) -> None:
        super().__init__(detail)
        self.problem = problem
        self.answered = status

    @property
    def reason(self) -> str:
        """The stable word for what was wrong."""
        return str(self.problem.get("code", "refused"))


def exit_of(error: TenDesksError) -> Exit:
    """The exit code that fits an error; what the server's own parts raise counts as refused."""
    return error.exit if isinstance(error, CommandError) else Exit.REFUSED
