"""Inputs that wait are merged, and memory stays bounded by what runs."""

import pytest

from simulation.inputs import BatchRemoved, Input, OfficeChanged, Progressed, QuotaChanged, SlotsChanged
from simulation.pending import Pending
from tests.simulation.facts import batch, end, queue, say, start, wait


def merged(*inputs: Input) -> list[Input]:
    pending = Pending()
    for new in inputs:
        pending.add(new)
    counted, taken = len(pending), pending.take()
    assert counted == len(taken)
    assert pending.take() == []
    return taken


def test_what_differs_is_kept_in_order() -> None:
    told: list[Input] = [start("a"), say("a", 1, 100), wait("a", 9), start("b", 1)]
    assert merged(*told) == told


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        (say("a", 1, 100, note="x"), say("a", 2, 200, note="y"), say("a", 2, 200, note="y")),
        (say("a", 1, 100, note="x"), say("a", 2, 200), say("a", 2, 200, note="x")),
        (say("a", 1, 100, left_ms=7), say("a", 2, note="y"), say("a", 1, 100, left_ms=7, note="y")),
        (say("a", 1, 100, note="x"), say("a", 2, 200, note=""), say("a", 2, 200, note="")),
        (say("a", 1, note="x"), say("a", 2, note="y"), say("a", 1, note="y")),
    ],
)
def test_two_words_become_one(first: Progressed, second: Progressed, left: Progressed) -> None:
    assert merged(first, second) == [left]


def test_the_last_wait_counts() -> None:
    assert merged(wait("a", 5), wait("a", None), wait("a", 9)) == [wait("a", 9)]


def test_an_end_makes_all_before_superfluous() -> None:
    assert merged(say("a", 1, 100), wait("a", 5), end("a", 3)) == [end("a", 3)]


def test_the_first_end_wins() -> None:
    assert merged(end("a", 3), end("a", 4, "failed")) == [end("a", 3)]


def test_what_began_and_ended_while_it_waited_leaves_nothing() -> None:
    assert merged(start("a"), say("a", 1, 100), end("a", 2)) == []


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (SlotsChanged(slots=1), SlotsChanged(slots=9)),
        (OfficeChanged(name="", tier="pro"), OfficeChanged(name="", tier="free")),
        (QuotaChanged(used=1, limit=9, resets_ms=0), QuotaChanged(used=2, limit=9, resets_ms=0)),
        (queue(4), queue(3)),
        (batch("b1"), batch("b1", state="paused")),
        (batch("b1"), BatchRemoved(batch="b1")),
        (BatchRemoved(batch="b1"), batch("b1")),
    ],
)
def test_of_figures_the_last_word_is_kept(first: Input, last: Input) -> None:
    assert merged(first, last) == [last]


def test_batches_are_kept_apart() -> None:
    assert merged(batch("b1"), batch("b2"), batch("b1", order=3)) == [batch("b1", order=3), batch("b2")]


def test_memory_grows_with_what_runs_and_not_with_what_happened() -> None:
    pending = Pending()
    for number in range(10_000):
        name = f"e{number}"
        pending.add(start(name))
        pending.add(say(name, 1, 100))
        pending.add(say("steady", 1, number % 1_000, note="x"))
        pending.add(end(name, 2))
        pending.add(batch("b1", order=number))
        pending.add(queue(number))
        assert len(pending) <= 3
