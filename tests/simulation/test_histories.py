"""What must hold in every frame of every history: thousands of random ones, each told by its seed."""

import json
from collections.abc import Iterator
from typing import Any

import json_merge_patch
from hypothesis import given

from simulation.inputs import Ended
from simulation.patch import apply, diff
from simulation.pending import Pending
from simulation.snapshot import snapshot, snapshot_after
from simulation.tick import advance, due
from simulation.views import ALLOWED, project, project_patch
from simulation.world import World
from tests.simulation.histories import SETTINGS, Happening, History, histories, lived
from tests.simulation.reference import Room

RUNNING = ("working", "waiting")


def states(history: History) -> Iterator[tuple[World, dict[str, Any], Happening]]:
    """The state after every tick, each made from the one before it."""
    before, state = history.first(), snapshot(history.first())
    for world, happening in lived(history):
        state = snapshot_after(before, state, world)
        yield world, state, happening
        before = world


def seated(state: dict[str, Any]) -> dict[str, str]:
    """Running executions by desk."""
    return {key: desk["execution"] for key, desk in state["desks"].items() if desk["activity"] in RUNNING}


@SETTINGS
@given(histories())
def test_no_tick_breaks_an_invariant(history: History) -> None:
    for world, _ in lived(history):
        world.check()


@SETTINGS
@given(histories())
def test_the_room_is_seated_as_a_naive_reading_of_the_product_says(history: History) -> None:
    room = Room(history.first().slots)
    for world, happening in lived(history):
        room.tick(happening.tick, happening.inputs)
        shown = [(str(desk.activity), desk.execution.id if desk.execution else "") for desk in world.desks]
        assert shown == [(seat.shows, seat.execution) for seat in room.seats]
        assert {execution.id for execution in world.unseated} == set(room.upstairs)


@SETTINGS
@given(histories())
def test_every_frame_counts_what_runs(history: History) -> None:
    alive: set[str] = set()
    born: set[str] = set()
    for _, state, happening in states(history):
        for new in happening.inputs:
            name = getattr(new, "execution", None)
            if type(new).__name__ == "Started" and name not in born:
                alive.add(name)
                born.add(name)
            if isinstance(new, Ended):
                alive.discard(name)
        at_desks = list(seated(state).values())
        assert state["office"]["running"] == len(alive) == len(at_desks) + state["overflow"]["count"]
        assert state["overflow"]["count"] == max(0, len(alive) - 10)
        assert len(state["overflow"]["shown"]) == min(20, state["overflow"]["count"])
        assert len(at_desks) == len(set(at_desks)) == min(10, len(alive))
        assert alive >= {*at_desks, *state["overflow"]["shown"]}


@SETTINGS
@given(histories())
def test_an_execution_keeps_its_desk_until_it_ends(history: History) -> None:
    desks: dict[str, str] = {}
    for _, state, happening in states(history):
        over = {new.execution for new in happening.inputs if isinstance(new, Ended)}
        now = {execution: desk for desk, execution in seated(state).items()}
        left = {execution for execution in desks if now.get(execution) != desks[execution]}
        assert left <= over
        desks = now


@SETTINGS
@given(histories())
def test_diffs_lead_from_the_first_keyframe_to_every_snapshot(history: History) -> None:
    before = snapshot(history.first())
    ours, referee = before, json.loads(json.dumps(before))
    for world, state, _ in states(history):
        patch = diff(before, state)
        assert json.dumps(state) == json.dumps(snapshot(world)), "shared parts make no difference"
        assert patch == json_merge_patch.create_patch(before, state)
        ours = apply(ours, patch)
        referee = json_merge_patch.merge(referee, json.loads(json.dumps(patch)))
        assert ours == state == referee
        before = state


@SETTINGS
@given(histories())
def test_projecting_a_diff_is_the_diff_of_the_projections(history: History) -> None:
    before = snapshot(history.first())
    for _, state, _ in states(history):
        patch = diff(before, state)
        for view in ALLOWED:
            assert project_patch(patch, view) == diff(project(before, view), project(state, view))
        before = state


@SETTINGS
@given(histories(gaps=(1, 2, 3, 21, 60)))
def test_leaving_out_ticks_that_are_not_due_changes_nothing(history: History) -> None:
    slow = history.first()
    for fast, happening in lived(history):
        while slow.tick < happening.tick - 1:
            slow = advance(slow, slow.tick + 1, [])
        slow = advance(slow, happening.tick, happening.inputs)
        assert slow == fast


@SETTINGS
@given(histories(gaps=(1, 2, 60)))
def test_merged_inputs_say_the_same_but_for_what_no_frame_needs(history: History) -> None:
    merged = history.first()
    for world, happening in lived(history):
        pending = Pending()
        for new in happening.inputs:
            pending.add(new)
        merged = advance(merged, happening.tick, pending.take())
        merged.check()
        assert shorn(snapshot(merged)) == shorn(snapshot(world))


def shorn(state: dict[str, Any]) -> dict[str, Any]:
    """Without what merging may change.

    Bars, of which only the last word is heard; when a wait began that ended and began again within a tick; when all was
    finished if the last work lasted less than a tick.
    """
    desks = {}
    for key, desk in state["desks"].items():
        since = 0 if desk["activity"] == "waiting" else desk["since"]
        desks[key] = desk | {"progress": [], "since": since}
    return state | {"desks": desks, "office": state["office"] | {"finished": 0}}


@SETTINGS
@given(histories(gaps=(1, 60, 700)))
def test_a_place_is_held_by_one_person_from_setting_out_to_leaving(history: History) -> None:
    for _, state, _ in states(history):
        held = [
            desk.get("place") or desk["path"][1]
            for key, desk in state["desks"].items()
            if "place" in desk or ("path" in desk and desk["path"][1] != f"desk-{key}")
        ]
        assert len(held) == len(set(held))
        assert sum("place" in desk or "path" in desk for desk in state["desks"].values()) <= 3


@SETTINGS
@given(histories())
def test_nothing_happens_by_itself_before_it_is_due(history: History) -> None:
    before = None
    for world, happening in lived(history):
        if before is not None and not happening.inputs and happening.tick != due(before):
            assert diff(snapshot(before), snapshot(world)) == {}
        before = world
