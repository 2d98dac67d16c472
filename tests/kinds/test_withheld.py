"""Values that are never stored are found while the process lives, and only so many are kept."""

import pytest

from server.kinds import withheld
from server.kinds.withheld import ValuesLostError, Withheld, masked
from server.model import ExecutionState


def test_what_is_kept_is_found_by_its_reference_alone() -> None:
    memory = Withheld()
    first, second = memory.keep({"TOKEN": "a"}), memory.keep({"TOKEN": "b"})
    assert (memory.find(first), memory.find(second)) == ({"TOKEN": "a"}, {"TOKEN": "b"})
    assert Withheld().find(first) is None


def test_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withheld, "batches_max", 2)
    memory = Withheld()
    references = [memory.keep({"N": str(number)}) for number in range(3)]
    assert [memory.find(reference) is not None for reference in references] == [False, True, True]


def test_what_is_stored_of_values_tells_none_of_them() -> None:
    memory = Withheld()
    stored = memory.put_by({"TOKEN": "canary", "A": "b"})
    assert stored["names"] == ["A", "TOKEN"]
    assert "canary" not in repr(stored)
    assert memory.recalled(stored) == {"TOKEN": "canary", "A": "b"}


def test_values_that_are_gone_halt_their_batch_with_words() -> None:
    stored = Withheld().put_by({"TOKEN": "canary"})
    with pytest.raises(ValuesLostError, match="values of TOKEN, which are never stored") as caught:
        Withheld().recalled(stored)
    outcome = caught.value.outcome()
    assert (outcome.state, outcome.halts, outcome.retryable) == (ExecutionState.FAILED, True, False)
    assert outcome.message == caught.value.detail


def test_masked_words_hold_no_value() -> None:
    assert masked("key sk-abcdef, and sk-abc", ["sk-abc", "sk-abcdef"]) == "key …, and …"
    assert masked("a b c", ["a", ""]) == "a b c"
