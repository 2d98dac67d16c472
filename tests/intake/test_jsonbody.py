import tracemalloc

import orjson
import pytest

from server.errors import InvalidInputError, LimitExceededError
from server.intake.elements import AROUND_BYTES_MAX
from server.intake.jsonbody import JsonReader
from server.intake.rows import Row


def rows(body: bytes, size: int = 7) -> list[Row]:
    reader = JsonReader(1_000)
    found = [row for start in range(0, len(body), size) for row in reader.feed(body[start : start + size])]
    found += reader.finish()
    assert reader.members()["tasks"] == []
    return found


def test_tasks_become_rows() -> None:
    body = b'{"tasks": [{"title": "Acme", "input": {"a": 1}, "key": "k"},\n {"input": {}}]}'
    first, second = rows(body)
    assert (first.title, first.key, first.fields, first.input) == ("Acme", "k", {"a": 1}, b'{"a":1}')
    assert (second.title, second.key, second.number, second.line) == (None, None, 2, 2)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"tasks": [\n{"input": {}},,]}', "line 2, column 15"),
        (
            b'{"tasks": [{"input": {}},\n {"input": {"\xc3\xa9": x}}]}',
            r"tasks\[1\] is not JSON.*line 2, column 18",
        ),
        (b'{"tasks": [{"input": {}}]\n, "name" 3}', "not JSON.*line 2, column 10"),
        (b'{"name" 3, "tasks": []}', "not JSON.*line 1, column 9"),
        (b'{"tasks": [{"input": {}}', "ends within tasks.*line 1, column 25"),
        (b'{"tasks": [{"input": {}},]}', r"tasks\[1\] is not JSON.*line 1, column 26"),
        (b'{"tasks": [{"input": {}}}', "got '}'.*line 1, column 25"),
        (b'{"tasks": [], "tasks": []}', "expected once, got it twice"),
        (b'{"tasks": [], "tasks": 1}', "expected a list, got a number"),
        (rb'{"t\u0061sks": [1]}', 'spelled "tasks"'),
        (b"[]", "expected an object, got a list"),
        (b"{}", "tasks: expected a list, got null"),
        (b'{"tasks": {}}', "tasks: expected a list, got an object"),
        (b'{"tasks": [1]}', r"tasks\[0\]: expected an object, got a number"),
        (b'{"tasks": [{"input": {}}, {"name": "x"}]}', r"tasks\[1\]: unknown member 'name'"),
        (b'{"tasks": [{"title": "x"}]}', r"tasks\[0\].input: expected an object, got null"),
        (b'{"tasks": [{"input": {}, "title": 3}]}', r"tasks\[0\].title: expected a text, got a number"),
        (b'{"tasks": [{"input": {}, "key": []}]}', r"tasks\[0\].key: expected a text, got a list"),
    ],
)
def test_what_is_wrong_is_named(body: bytes, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        rows(body)


def test_a_list_of_that_name_elsewhere_is_none_of_ours() -> None:
    reader = JsonReader(1_000)
    body = (
        rb'{"params": {"tasks": [1, {"a": "]"}]}, "name": "\"tasks\": [", "tasks" : ' + b'\n[{"input": {}}]}'
    )
    assert [row.line for row in [*reader.feed(body), *reader.finish()]] == [2]
    assert reader.members() == {"params": {"tasks": [1, {"a": "]"}]}, "name": '"tasks": [', "tasks": []}


def test_what_is_too_large_is_bounded_before_it_is_complete() -> None:
    for body, limit in (
        (b'{"tasks": [{"input": {"a": "' + b"x" * 9_000, "input_bytes_max"),
        (b'{"name": "' + b"x" * AROUND_BYTES_MAX, "around_bytes_max"),
    ):
        with pytest.raises(LimitExceededError, match=limit):
            list(JsonReader(1_000).feed(body))


def test_a_large_body_takes_little_memory_whatever_the_pieces() -> None:
    task = orjson.dumps({"input": {"name": "Acme", "text": "x" * 150}})
    reader, count = JsonReader(65_536), 0
    tracemalloc.start()
    try:
        for piece in [b'{"tasks": [', *([task + b","] * 20_000), task, b'], "name": "L"}']:
            count += sum(1 for _ in reader.feed(piece))
        count += sum(1 for _ in reader.finish())
        assert tracemalloc.get_traced_memory()[1] < 512 * 1024
    finally:
        tracemalloc.stop()
    assert (count, reader.members()["name"]) == (20_001, "L")
