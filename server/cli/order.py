"""What `tendesks run` is asked to do, looked through before anything is started: the list, the program, the variables.

A mistake is told in a moment, by the same rules that the server goes by; the server looks again.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from server.cli.api import Api
from server.cli.exits import CommandError, UsageError
from server.cli.source import Source
from server.intake.spool import Spool
from server.intake.stream import receive
from server.kinds import templates

QUERY_BYTES_MAX = 2_000


class NoProgramError(CommandError):
    """The program does not exist: nothing was started."""

    code = "no_program"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A batch of kind `command` as the command line puts it. `env` are variables to pass on, beyond PATH."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    options: Mapping[str, object]
    title: str | None = None

    @property
    def params(self) -> dict[str, Any]:
        """The params of the kind: the caller's folder and PATH go along."""
        path = {"PATH": os.environ["PATH"]} if "PATH" in os.environ else {}
        return {"argv": list(self.command), "cwd": str(Path.cwd()), "env": {**path, **self.env}}


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
        InvalidInputError: the list is empty or broken (line and column), or lacks a field that the command names.
    """
    folder = Path(tempfile.gettempdir())
    with Spool(folder, tasks_max=sys.maxsize, input_bytes_max=sys.maxsize, title=order.title) as spool:
        await receive(source.body(), spool, shape=source.shape, chars_max=sys.maxsize)
        for argument in order.command:
            templates.check(argument, spool.fields)
        yield spool


async def submit(api: Api, source: Source, order: Order, spool: Spool) -> dict[str, Any]:
    """Hand the batch in and return what the server made of it.

    The list goes as it is, the params in the query; but variables are the caller's secrets and a query is not the
    place for them (nor for a prompt of some pages): then both go as one JSON body.
    """
    params = orjson.dumps(order.params).decode()
    if order.env or len(params) > QUERY_BYTES_MAX:
        made = await api.upload("/batches", lambda: _body(order, spool), "application/json", {})
    else:
        query = {
            "name": order.name,
            "kind": "command",
            "params": params,
            "title": order.title,
            **order.options,
        }
        made = await api.upload("/batches", source.body, source.media, query)
    return dict(made)


async def _body(order: Order, spool: Spool) -> AsyncIterator[bytes]:
    members = {name: value for name, value in order.options.items() if value is not None}
    head = orjson.dumps({"name": order.name, "kind": "command", "params": order.params, **members})
    yield head[:-1] + b',"tasks":['
    comma = b""
    async for chunk in spool.chunks():
        tasks = ({"title": task.title, "input": orjson.Fragment(task.input)} for task in chunk)
        yield comma + b",".join(map(orjson.dumps, tasks))
        comma = b","
    yield b"]}"
