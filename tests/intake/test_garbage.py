"""Whatever is sent: it becomes rows, or an error that is the sender's to mend. Never anything else."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from server.errors import TenDesksError
from server.intake.jsonbody import parse, rows
from server.intake.spool import Spool
from server.intake.stream import Format, receive
from server.intake.submission import from_members, from_query

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
members = st.sampled_from(
    [
        "name",
        "kind",
        "params",
        "tasks",
        "attempts",
        "timeout",
        "slots",
        "priority",
        "try",
        "title",
        "key",
        "other",
    ]
)
pieces = st.lists(
    st.binary(max_size=8) | st.sampled_from([b'"', b",", b"\n", b"\r", b"{}", b"\xff\xfe", b"a,b\n"])
)


async def stream(chunks: list[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def received(chunks: list[bytes], shape: Format) -> tuple[int, int]:
    with Spool(Path(tempfile.gettempdir()), tasks_max=5, input_bytes_max=60) as spool:
        await receive(stream(chunks), spool, shape=shape, chars_max=40)
        tasks = [task async for chunk in spool.chunks() for task in chunk]
        assert all(isinstance(orjson.loads(task.input), dict) and task.title for task in tasks)
        return spool.total, len(tasks)


def outcome(act: Callable[[], Any]) -> Any:
    """What came of it; of errors only those that are the sender's to mend."""
    try:
        return act()
    except TenDesksError as error:
        return error.status


@given(pieces, st.sampled_from(Format))
def test_any_stream_is_a_list_or_is_refused(chunks: list[bytes], shape: Format) -> None:
    found = outcome(lambda: asyncio.run(received(chunks, shape)))
    assert found in {400, 413} or 1 <= found[0] == found[1] <= 5


@given(st.binary(max_size=40) | json_values.map(orjson.dumps))
def test_any_body_is_an_object_or_is_refused(body: bytes) -> None:
    found = outcome(lambda: list(rows(parse(body))))
    assert found == 400 or isinstance(found, list)


@given(st.dictionaries(members, json_values | st.just("demo") | st.integers(0, 5), max_size=6))
def test_any_members_are_a_submission_or_are_refused(given_: dict[str, Any]) -> None:
    found = outcome(lambda: from_members(given_))
    assert found == 400 or (found.kind and found.priority in {1, 2, 4})


@given(
    st.dictionaries(
        members, st.text(max_size=6) | json_values.map(lambda value: orjson.dumps(value).decode())
    )
)
def test_any_query_is_a_submission_or_is_refused(query: dict[str, str]) -> None:
    found = outcome(lambda: from_query(query))
    assert found == 400 or (found.kind and found.priority in {1, 2, 4})
