"""What `tendesks run` is asked to do, looked through before anything is started: the list, the program, the variables.

A mistake is told in a moment, by the same rules that the server goes by; the server looks again.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Container, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from server.cli.api import Api
from server.cli.exits import CommandError, UsageError
from server.cli.rows import KeyedSpool
from server.cli.source import MEDIA, Source
from server.errors import InvalidInputError
from server.intake.spool import Spool
from server.intake.stream import Format, receive
from server.intake.submission import NAME_CHARS_MAX
from server.kinds import templates
from server.kinds.command_params import DIR_FIELD
from server.kinds.wording import one_line
from server.model import NewTask

QUERY_BYTES_MAX = 2_000
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
    def params(self) -> dict[str, Any]:
        """The params of the kind: the caller's folder and PATH go along."""
        path = {"PATH": os.environ["PATH"]} if "PATH" in os.environ else {}
        dirs = {"dirs": True} if self.dirs else {}
        return {"argv": list(self.command), "cwd": str(Path.cwd()), "env": {**path, **self.env}, **dirs}


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The rows of a list that go into one batch: all whose key is not in `skip`, without the first `start` of these.

    `first`: only so many, to try; the server looks through the others too, and says so in the batch's name.
    """

    name: str
    skip: Container[str] = frozenset()
    start: int = 0
    first: int | None = None

    @property
    def whole(self) -> bool:
        """Whether it begins where the list does and leaves out nothing."""
        return self.start == 0 and self.skip == frozenset()


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
    with _spool(order) as spool:
        await receive(source.body(), spool, shape=source.shape, chars_max=sys.maxsize)
        _check_fields(order, spool.fields)
        yield spool


async def submit(api: Api, source: Source, order: Order, spool: Spool, part: Part) -> dict[str, Any]:
    """Hand rows in as a batch and return what the server made of it.

    The list goes as it is, or what is left of it as NDJSON, and the params in the query; but variables are the caller's
    secrets and a query is not the place for them (nor for a prompt of some pages): then all goes as one JSON body.
    """
    params = orjson.dumps(order.params).decode()
    if order.env or len(params) > QUERY_BYTES_MAX:
        return dict(await api.upload("/batches", lambda: _json(order, spool, part), "application/json", {}))
    query = {
        "name": part.name,
        "kind": "command",
        "params": params,
        "title": order.title,
        "key": order.key,
        "try": part.first,
        **order.options,
    }
    if part.whole:
        return dict(await api.upload("/batches", source.body, source.media, query))
    return dict(await api.upload("/batches", lambda: _ndjson(spool, part), MEDIA[Format.NDJSON], query))


def _spool(order: Order) -> Spool:
    folder = Path(tempfile.gettempdir())
    if order.key is None:
        return Spool(folder, tasks_max=sys.maxsize, input_bytes_max=sys.maxsize, title=order.title)
    return KeyedSpool(
        folder, tasks_max=sys.maxsize, input_bytes_max=sys.maxsize, title=order.title, key=order.key
    )


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


async def _json(order: Order, spool: Spool, part: Part) -> AsyncIterator[bytes]:
    members = {name: value for name, value in order.options.items() if value is not None}
    trial = {"try": part.first} if part.first else {}
    head = orjson.dumps({"name": part.name, "kind": "command", "params": order.params, **members, **trial})
    yield head[:-1] + b',"tasks":['
    comma = b""
    async for tasks in _tasks(spool, part):
        yield comma + b",".join(map(_as_json, tasks))
        comma = b","
    yield b"]}"


def _as_json(task: NewTask) -> bytes:
    key = {} if task.key is None else {"key": task.key}
    return orjson.dumps({"title": task.title, "input": orjson.Fragment(task.input), **key})


async def _ndjson(spool: Spool, part: Part) -> AsyncIterator[bytes]:
    async for tasks in _tasks(spool, part):
        yield b"".join(task.input + b"\n" for task in tasks)


async def _tasks(spool: Spool, part: Part) -> AsyncIterator[list[NewTask]]:
    passed = 0
    async for chunk in spool.chunks():
        wanted = [task for task in chunk if task.key not in part.skip]
        left = wanted[max(part.start - passed, 0) :]
        passed += len(wanted)
        if left:
            yield left
