"""Whatever is sent: it becomes rows, or an error that is the sender's to mend. Never anything else."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import TenDesksError
from server.intake import elements
from server.intake.jsonbody import JsonReader, parse
from server.intake.spool import Spool
from server.intake.stream import Format, receive
from server.intake.submission import from_members, from_query

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
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


def body_read(body: bytes, size: int) -> tuple[list[Any], Any]:
    reader = JsonReader(1_000)
    found = [row for start in range(0, len(body), size) for row in reader.feed(body[start : start + size])]
    found += reader.finish()
    return [row.fields for row in found], reader.members()


tasks = st.lists(
    st.fixed_dictionaries({"input": st.dictionaries(st.text(max_size=3), json_values, max_size=2)})
)
bodies = (
    st.binary(max_size=40)
    | json_values.map(orjson.dumps)
    | st.tuples(st.dictionaries(members, json_values, max_size=3), json_values | tasks).map(
        lambda found: orjson.dumps({**found[0], "tasks": found[1]}, option=orjson.OPT_INDENT_2)
    )
)


@given(bodies, st.integers(1, 30), st.integers(0, 60), st.binary(max_size=2))
def test_any_body_is_read_in_pieces_as_in_one_or_is_refused(
    body: bytes, size: int, at: int, damage: bytes
) -> None:
    body = body[:at] + damage + body[at:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elements, "STEP_BYTES", 1)
        found = outcome(lambda: body_read(body, size))
    try:
        whole = parse(body)
        inputs = [task["input"] for task in whole["tasks"]]
    except (TenDesksError, KeyError, TypeError):
        assert found == 400
    else:
        assert found in (400, (inputs, {**whole, "tasks": []}))


@given(tasks, st.dictionaries(members, json_values), st.booleans(), st.integers(1, 30))
def test_a_body_that_is_right_is_read_as_it_is(
    listed: list[Any], others: dict[str, Any], indented: bool, size: int
) -> None:
    whole = {**others, "tasks": listed}
    body = orjson.dumps(whole, option=orjson.OPT_INDENT_2 if indented else 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elements, "STEP_BYTES", 1)
        assert body_read(body, size) == ([task["input"] for task in listed], {**whole, "tasks": []})


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
