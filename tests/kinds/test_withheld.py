"""Values that are never stored are found while the process lives, and only so many are kept."""

import pytest

from server.kinds import withheld
from server.kinds.withheld import Withheld


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
