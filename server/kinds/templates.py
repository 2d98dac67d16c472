"""Placeholders in arguments: `{field}` is a field of the task's input, `{{` and `}}` are braces. Pure.

Every argument is filled for itself and handed to the program as it is: no shell ever reads a value.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from server.errors import InvalidInputError

_TOKEN = re.compile(r"(?P<brace>\{\{|\}\})|\{(?P<field>[^{}]*)\}|(?P<lone>[{}])")


def fields_in(template: str) -> tuple[str, ...]:
    """Return the names of the placeholders, in order and as often as they occur.

    Raises:
        InvalidInputError: a brace stands alone.
    """
    names = []
    for token in _TOKEN.finditer(template):
        if token["lone"]:
            raise InvalidInputError(
                f"expected {{field}}, {{{{ or }}}} at character {token.start() + 1} of {template!r}, "
                f"got a single {token['lone']}"
            )
        if token["field"] is not None:
            names.append(token["field"])
    return tuple(names)


def check(template: str, known: Collection[str]) -> None:
    """Make sure that the template can be filled from fields of these names.

    Raises:
        InvalidInputError: a placeholder names no known field, or a brace stands alone.
    """
    for name in fields_in(template):
        if name not in known:
            raise _unknown(name, template, known)


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Return the template with its placeholders filled; what is no string is written as JSON.

    Raises:
        InvalidInputError: a placeholder names no field of `values`, or a brace stands alone.
    """
    check(template, values)
    return _TOKEN.sub(lambda token: _filled(token, values), template)


def _filled(token: re.Match[str], values: Mapping[str, Any]) -> str:
    if token["field"] is None:
        return token[0][0]
    value = values[token["field"]]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _unknown(name: str, template: str, known: Collection[str]) -> InvalidInputError:
    listed = ", ".join(sorted(known)) or "none"
    return InvalidInputError(
        f"unknown field {{{name}}} in {template!r}; the tasks have: {listed} (a brace is written {{{{ or }}}})",
        field=name,
        known=sorted(known),
    )
