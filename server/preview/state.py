"""A state that came from outside, read strictly: what the painter is given is complete and of the right kinds.

Fields that no table knows are left out, for a newer server may have told them.
"""

from collections.abc import Mapping
from typing import Any

from server.errors import InvalidInputError
from simulation.desk import WORKERS, Activity
from simulation.fields import FIELDS, Kind, State

batches_max = 120
"""How many batches a state tells of at most; the office's own tell of half as many."""
number_max = 2**53
pace_minutes_max = 20
text_chars_max = 480

_DESKS = frozenset(str(number) for number in range(len(WORKERS)))
_ACTIVITIES = frozenset(Activity)
_ROOTS = ("office", "desks", "overflow", "queue", "batches", "quota")
_LENGTHS = {Kind.COUNTS: 2, Kind.MOMENTS: 2, Kind.PROGRESS: 4}
_MUST = ("office.running", "overflow.count", "queue.waiting")


def checked(state: Any) -> State:
    """The state, of any view, with nothing in it that the painter does not understand.

    Raises:
        InvalidInputError: it is none; `detail` says where, what was expected and what came.
    """
    if not isinstance(state, Mapping):
        raise _wrong("state", "an object", state)
    known = {root: _part(state.get(root, {}), root) for root in _ROOTS if root != "quota" or root in state}
    for path in _MUST:
        root, name = path.split(".")
        if name not in known[root]:
            raise _wrong(path, FIELDS[path].kind.value, None)
    known["overflow"].setdefault("shown", {})
    return known


def _part(value: Any, path: str) -> State:
    if not isinstance(value, Mapping):
        raise _wrong(path, "an object", value)
    if path in {"desks", "batches"}:
        return _members(value, path)
    return {
        name: _field(item, f"{path}.{name}") for name, item in value.items() if f"{path}.{name}" in FIELDS
    }


def _members(value: Mapping[str, Any], path: str) -> State:
    if path == "batches" and len(value) > batches_max:
        raise InvalidInputError(f"batches: expected at most batches_max = {batches_max}, got {len(value)}")
    members: State = {}
    for key, item in value.items():
        if path == "desks" and key not in _DESKS:
            raise _wrong("desks", "desks from 0 to 9", key)
        members[key] = _member(item, f"{path}.{key}", f"{path}.*")
    return members


def _member(item: Any, path: str, general: str) -> State:
    if not isinstance(item, Mapping):
        raise _wrong(path, "an object", item)
    known = {
        name: _field(value, f"{path}.{name}", f"{general}.{name}")
        for name, value in item.items()
        if f"{general}.{name}" in FIELDS
    }
    for name, field in _required(general):
        if name not in known:
            raise _wrong(f"{path}.{name}", field, None)
    if general == "desks.*" and known["activity"] not in _ACTIVITIES:
        raise _wrong(f"{path}.activity", f"one of {', '.join(sorted(_ACTIVITIES))}", known["activity"])
    return known


def _required(general: str) -> list[tuple[str, str]]:
    prefix = f"{general}."
    return [
        (path.removeprefix(prefix), field.kind.value)
        for path, field in FIELDS.items()
        if path.startswith(prefix) and field.always
    ]


def _field(value: Any, path: str, general: str | None = None) -> Any:
    kind = FIELDS[general or path].kind
    if not _fits(value, kind):
        raise _wrong(path, kind.value, value)
    return list(value) if isinstance(value, list) else value


def _fits(value: Any, kind: Kind) -> bool:
    if kind in {Kind.COUNT, Kind.MOMENT}:
        return _is_number(value)
    if kind in {Kind.ID, Kind.WORD, Kind.TEXT}:
        return isinstance(value, str) and len(value) <= text_chars_max
    if not isinstance(value, list):
        return False
    if kind is Kind.PATH:
        return (
            len(value) == 4
            and all(isinstance(name, str) for name in value[:2])
            and all(map(_is_number, value[2:]))
        )
    if kind is Kind.PACE:
        return 2 <= len(value) <= 1 + pace_minutes_max and all(map(_is_number, value))
    return len(value) == _LENGTHS[kind] and all(map(_is_number, value))


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= number_max


def _wrong(path: str, expected: str, got: Any) -> InvalidInputError:
    said = "nothing" if got is None else repr(got)[:60]
    return InvalidInputError(f"{path[:80]}: expected {expected}, got {said}")
