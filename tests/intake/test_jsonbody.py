import pytest

from server.errors import InvalidInputError
from server.intake.jsonbody import parse, rows


def test_tasks_become_rows() -> None:
    members = parse(b'{"tasks": [{"title": "Acme", "input": {"a": 1}, "key": "k"}, {"input": {}}]}')
    first, second = rows(members)
    assert (first.title, first.key, first.fields, first.input) == ("Acme", "k", {"a": 1}, b'{"a":1}')
    assert (second.title, second.key, second.number) == (None, None, 2)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"tasks": [\n1,,]}', "line 2, column 3"),
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
        list(rows(parse(body)))
