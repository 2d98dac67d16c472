"""What each view may see: lists of allowed paths, and the projections of states and of patches onto them.

A field that no list names reaches nobody. For all states, ``project(diff(a, b)) == diff(project(a), project(b))``.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

Tree: TypeAlias = dict[str, "Tree"]

FIGURES = (
    "office.id",
    "office.name",
    "office.tier",
    "office.slots",
    "office.running",
    "office.finished",
    "office.more",
    "desks.*.worker",
    "desks.*.activity",
    "desks.*.since",
    "desks.*.batch",
    "desks.*.attempt",
    "desks.*.progress",
    "desks.*.until",
    "desks.*.place",
    "desks.*.path",
    "overflow.count",
    "overflow.shown",
    "queue.waiting",
    "queue.perhour",
    "queue.pace",
    "queue.eta",
    "queue.blocked",
    "queue.until",
    "batches.*.state",
    "batches.*.total",
    "batches.*.done",
    "batches.*.failed",
    "batches.*.running",
    "batches.*.order",
    "batches.*.eta",
    "quota.used",
    "quota.limit",
    "quota.resets",
)
"""Workers and numbers. ``overflow.shown`` is there but empty: its keys are ids of executions."""

BATCHES = (*FIGURES, "batches.*.name")

TITLES = (*BATCHES, "desks.*.title", "desks.*.note", "desks.*.reason")

FULL = (
    *TITLES,
    "desks.*.execution",
    "desks.*.task",
    "overflow.shown.*.title",
    "overflow.shown.*.batch",
    "overflow.shown.*.since",
)

ALLOWED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"figures": FIGURES, "batches": BATCHES, "titles": TITLES, "full": FULL}
)
"""Paths by view, least first; a star stands for any key of an object that holds objects.

What a path ends at is a value, or an object shown empty, also where it is in an array.
"""


def project(state: Mapping[str, Any], view: str) -> dict[str, Any]:
    """The state as this view may see it. Raises `KeyError` for a view that is not in `ALLOWED`."""
    return _seen(state, _tree(view))


def project_patch(patch: Mapping[str, Any], view: str) -> dict[str, Any]:
    """The patch as this view may see it; empty where it sees no change."""
    return _seen_patch(patch, _tree(view))


@cache
def _tree(view: str) -> Tree:
    tree: Tree = {}
    for path in ALLOWED[view]:
        node = tree
        for name in path.split("."):
            node = node.setdefault(name, {})
    return tree


def _seen(part: Mapping[str, Any], allowed: Tree) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    star = allowed.get("*")
    for key, value in part.items():
        below = allowed.get(key, star)
        if below is None:
            continue
        if isinstance(value, dict):
            seen[key] = _seen(value, below)
        elif not below:
            seen[key] = _bare(value) if isinstance(value, list) else value
    return seen


def _seen_patch(patch: Mapping[str, Any], allowed: Tree) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    star = allowed.get("*")
    for key, value in patch.items():
        below = allowed.get(key, star)
        if below is None:
            continue
        if isinstance(value, dict):
            inner = _seen_patch(value, below)
            if inner:
                seen[key] = inner
        elif value is None or not below:
            seen[key] = _bare(value) if isinstance(value, list) else value
    return seen


def _bare(items: list[Any]) -> list[Any]:
    """An array as it is, if it holds no objects and arrays: no list of paths says what may be seen of those."""
    kinds = set(map(type, items))
    if dict not in kinds and list not in kinds:
        return items
    return [
        {} if isinstance(item, dict) else _bare(item) if isinstance(item, list) else item for item in items
    ]
