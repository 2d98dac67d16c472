"""A list is handed in as a batch: as it is, or a part of it; its params in the query, or all in one body."""

import sys
import tempfile
from collections.abc import AsyncIterator, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from server.cli.api import Api
from server.cli.rows import KeyedSpool
from server.cli.source import MEDIA, Source
from server.intake.spool import Spool
from server.intake.stream import Format, receive
from server.model import NewTask

QUERY_BYTES_MAX = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What goes with a list: its kind with params, and the batch's options. `title` and `key` name fields of the list.

    `private`: the params hold what must not stand in a query, where every log would have it.
    """

    kind: str
    params: Mapping[str, Any]
    options: Mapping[str, object]
    title: str | None = None
    key: str | None = None
    private: bool = False

    @property
    def in_body(self) -> bool:
        """Whether the params are no matter for a query: private, or as long as a prompt of some pages."""
        return self.private or len(orjson.dumps(self.params)) > QUERY_BYTES_MAX


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


@asynccontextmanager
async def spooled(source: Source, *, title: str | None, key: str | None) -> AsyncIterator[Spool]:
    """The whole list, looked through and kept in a nameless file; limits are left to the server, who has them.

    Raises:
        InvalidInputError: the list is empty or broken (line and column), or has rows without a key of their own.
    """
    folder, most = Path(tempfile.gettempdir()), sys.maxsize
    with (
        Spool(folder, tasks_max=most, input_bytes_max=most, title=title)
        if key is None
        else KeyedSpool(folder, tasks_max=most, input_bytes_max=most, title=title, key=key)
    ) as spool:
        await receive(source.body(), spool, shape=source.shape, chars_max=most)
        yield spool


async def hand_in(api: Api, source: Source, terms: Terms, spool: Spool, part: Part) -> dict[str, Any]:
    """Hand rows in as a batch and return what the server made of it.

    The list goes as it is, or what is left of it as NDJSON, with the params in the query; or all as one JSON body.
    """
    if terms.in_body:
        return dict(await api.upload("/batches", lambda: _json(terms, spool, part), "application/json", {}))
    query = query_of(terms, part.name) | {"try": part.first}
    if part.whole:
        return dict(await api.upload("/batches", source.body, source.media, query))
    return dict(await api.upload("/batches", lambda: _ndjson(spool, part), MEDIA[Format.NDJSON], query))


def query_of(terms: Terms, name: str) -> dict[str, object]:
    """The query beside a list that goes as it is."""
    return {
        "name": name,
        "kind": terms.kind,
        "params": orjson.dumps(terms.params).decode(),
        "title": terms.title,
        "key": terms.key,
        **terms.options,
    }


async def _json(terms: Terms, spool: Spool, part: Part) -> AsyncIterator[bytes]:
    members = {name: value for name, value in terms.options.items() if value is not None}
    trial = {"try": part.first} if part.first else {}
    head = orjson.dumps({"name": part.name, "kind": terms.kind, "params": terms.params, **members, **trial})
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
