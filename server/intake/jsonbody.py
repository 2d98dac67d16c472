"""The JSON body of a submission: its members, and its tasks as rows."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from server.errors import InvalidInputError
from server.intake.ndjson import named
from server.intake.rows import Row
from server.intake.text import wrong

_MEMBERS = ("title", "input", "key")


def parse(body: bytes) -> dict[str, Any]:
    """Return the body's object.

    Raises:
        InvalidInputError: it is not JSON (with line and column) or no object.
    """
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise wrong(f"The body is not JSON: {error.msg}", error.lineno, error.colno) from None
    if not isinstance(members, dict):
        raise InvalidInputError(f"The body: expected an object, got {named(members)}")
    return members


def rows(members: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the tasks of a body. There are no lines in it: `tasks[16]` says where something is wrong.

    Raises:
        InvalidInputError: names the member, what was expected and what came.
    """
    tasks = members.get("tasks")
    if not isinstance(tasks, list):
        raise InvalidInputError(f"tasks: expected a list, got {named(tasks)}")
    for index, task in enumerate(tasks):
        yield _row(index, task)


def _row(index: int, task: Any) -> Row:
    where = f"tasks[{index}]"
    if not isinstance(task, dict):
        raise InvalidInputError(f"{where}: expected an object, got {named(task)}")
    for name in task:
        if name not in _MEMBERS:
            raise InvalidInputError(f"{where}: unknown member {name!r}, expected {', '.join(_MEMBERS)}")
    fields = task.get("input")
    if not isinstance(fields, dict):
        raise InvalidInputError(f"{where}.input: expected an object, got {named(fields)}")
    return Row(
        number=index + 1,
        line=1,
        fields=fields,
        input=orjson.dumps(fields),
        title=_text(f"{where}.title", task.get("title")),
        key=_text(f"{where}.key", task.get("key")),
    )


def _text(where: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InvalidInputError(f"{where}: expected a text, got {named(value)}")
    return value
