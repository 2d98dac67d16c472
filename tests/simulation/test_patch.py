"""Merge patches against the examples of RFC 7396 and a stock library."""

import copy
from typing import Any

import json_merge_patch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.patch import apply, diff
from tests.simulation.histories import SETTINGS

LEAVES = st.integers(-3, 3) | st.text("ab", max_size=2) | st.lists(st.integers(0, 2), max_size=2)
OBJECTS = st.recursive(
    st.dictionaries(st.text("abc", min_size=1, max_size=1), LEAVES),
    lambda inner: st.dictionaries(st.text("abc", min_size=1, max_size=1), LEAVES | inner, max_size=3),
    max_leaves=12,
)

RFC_7396 = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
"""Appendix A, as far as target and patch are objects, which ours always are."""


@pytest.mark.parametrize(("target", "patch", "result"), RFC_7396)
def test_the_examples_of_the_rfc(
    target: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]
) -> None:
    assert apply(target, patch) == result


@SETTINGS
@given(OBJECTS, OBJECTS)
def test_a_diff_leads_from_one_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    patch = diff(before, after)
    assert apply(before, patch) == after
    assert patch == json_merge_patch.create_patch(before, after)
    assert json_merge_patch.merge(copy.deepcopy(before), copy.deepcopy(patch)) == after
    assert (patch == {}) == (before == after)


@SETTINGS
@given(OBJECTS, OBJECTS)
def test_any_patch_is_applied_as_the_stock_library_does(state: dict[str, Any], patch: dict[str, Any]) -> None:
    assert apply(state, patch) == json_merge_patch.merge(copy.deepcopy(state), copy.deepcopy(patch))


@SETTINGS
@given(OBJECTS, OBJECTS)
def test_applying_changes_neither_the_state_nor_the_patch(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    patch = diff(before, after)
    kept = copy.deepcopy((before, patch))
    apply(apply(before, patch), patch)
    assert (before, patch) == kept


def test_what_is_the_same_object_is_not_looked_into() -> None:
    class Untouchable(dict[str, Any]):
        def items(self) -> Any:
            raise AssertionError("looked into")

    same = Untouchable(a=1)
    assert diff({"desk": same, "tick": 1}, {"desk": same, "tick": 2}) == {"tick": 2}
