"""Reading states that somebody may have made up."""

from server.recording.parts import entries, moved, number, part

STATE = {"desks": {"0": {"since": 5}, "1": "nobody", "2": {}}, "queue": [1], "waiting": 3, "eta": "soon"}


def test_what_is_there_is_found() -> None:
    assert part(STATE, "desks") == STATE["desks"]
    assert list(entries(STATE, "desks")) == [("0", {"since": 5}), ("2", {})]
    assert number(STATE, "waiting") == 3


def test_what_is_not_there_or_of_another_kind_counts_as_nothing() -> None:
    assert part(STATE, "queue") == part(STATE, "nothing") == {}
    assert list(entries(STATE, "queue")) == list(entries(STATE, "waiting")) == []
    assert number(STATE, "eta") == number(STATE, "desks") == number(STATE, "nothing") == 0


def test_what_is_not_the_same_object_has_moved() -> None:
    same, old, new = {"a": 1}, {"a": 2}, {"a": 3}
    before = {"desks": {"0": same, "1": old, "2": "nobody", "3": old}}
    after = {"desks": {"0": same, "1": new, "2": new, "4": new, "5": "nobody"}}
    assert list(moved(before, after, "desks")) == [("1", old, new), ("2", None, new), ("4", None, new)]
    assert list(moved(before, before, "desks")) == []
    assert list(moved({}, {"desks": []}, "desks")) == []
