"""What words and waits make of an execution."""

from dataclasses import replace

from simulation.execution import Execution, begun, progressed, waiting
from simulation.progress import Progress
from tests.simulation.facts import ms, say, start, wait


def known(guess: int | None = 20_000) -> Execution:
    return begun(start("one", 0, guess=guess))


def bar(second: float, permille: int, remaining_ms: int, *, reported: bool = True) -> Progress:
    return Progress(at_ms=ms(second), permille=permille, remaining_ms=remaining_ms, reported=reported)


def test_it_begins_with_the_estimate_and_without_a_note() -> None:
    execution = known()
    assert execution.progress == bar(0, 0, 20_000, reported=False)
    assert (execution.note, execution.waits_ms, execution.until_ms) == ("", None, None)
    assert known(None).progress is None


def test_a_word_moves_the_bar_and_a_note_stays_until_the_next() -> None:
    first = progressed(known(), say("one", 5, 500, note="reading"))
    assert (first.progress, first.note) == (bar(5, 500, 5_000), "reading")
    second = progressed(first, say("one", 6, 900))
    assert (second.progress, second.note) == (bar(6, 900, 666), "reading")
    assert progressed(second, say("one", 7, note="")).note == ""


def test_a_note_alone_leaves_the_bar() -> None:
    execution = known()
    noted = progressed(execution, say("one", 5, note="reading"))
    assert noted == replace(execution, note="reading")
    assert noted.progress is execution.progress


def test_a_word_that_says_nothing_new_changes_nothing() -> None:
    execution = progressed(known(), say("one", 5, 500, note="reading"))
    assert progressed(execution, say("one", 6, 610, note="reading")) is execution


def test_a_bar_rests_while_the_execution_waits_and_goes_on_from_there() -> None:
    waits = waiting(known(), wait("one", 9), ms(5))
    assert (waits.waits_ms, waits.until_ms) == (ms(5), ms(9))
    assert waits.progress == bar(5, 250, 15_000, reported=False)
    resumed = waiting(waits, wait("one", None), ms(9))
    assert (resumed.waits_ms, resumed.until_ms) == (None, None)
    assert resumed.progress == bar(9, 250, 15_000, reported=False)


def test_a_longer_wait_began_when_it_began() -> None:
    waits = waiting(waiting(known(), wait("one", 9), ms(5)), wait("one", 12), ms(8))
    assert (waits.waits_ms, waits.until_ms) == (ms(5), ms(12))
    assert waits.progress == bar(5, 250, 15_000, reported=False)


def test_a_word_during_a_wait_is_where_it_goes_on() -> None:
    waits = waiting(progressed(known(), say("one", 4, 200)), wait("one", 9), ms(5))
    told = progressed(waits, say("one", 6, 290, left_ms=8_000))
    assert waiting(told, wait("one", None), ms(9)).progress == bar(9, 290, 8_000), (
        "300 had it not rested at 250"
    )


def test_going_on_without_having_waited_is_nothing() -> None:
    execution = known()
    assert waiting(execution, wait("one", None), ms(5)) is execution


def test_what_has_no_bar_waits_without_one() -> None:
    waits = waiting(known(None), wait("one", 9), ms(5))
    assert waits.progress is None
    assert waiting(waits, wait("one", None), ms(6)) == known(None)
