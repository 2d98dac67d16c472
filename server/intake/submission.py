"""What a submission says besides its list: read from a JSON body's members or from a query, checked before anything else."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from server.errors import InvalidInputError
from server.intake.ndjson import named
from server.kinds.contract import Kind
from server.kinds.wording import one_line
from server.model import PRIORITIES, NewBatch

NAME_CHARS_MAX = 200
ATTEMPTS_MAX = 20
SLOTS_MAX = 1_000
TIMEOUT_S_MAX = 7 * 24 * 3600
TIMEOUT_MS = 20 * 60 * 1000
MEMBERS = ("name", "kind", "params", "attempts", "timeout", "slots", "priority", "try")
QUERY = (*MEMBERS, "title", "key")


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """A batch as wished for. None: as the kind or the list has it. `first`: only so many tasks of the list (`try`).

    `title` and `key` name the field of the list that is each task's title and the submitter's name for it.
    """

    kind: str
    params: Mapping[str, Any]
    name: str | None = None
    attempts: int | None = None
    timeout_ms: int | None = None
    slots: int | None = None
    priority: int = 1
    first: int | None = None
    title: str | None = None
    key: str | None = None

    def batch(self, kind: Kind, *, total: int, kept: int, fields: tuple[str, ...]) -> NewBatch:
        """The batch to be stored: `kept` of a list of `total` tasks, which all have `fields`.

        Raises:
            InvalidInputError: the kind refuses the params.
        """
        name = self.name or f"{kind.name}, {total:,} {'task' if total == 1 else 'tasks'}"
        return NewBatch(
            name=f"{name} (first {kept})" if kept < total else name,
            kind=kind.name,
            params=kind.check(self.params, fields),
            attempts=kind.attempts if self.attempts is None else self.attempts,
            timeout_ms=TIMEOUT_MS if self.timeout_ms is None else self.timeout_ms,
            slots=self.slots,
            priority=self.priority,
        )


def from_members(members: Mapping[str, Any]) -> Submission:
    """Read the members of a JSON body; `tasks` is read elsewhere.

    Raises:
        InvalidInputError: names the member, what was expected and what came.
    """
    _known(members, (*MEMBERS, "tasks"), "member")
    return _submission(members)


def from_query(query: Mapping[str, str]) -> Submission:
    """Read a query: the same names, params as JSON, and `title` and `key`, which name fields of the list.

    Raises:
        InvalidInputError: names the parameter, what was expected and what came.
    """
    _known(query, QUERY, "parameter")
    values: dict[str, Any] = {name: text for name, text in query.items() if text != ""}
    for name in ("params", "attempts", "timeout", "slots", "priority", "try"):
        if name in values:
            values[name] = _json(name, values[name])
    return _submission(values)


def _submission(values: Mapping[str, Any]) -> Submission:
    timeout = _given(values, "timeout", _seconds)
    return Submission(
        name=_given(values, "name", _name),
        kind=_text("kind", values.get("kind")),
        params=_given(values, "params", _object) or {},
        attempts=_given(values, "attempts", _between(1, ATTEMPTS_MAX)),
        timeout_ms=timeout,
        slots=_given(values, "slots", _between(1, SLOTS_MAX)),
        priority=_given(values, "priority", _priority) or 1,
        first=_given(values, "try", _between(1, None)),
        title=_given(values, "title", _text),
        key=_given(values, "key", _text),
    )


def _known(given: Mapping[str, Any], known: tuple[str, ...], word: str) -> None:
    for name in given:
        if name not in known:
            raise InvalidInputError(f"unknown {word} {name!r}: expected {', '.join(known)}")


def _json(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"{name}: expected JSON, got {text[:100]!r} ({error.msg})") from None


def _given(values: Mapping[str, Any], name: str, read: Callable[[str, Any], Any]) -> Any:
    value = values.get(name)
    return None if value is None else read(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        got = "nothing" if value is None or value == "" else named(value)
        raise InvalidInputError(f"{name}: expected a text, got {got}")
    return value


def _name(name: str, value: Any) -> str:
    given = _text(name, value)
    text = one_line(given, NAME_CHARS_MAX)
    if not text or len(given) > NAME_CHARS_MAX:
        raise InvalidInputError(f"{name}: expected 1 to {NAME_CHARS_MAX} characters, got {len(given)}")
    return text


def _object(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInputError(f"{name}: expected an object, got {named(value)}")
    return value


def _between(low: int, high: int | None) -> Callable[[str, Any], int]:
    def read(name: str, value: Any) -> int:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and low <= value and (high is None or value <= high):
            return int(value)
        span = f"{low} to {high}" if high is not None else f"{low} or more"
        raise InvalidInputError(f"{name}: expected a whole number, {span}, got {value!r}")

    return read


def _priority(name: str, value: Any) -> int:
    if isinstance(value, bool) or value not in PRIORITIES:
        raise InvalidInputError(f"{name}: expected one of {', '.join(map(str, PRIORITIES))}, got {value!r}")
    return int(value)


def _seconds(name: str, value: Any) -> int:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or not 0 < value <= TIMEOUT_S_MAX:
        raise InvalidInputError(
            f"{name}: expected seconds, above 0 and up to {TIMEOUT_S_MAX:,}, got {value!r}"
        )
    return max(int(value * 1000), 1)
