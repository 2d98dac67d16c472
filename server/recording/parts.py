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


def number(state: Mapping[str, Any], name: str) -> int:
    """The number of this name, or 0."""
    found = state.get(name)
    return found if isinstance(found, int) else 0
