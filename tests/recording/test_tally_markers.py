"""Tallies: how many began, ended and run, by ten seconds, from the frames of offices that live through it."""

from dataclasses import replace

from hypothesis import given

from server.recording.markers import Markers, Noted
from server.recording.tally import tally_ms
from simulation.snapshot import snapshot
from tests.recording.courses import SETTINGS
from tests.recording.test_markers import Office, begun, told
from tests.simulation.facts import batch, end, ms, start
from tests.simulation.histories import History, histories, lived


def tallies(noted: Noted) -> list[tuple[int, int, int]]:
    assert all(marker["to"] - marker["at"] == tally_ms for marker in told(noted, "tally"))
    return [(marker["at"], marker["starts"], marker["ends"]) for marker in told(noted, "tally")]


def test_starts_and_ends_are_counted_by_ten_seconds() -> None:
    here = Office().at(1, *begun(["e1", "e2"], 1)).at(9.9, end("e1", 9.9)).at(10, start("e3", 10))
    here.at(45, end("e2", 45, "cancelled"), end("e3", 45, "lost"))
    assert tallies(here.noted(46)) == [(ms(0), 2, 1), (ms(10), 1, 0), (ms(40), 0, 2)]


def levels(noted: Noted) -> list[tuple[int, int]]:
    """How many ran in the end of each tally."""
    return [(marker["at"], marker["running"]) for marker in told(noted, "tally")]


def test_a_tally_says_how_many_run_in_its_end() -> None:
    here = Office().at(1, *begun(["e1", "e2"], 1)).at(9.9, end("e1", 9.9)).at(10, start("e3", 10))
    here.at(45, end("e2", 45, "cancelled"), end("e3", 45, "lost"))
    assert levels(here.noted(46)) == [(ms(0), 1), (ms(10), 2), (ms(40), 0)]


def test_how_many_run_is_known_from_the_beginning_and_after_a_gap_though_nothing_begins_or_ends() -> None:
    here = Office().at(1, start("e1", 1))
    here.markers = Markers()
    here.markers.keyframe(ms(2), here.state)
    here.markers.gap(ms(8), ms(90))
    here.markers.keyframe(ms(90), here.state)
    assert levels(here.noted(120)) == [(ms(2), 1), (ms(90), 1)]


def test_ends_that_nobody_saw_are_counted_by_their_batch() -> None:
    first = batch("batch1")
    here = Office(50).at(0, first, *begun([f"e{n:02}" for n in range(45)], 0))
    blip = [start("x1", 3), end("x1", 3), start("x2", 3), end("x2", 3)]
    unseen = [end("e40", 3), end("e41", 3)]
    here.at(3, *blip, *unseen, replace(first, done=8))
    assert tallies(here.noted(5)) == [(ms(0), 47, 4)]


def test_who_is_pushed_out_of_the_twenty_shown_has_not_ended() -> None:
    here = Office(50).at(5, *begun([f"e{n:02}" for n in range(45)], 5))
    here.at(6, *(start(f"a{n}", 1) for n in range(4)))
    assert tallies(here.noted(7)) == [(ms(0), 49, 0)]


@SETTINGS
@given(histories(gaps=(1, 1, 2, 3, 21, 60)))
def test_starts_less_ends_is_always_how_many_more_run(history: History) -> None:
    course = [(world.now_ms, snapshot(world)) for world, _ in lived(history)]
    markers = Markers()
    for now_ms, state in course:
        markers.keyframe(now_ms, state)
    markers.end(course[-1][0])
    noted = markers.take()
    counted = tallies(noted)
    begins = [course[0][1]["office"]["running"], *(running for _, running in levels(noted))]
    for (_, starts, ends), was, runs in zip(counted, begins, begins[1:], strict=False):
        assert runs - was == starts - ends
    more = course[-1][1]["office"]["running"] - course[0][1]["office"]["running"]
    assert sum(starts - ends for _, starts, ends in counted) == more
    assert all(starts >= 0 and ends >= 0 for _, starts, ends in counted)
    assert [at for at, _, _ in counted] == sorted({at for at, _, _ in counted})
