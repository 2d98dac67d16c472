"""What between two states is worth a marker, where offices that live seldom come by: see test_markers for the rest."""

from typing import Any

import pytest

from server.recording.changes import changes, failures


def desk(activity: str, **more: Any) -> dict[str, Any]:
    return {"desks": {"4": {"activity": activity} | more}}


def test_a_desk_that_fails_anew_between_two_states_is_marked_again() -> None:
    before, after = desk("failed", execution="e1"), desk("failed", execution="e2", reason="exit")
    assert list(changes(before, after)) == [
        {"kind": "failed", "desk": 4, "execution": "e2", "reason": "exit"}
    ]
    assert list(changes(before, desk("failed", execution="e1", place="couch"))) == []


def test_what_is_the_same_object_is_not_looked_into() -> None:
    state = desk("failed", execution="e1") | {"batches": {"b": {"state": "done", "order": 1, "failed": 3}}}
    assert list(changes({}, state)) != []
    assert list(changes(state, dict(state))) == []
    assert list(failures(state, dict(state))) == []


@pytest.mark.parametrize(
    ("before", "after", "more"), [(1, 4, [("b", 3)]), (4, 1, []), (2, 2, []), (None, 4, [])]
)
def test_failures_are_those_of_batches_that_were_shown_before(
    before: int | None, after: int, more: list[tuple[str, int]]
) -> None:
    known = {} if before is None else {"b": {"failed": before}}
    assert list(failures({"batches": known}, {"batches": {"b": {"failed": after}}})) == more


def test_a_tier_or_slots_that_appear_are_no_change() -> None:
    assert list(changes({"office": {}}, {"office": {"tier": "pro", "slots": 3}})) == []
