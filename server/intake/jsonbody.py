"""The JSON body of a submission: its tasks as rows while it arrives, and then its members."""

from collections.abc import Iterator
from typing import Any

import orjson

from server.errors import InvalidInputError
from server.intake.elements import Elements, Place
from server.intake.ndjson import named
from server.intake.rows import Row
from server.intake.text import wrong

ELEMENT_FACTOR = 8
"""A task's text may have so many times `input_bytes_max`: it holds spaces, escapes, a title and a key beside its input."""
_MEMBERS = ("title", "input", "key")


class NotJsonError(InvalidInputError):
    """A body is not JSON; `position` counts characters from 0."""

    def __init__(self, said: str, error: orjson.JSONDecodeError) -> None:
        detail = f"{said} (line {error.lineno}, column {error.colno})"
        super().__init__(detail, line=error.lineno, column=error.colno)
        self.said = said
        self.position = error.pos


def parse(body: bytes) -> dict[str, Any]:
    """Return the body's object.

    Raises:
        InvalidInputError: it is not JSON (with line and column) or no object.
    """
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        said = f"The body is not JSON: {error.msg}"
        raise NotJsonError(said, error) from None
    if not isinstance(members, dict):
        raise InvalidInputError(f"The body: expected an object, got {named(members)}")
    return members


class JsonReader:
    """Rows of a JSON body's `tasks`, and then its other members. Reads bytes: JSON is UTF-8."""

    def __init__(self, chars_max: int) -> None:
        self._elements = Elements("tasks", ELEMENT_FACTOR * chars_max)
        self._count = 0

    def feed(self, chunk: bytes) -> Iterator[Row]:
        """Take some more of the body.

        Raises:
            InvalidInputError: names the member, what was expected and what came.
            LimitExceededError: a task or what is around the tasks is too large.
        """
        yield from self._rows(self._elements.feed(chunk))

    def finish(self) -> Iterator[Row]:
        """The body has ended. Raises as `feed` does."""
        yield from self._rows(self._elements.finish())

    def members(self) -> dict[str, Any]:
        """Return the body's members, `tasks` emptied.

        Raises:
            InvalidInputError: it is not JSON (with line and column), no object, or has no list of tasks.
        """
        elements = self._elements
        try:
            members = parse(bytes(elements.around))
        except NotJsonError as error:
            raise wrong(error.said, *elements.place_around(error.position)) from None
        tasks = members.get("tasks")
        if not isinstance(tasks, list):
            raise InvalidInputError(f"tasks: expected a list, got {named(tasks)}")
        if tasks or not elements.found:
            raise InvalidInputError('tasks: expected once, and spelled "tasks"')
        return members

    def _rows(self, found: Iterator[tuple[bytes, Place]]) -> Iterator[Row]:
        for text, place in found:
            yield self._row(text, place)
            self._count += 1

    def _row(self, text: bytes, place: Place) -> Row:
        where = f"tasks[{self._count}]"
        try:
            task = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            place = place.after(text.decode(errors="replace")[: error.pos].encode())
            raise wrong(f"{where} is not JSON: {error.msg}", *place) from None
        return _row(where, task, self._count + 1, place.after(text[: len(text) - len(text.lstrip())]).line)


def _row(where: str, task: Any, number: int, line: int) -> Row:
    if not isinstance(task, dict):
        raise InvalidInputError(f"{where}: expected an object, got {named(task)}")
    for name in task:
        if name not in _MEMBERS:
            raise InvalidInputError(f"{where}: unknown member {name!r}, expected {', '.join(_MEMBERS)}")
    fields = task.get("input")
    if not isinstance(fields, dict):
        raise InvalidInputError(f"{where}.input: expected an object, got {named(fields)}")
    return Row(
        number=number,
        line=line,
        fields=fields,
        input=orjson.dumps(fields),
        title=_text(where, "title", task.get("title")),
        key=_text(where, "key", task.get("key")),
    )


def _text(where: str, name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InvalidInputError(f"{where}.{name}: expected a text, got {named(value)}")
    return value
