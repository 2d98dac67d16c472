"""Markers: what is found in a recording, from the frames of offices that live through it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.model import View
from server.recording.markers import (
    ALLOWED,
    Marker,
    Markers,
    Noted,
    idle_ms_least,
    markers_max,
    projected_markers,
    stretches_max,
    tallies_max,
)
from server.recording.tally import tally_ms
from simulation import views
from simulation.fields import FIELDS
from simulation.inputs import Input, OfficeChanged, QueueChanged, SlotsChanged
from simulation.patch import diff
from simulation.snapshot import snapshot
from simulation.tick import advance, due
from simulation.world import World
from tests.recording.courses import SETTINGS
from tests.simulation.facts import BASE_MS, HZ, at, batch, end, ms, office, queue, start


class Office:
    """An office that lives, with somebody who notes; each state is told as a patch, as a recording has it."""

    def __init__(self, slots: int = 10, markers: Markers | None = None) -> None:
        self.world: World = office(slots)
        self.markers = markers or Markers()
        self.state = snapshot(self.world)
        self.markers.keyframe(self.world.now_ms, self.state)

    def at(self, second: float, *inputs: Input) -> "Office":
        """What happens at a second, and before it what is due."""
        tick = round(second * HZ)
        while (soon := due(self.world)) is not None and soon < tick:
            self._tick(soon, [])
        self._tick(tick, list(inputs))
        return self

    def noted(self, second: float) -> Noted:
        self.markers.end(ms(second))
        return self.markers.take()

    def _tick(self, tick: int, inputs: list[Input]) -> None:
        self.world = advance(self.world, tick, inputs)
        state = snapshot(self.world)
        if patch := diff(self.state, state):
            self.markers.diff(self.world.now_ms, patch)
        self.state = state


def told(noted: Noted, *kinds: str) -> list[Marker]:
    return [marker for marker in noted.markers if marker["kind"] in kinds]


def begun(names: Iterable[str], second: float) -> list[Input]:
    return [start(name, second) for name in names]


def test_a_failure_is_marked_with_who_where_and_why() -> None:
    here = Office().at(1, *begun(["e1", "e2"], 1)).at(3, end("e2", 3, "failed", reason="timeout"))
    assert told(here.noted(9), "failed") == [
        {
            "kind": "failed", "at": ms(3), "desk": 1, "execution": "e2", "task": "task-e2", "batch": "batch1",
            "title": "Acme Corp", "reason": "timeout", "attempt": [1, 3],
        }
    ]  # fmt: skip


def test_a_failure_that_is_tried_again_says_when() -> None:
    here = Office().at(1, start("e1", 1)).at(3, end("e1", 3, "failed", reason="exit", retry=60))
    assert [marker["until"] for marker in told(here.noted(9), "failed")] == [ms(60)]


def test_one_failure_is_marked_once_whatever_else_its_desk_does_and_its_batch_says() -> None:
    first = batch("batch1")
    here = Office().at(0.5, first).at(1, start("e1", 1))
    here.at(3, end("e1", 3, "failed", reason="exit"), replace(first, failed=2)).at(3.5, queue(4)).at(20)
    assert len(told(here.noted(30), "failed")) == 1


def test_a_batch_may_count_a_failure_later_than_its_desk_showed_it() -> None:
    first = batch("batch1")
    here = Office().at(0.5, first).at(1, *begun(["e1", "e2"], 1))
    here.at(3, *(end(name, 3, "failed", reason="exit") for name in ("e1", "e2")))
    here.at(4, replace(first, failed=2)).at(5, replace(first, failed=3)).at(6, replace(first, failed=5))
    marked = told(here.noted(30), "failed")
    assert [(marker["at"], marker.get("desk"), marker.get("count")) for marker in marked] == [
        (ms(3), 0, None),
        (ms(3), 1, None),
        (ms(6), None, 2),
    ]


def test_failures_of_desks_that_are_taken_at_once_are_counted_by_their_batch() -> None:
    first = batch("batch1")
    here = Office(50).at(0.5, first).at(1, *begun([f"e{n:02}" for n in range(30)], 1))
    ends = [end(f"e{n:02}", 5, "failed", reason="exit") for n in (0, 4, 25)]
    noted = here.at(5, *ends, replace(first, failed=4)).noted(9)
    assert told(noted, "failed") == [{"kind": "failed", "at": ms(5), "batch": "batch1", "count": 3}]


def test_the_end_of_a_batch_is_marked_whether_it_was_shown_before_or_not() -> None:
    here = Office().at(1, batch("b1", order=1), batch("b2", order=2))
    here.at(2, batch("b2", order=2, state="cancelled", ended=2, title=""))
    here.at(3, batch("b3", order=3, state="done", ended=3)).at(4, batch("b1", order=1, state="paused"))
    marked = told(here.noted(9), "batch")
    assert [(marker["at"], marker["batch"], marker["state"]) for marker in marked] == [
        (ms(2), "b2", "cancelled"),
        (ms(3), "b3", "done"),
    ]
    assert marked[1] == {
        "kind": "batch", "at": ms(3), "batch": "b3", "name": "Spring", "state": "done", "total": 9, "done": 4,
        "failed": 1,
    }  # fmt: skip


def test_a_batch_that_ended_before_is_not_marked_when_it_is_shown_again() -> None:
    done = [batch(f"b{n:02}", order=n, state="done", ended=-n - 1) for n in range(11)]
    here = Office().at(0, *done)
    here.markers = Markers()
    here.markers.keyframe(here.world.now_ms, here.state)
    assert "b10" not in here.state["batches"]
    here.at(5, batch("b00", state="running"))
    assert "b10" in here.state["batches"]
    assert told(here.noted(9), "batch") == []


def test_a_batch_that_is_tried_again_ends_again() -> None:
    here = Office().at(1, batch("b1")).at(2, batch("b1", state="done", ended=2))
    here.at(3, batch("b1")).at(4, batch("b1", state="done", ended=4))
    assert [marker["at"] for marker in told(here.noted(9), "batch")] == [ms(2), ms(4)]


def held(blocked: str | None) -> QueueChanged:
    until_ms = None if blocked is None else ms(900)
    return QueueChanged(waiting=3, perhour=None, eta_ms=None, blocked=blocked, until_ms=until_ms)


def test_the_quota_holds_and_lets_go() -> None:
    here = Office().at(1, held("ratelimit")).at(2, held("quota")).at(3, held("quota")).at(4, held("paused"))
    here.at(5, held("quota")).at(6, held(None))
    assert told(here.noted(9), "blocked", "unblocked") == [
        {"kind": "blocked", "at": ms(2), "until": ms(900)},
        {"kind": "unblocked", "at": ms(4)},
        {"kind": "blocked", "at": ms(5), "until": ms(900)},
        {"kind": "unblocked", "at": ms(6)},
    ]


def test_another_tier_and_other_slots() -> None:
    here = Office().at(1, OfficeChanged(name="x", tier="enterprise"), SlotsChanged(slots=50))
    here.at(2, OfficeChanged(name="y", tier="enterprise")).at(3, SlotsChanged(slots=3))
    assert told(here.noted(9), "tier", "slots") == [
        {"kind": "tier", "at": ms(1), "tier": "enterprise", "before": "pro"},
        {"kind": "slots", "at": ms(1), "slots": 50, "before": 10},
        {"kind": "slots", "at": ms(3), "slots": 3, "before": 50},
    ]


def test_a_keyframe_of_the_same_stream_marks_nothing() -> None:
    here = Office().at(1, start("e1", 1)).at(2, end("e1", 2, "failed", reason="exit"))
    before = here.markers.take()
    here.markers.keyframe(ms(3), here.state)
    assert len(before.markers) == 1
    assert [marker["kind"] for marker in here.noted(4).markers] == ["tally"]


def test_what_is_new_after_a_gap_is_marked_and_nothing_is_counted_over_it() -> None:
    first = batch("b1")
    here = Office().at(1, first, start("e1", 1), queue(4)).at(2, end("e1", 2), replace(first, done=5))
    here.markers.gap(ms(3), ms(3_600))
    much = replace(first, state="done", done=900, failed=7, ended_ms=ms(3_600))
    here.world = at(here.world, 3_600.1, much, SlotsChanged(slots=7), start("e9", 3_600))
    here.markers.keyframe(here.world.now_ms, snapshot(here.world))
    assert [(marker["kind"], marker["at"]) for marker in here.noted(3_601).markers] == [
        ("tally", ms(0)),
        ("gap", ms(3)),
        ("batch", ms(3_600.1)),
        ("slots", ms(3_600.1)),
        ("tally", ms(3_600.1)),
    ]


def test_a_diff_without_a_keyframe_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a keyframe first"):
        Markers().diff(BASE_MS, {})
    here = Office()
    here.markers.gap(ms(1), ms(2))
    with pytest.raises(ValueError, match="expected a keyframe first"):
        here.at(3, start("e1", 3))


def test_idle_is_when_nothing_runs_and_no_one_waits_to() -> None:
    here = Office().at(20, queue(1)).at(40, start("e1", 40), queue(0)).at(70, end("e1", 70))
    here.at(75, queue(2)).at(80, queue(0)).at(200, queue(5))
    assert here.noted(300).idle == ((ms(0), ms(20)), (ms(80), ms(200)))
    assert idle_ms_least == 10_000


def test_an_idle_stretch_ends_with_the_recording_and_with_what_is_known() -> None:
    here = Office()
    here.markers.gap(ms(30), ms(90))
    here.markers.keyframe(ms(90), here.state)
    assert here.noted(120).idle == ((ms(0), ms(30)), (ms(90), ms(120)))


def test_everything_is_taken_once_and_markers_come_in_order() -> None:
    here = Office().at(1, start("e1", 1)).at(8, end("e1", 8, "failed", reason="exit")).at(12, queue(1))
    taken = here.markers.take()
    assert [(marker["kind"], marker["at"]) for marker in taken.markers] == [
        ("tally", ms(0)),
        ("failed", ms(8)),
    ]
    assert here.markers.take() == Noted()


def test_a_batch_that_came_and_went_within_a_tick_is_marked_among_ten_others() -> None:
    done = [batch(f"b{n:02}", order=n, state="done", ended=-n - 1) for n in range(10)]
    here = Office().at(0, *done).at(5, batch("b10", order=10, state="done", ended=5))
    assert "b09" not in here.state["batches"]
    assert [marker["batch"] for marker in told(here.noted(9), "batch")][-1] == "b10"


def settings(markers: Markers, count: int, first_ms: int = BASE_MS) -> None:
    """So many changes of slots."""
    quiet = snapshot(office())
    for n in range(count + 1):
        markers.keyframe(first_ms + n, quiet | {"office": quiet["office"] | {"slots": n, "running": 1}})


def test_a_recording_has_so_many_markers_and_no_more() -> None:
    markers = Markers()
    settings(markers, markers_max + 7)
    taken = markers.take().markers
    assert (len(taken), markers.missed) == (markers_max, 7)
    later = Markers(taken)
    settings(later, 5, BASE_MS + 10**6)
    assert (later.take().markers, later.missed) == ((), 5)


def busy(markers: Markers, count: int) -> None:
    """An execution begins in so many tallies, and nothing ever ends."""
    quiet = snapshot(office())
    for n in range(count + 1):
        running = {"office": quiet["office"] | {"running": n}}
        markers.keyframe(BASE_MS + n * tally_ms - (n > 0), quiet | running)


def test_tallies_leave_the_other_markers_their_room() -> None:
    markers = Markers()
    busy(markers, tallies_max + 3)
    markers.gap(BASE_MS, BASE_MS + 1)
    taken = markers.take().markers
    assert (len(told(Noted(markers=taken), "tally")), len(told(Noted(markers=taken), "gap"))) == (
        tallies_max,
        1,
    )
    assert markers.missed == 3


def test_a_recording_has_so_many_idle_stretches_and_no_more() -> None:
    markers = Markers(idle=stretches_max - 2)
    for n in range(5):
        markers.keyframe(BASE_MS + n * 20_000, snapshot(office()))
        markers.end(BASE_MS + n * 20_000 + 15_000)
    assert (len(markers.take().idle), markers.missed) == (2, 3)


SOURCES = {
    "name": "batches.*.name",
    "title": "desks.*.title",
    "reason": "desks.*.reason",
    "execution": "desks.*.execution",
    "task": "desks.*.task",
    "batch": "desks.*.batch",
    "attempt": "desks.*.attempt",
    "until": "desks.*.until",
    "state": "batches.*.state",
    "total": "batches.*.total",
    "done": "batches.*.done",
    "failed": "batches.*.failed",
    "count": "batches.*.failed",
    "tier": "office.tier",
    "slots": "office.slots",
    "before": "office.slots",
    "starts": "office.running",
    "ends": "office.running",
    "running": "office.running",
}
"""Which field of the state each field of a marker tells of."""


@pytest.mark.parametrize("view", list(View))
def test_a_view_sees_of_markers_what_it_sees_of_states_and_no_more(view: View) -> None:
    assert set(SOURCES.values()) <= set(FIELDS)
    seen = {name for name, path in SOURCES.items() if path in views.ALLOWED[view]}
    assert ALLOWED[view] == seen | {"kind", "at", "to", "desk"}


def test_markers_for_each_view() -> None:
    first = batch("batch1", title="secret name")
    here = Office().at(0, first).at(1, start("secret-id", 1, title="secret title"))
    here.at(2, end("secret-id", 2, "failed", reason="exit"), replace(first, state="done", ended_ms=ms(2)))
    markers = here.noted(3).markers
    assert projected_markers(markers, View.FULL) == list(markers)
    for view, hidden in (
        (View.TITLES, ("secret-id",)),
        (View.BATCHES, ("secret-id", "secret title", "exit")),
        (View.FIGURES, ("secret-id", "secret title", "exit", "secret name")),
    ):
        seen = projected_markers(markers, view)
        assert [(marker["kind"], marker["at"]) for marker in seen] == [(m["kind"], m["at"]) for m in markers]
        assert [word for word in hidden if word in repr(seen)] == []
    assert "secret title" in repr(projected_markers(markers, View.TITLES))
    assert "secret name" in repr(projected_markers(markers, View.BATCHES))


def test_a_field_that_no_list_names_reaches_nobody() -> None:
    assert projected_markers([{"kind": "gap", "at": 1, "novel": 2}], View.FULL) == [{"kind": "gap", "at": 1}]


made_up = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["failed", "working", "done", "quota"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from("0 a desks activity state order failed count shown since running".split()), inner
        )
    ),
    max_leaves=8,
)
states = st.dictionaries(st.sampled_from("office desks overflow queue batches".split()), made_up)


@SETTINGS
@given(st.lists(states, min_size=1, max_size=4))
def test_states_that_make_no_sense_are_looked_through_without_harm(course: list[dict[str, Any]]) -> None:
    markers = Markers()
    for n, state in enumerate(course):
        markers.keyframe(BASE_MS + n * 8_000, state)
    markers.end(BASE_MS + 90_000)
    markers.take()
