"""JSON Merge Patch (RFC 7396): what turns one state into another, and applying it."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Patch: TypeAlias = dict[str, Any]
"""Values to put in place by key, null to take a key away, objects to descend into; arrays are replaced whole."""

_ABSENT = object()


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> Patch:
    """The patch with which `apply` turns ``before`` into ``after``; empty when they are equal.

    It is exact because states hold no nulls. What is the same object in both is not looked into.
    """
    patch: Patch = {}
    added = 0
    for key, new in after.items():
        old = before.get(key, _ABSENT)
        if old is new:
            continue
        if old is _ABSENT:
            added += 1
            patch[key] = new
        elif isinstance(new, dict) and isinstance(old, dict):
            inner = diff(old, new)
            if inner:
                patch[key] = inner
        elif old != new:
            patch[key] = new
    if len(after) - added < len(before):
        patch.update((key, None) for key in before if key not in after)
    return patch


def apply(state: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """The state after the patch (RFC 7396, section 2); the old one stays as it is and parts are shared between them."""
    after = dict(state)
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, dict):
            old = after.get(key)
            after[key] = apply(old if isinstance(old, dict) else {}, value)
        else:
            after[key] = value
    return after
