"""Reading a state that somebody may have made up (p): what is not there, or of another kind, counts as nothing."""

from collections.abc import Iterator, Mapping
from typing import Any


def part(state: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object of this name, or an empty one."""
    found = state.get(name)
    return found if isinstance(found, dict) else {}


def entries(state: Mapping[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects within the object of this name, by their keys."""
    return ((key, entry) for key, entry in part(state, name).items() if isinstance(entry, dict))


def moved(
    before: Mapping[str, Any], after: Mapping[str, Any], name: str
) -> Iterator[tuple[str, dict[str, Any] | None, dict[str, Any]]]:
    """The objects within the object of this name that are not the same ones as before, with what they were."""
    old, new = part(before, name), part(after, name)
    if old is new:
        return
    for key, entry in new.items():
        was = old.get(key)
        if was is not entry and isinstance(entry, dict):
            yield key, was if isinstance(was, dict) else None, entry


def number(state: Mapping[str, Any], name: str) -> int:
    """The number of this name, or 0."""
    found = state.get(name)
    return found if isinstance(found, int) else 0
