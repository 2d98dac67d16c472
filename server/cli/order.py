"""What `tendesks run` is asked to do, looked through before anything is started: the list, the program, the variables.

A mistake is told in a moment, by the same rules that the server goes by; the server looks again.
"""

import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.cli.exits import CommandError, UsageError
from server.cli.handing import Terms, spooled
from server.cli.source import Source
from server.errors import InvalidInputError
from server.intake.spool import Spool
from server.intake.submission import NAME_CHARS_MAX
from server.kinds import templates
from server.kinds.command_params import DIR_FIELD
from server.kinds.wording import one_line

TRIED_CHARS = 20
"""What `--try` may add to a batch's name."""


class NoProgramError(CommandError):
    """The program does not exist: nothing was started."""

    code = "no_program"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A list of tasks of kind `command` as the command line puts it. `env` are variables to pass on, beyond PATH.

    `title` and `key` name fields of the list; `dirs`: each attempt gets a folder of its own.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    options: Mapping[str, object]
    title: str | None = None
    key: str | None = None
    dirs: bool = False

    @property
    def terms(self) -> Terms:
        """What goes with the list. Variables are the caller's secrets."""
        return Terms(
            kind="command",
            params=self.params,
            options=self.options,
            title=self.title,
            key=self.key,
            private=bool(self.env),
        )

    @property
    def params(self) -> dict[str, Any]:
        """The params of the kind: the caller's folder and PATH go along."""
        path = {"PATH": os.environ["PATH"]} if "PATH" in os.environ else {}
        dirs = {"dirs": True} if self.dirs else {}
        return {"argv": list(self.command), "cwd": str(Path.cwd()), "env": {**path, **self.env}, **dirs}


def called(name: str | None, source: Source, *, tried: bool) -> str:
    """What the batch is called: as it is told, else as its list, cut to what a name may be.

    Raises:
        UsageError: with --try it leaves no room for "(first 3)".
    """
    most = NAME_CHARS_MAX - (TRIED_CHARS if tried else 0)
    if name is None:
        return one_line(source.name, most)
    if tried and len(name) > most:
        raise UsageError(f"--name: expected up to {most} characters with --try, got {len(name)}")
    return one_line(name, NAME_CHARS_MAX) or name


def variables(names: Sequence[str], environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The named variables with their values.

    Raises:
        UsageError: one is not set, or a value was written on the command line, where everyone could read it.
    """
    for name in names:
        if "=" in name:
            raise UsageError(f"--env takes a name only; set {name.split('=', 1)[0]} in the environment")
        if name not in environ:
            raise UsageError(f"--env {name}: no such variable is set")
    return {name: environ[name] for name in names}


def check_program(program: str) -> None:
    """Make sure that the program is there; one whose name comes from the list is left to the server.

    Raises:
        NoProgramError: it is not.
    """
    if "{" not in program and shutil.which(program) is None:
        where = "is no program" if os.sep in program else "is no program on the PATH"
        raise NoProgramError(f"{program} {where}; nothing was started")


@asynccontextmanager
async def looked_through(source: Source, order: Order) -> AsyncIterator[Spool]:
    """Read the whole list and hold it against the command; limits are left to the server, who has them.

    Raises:
        InvalidInputError: the list is empty or broken (line and column), lacks a field that the command names, or has
            rows without a key of their own.
    """
    async with spooled(source, title=order.title, key=order.key) as spool:
        _check_fields(order, spool.fields)
        yield spool


def _check_fields(order: Order, fields: Sequence[str]) -> None:
    if order.dirs and DIR_FIELD in fields:
        raise InvalidInputError(
            f"--dirs gives each attempt its folder as {{{DIR_FIELD}}}, but the list has a field of that name"
        )
    known = {*fields, DIR_FIELD} if order.dirs else set(fields)
    for argument in order.command:
        if DIR_FIELD in templates.fields_in(argument) and DIR_FIELD not in known:
            raise InvalidInputError(
                f"{{{DIR_FIELD}}} in {argument!r}: only with --dirs is there such a folder"
            )
        templates.check(argument, known)
