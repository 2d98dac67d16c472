"""Reading states that somebody may have made up."""

from server.recording.parts import entries, number, part

STATE = {"desks": {"0": {"since": 5}, "1": "nobody", "2": {}}, "queue": [1], "waiting": 3, "eta": "soon"}


def test_what_is_there_is_found() -> None:
    assert part(STATE, "desks") == STATE["desks"]
    assert list(entries(STATE, "desks")) == [("0", {"since": 5}), ("2", {})]
    assert number(STATE, "waiting") == 3


def test_what_is_not_there_or_of_another_kind_counts_as_nothing() -> None:
    assert part(STATE, "queue") == part(STATE, "nothing") == {}
    assert list(entries(STATE, "queue")) == list(entries(STATE, "waiting")) == []
    assert number(STATE, "eta") == number(STATE, "desks") == number(STATE, "nothing") == 0
