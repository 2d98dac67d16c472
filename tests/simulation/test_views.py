"""What each view may see, and that nobody sees what no list allows."""

import json
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.fields import FIELDS
from simulation.patch import diff
from simulation.snapshot import snapshot
from simulation.views import ALLOWED, project, project_patch
from tests.simulation.facts import at, batch, end, office, queue, say, start
from tests.simulation.histories import SETTINGS, History, histories, lived

VIEWS = list(ALLOWED)
SECRET = {
    "figures": {"secrettitle", "secretnote", "secretname", "secretid", "task-secretid", "exit"},
    "batches": {"secrettitle", "secretnote", "secretid", "task-secretid", "exit"},
    "titles": {"secretid", "task-secretid"},
    "full": set[str](),
}


def full_house() -> dict[str, Any]:
    world = at(office(50), 0, *(start(f"secretid{n:02}", n, title="secrettitle") for n in range(15)))
    world = at(world, 15, say("secretid03", 15, 400, note="secretnote"), batch("b1", title="secretname"))
    world = at(world, 16, *(end(f"secretid{n}", 16) for n in range(10, 15)), queue(4))
    world = at(world, 17, *(start(f"secretid{n}", 17, title="secrettitle") for n in range(15, 19)))
    return snapshot(world)


def failed_house() -> dict[str, Any]:
    world = at(office(), 0, start("secretid", title="secrettitle"))
    return snapshot(at(world, 1, end("secretid", 1, "failed", reason="exit", retry=9)))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("state", [full_house(), failed_house()], ids=["full", "failed"])
def test_a_view_holds_nothing_it_may_not_tell(view: str, state: dict[str, Any]) -> None:
    told = json.dumps(project(state, view))
    assert [secret for secret in SECRET[view] if secret in told] == []


def test_each_view_shows_more_than_the_one_before() -> None:
    state = full_house()
    assert VIEWS == ["figures", "batches", "titles", "full"]
    sizes = [len(json.dumps(project(state, view))) for view in VIEWS]
    assert sizes == sorted(set(sizes))
    for less, more in pairwise(VIEWS):
        assert set(ALLOWED[less]) < set(ALLOWED[more])


def test_what_each_view_adds() -> None:
    state = full_house()
    assert project(state, "figures")["batches"]["b1"].keys() >= {"state", "total", "order"}
    assert "name" not in project(state, "figures")["batches"]["b1"]
    assert project(state, "batches")["batches"]["b1"]["name"] == "secretname"
    assert project(state, "titles")["desks"]["3"]["note"] == "secretnote"
    assert project(state, "titles")["desks"]["3"]["title"] == "secrettitle"
    assert project(failed_house(), "titles")["desks"]["0"]["reason"] == "exit"
    assert project(state, "full")["desks"]["3"]["execution"] == "secretid03"


def test_the_members_see_all_there_is() -> None:
    assert set(FIELDS) | {"overflow.shown"} == set(ALLOWED["full"])
    assert project(full_house(), "full") == full_house()


@pytest.mark.parametrize("view", VIEWS)
def test_objects_that_are_always_there_are_there_in_every_view(view: str) -> None:
    seen = project(snapshot(office()), view)
    assert (seen["overflow"], seen["batches"]) == ({"count": 0, "shown": {}}, {})
    assert len(seen["desks"]) == 10


@pytest.mark.parametrize("view", ["figures", "batches", "titles"])
def test_who_is_upstairs_is_told_to_members_only(view: str) -> None:
    assert project(full_house(), view)["overflow"] == {"count": 4, "shown": {}}


@pytest.mark.parametrize("view", VIEWS)
def test_every_entry_keeps_something_in_every_view(view: str) -> None:
    """Else the law would break: a patch that adds an entry of which nothing may be seen says nothing of it."""
    allowed = set(ALLOWED[view])
    kept = {path.rpartition(".")[0] for path in allowed if path in FIELDS and FIELDS[path].always}
    assert kept >= {"office", "desks.*", "overflow", "queue", "batches.*", "quota"}
    assert "overflow.shown.*" in kept or not any(path.startswith("overflow.shown.") for path in allowed)


def with_something_new(state: dict[str, Any], chance: Random, value: object) -> dict[str, Any]:
    """A copy with a field that no list knows, somewhere in it."""
    grown = json.loads(json.dumps(state))
    homes = [grown, grown["office"], grown["overflow"], grown["queue"]]
    homes += [*grown["desks"].values(), *grown["batches"].values(), *grown["overflow"]["shown"].values()]
    chance.choice(homes)["novel"] = value
    return grown


@SETTINGS
@given(
    histories(),
    st.integers(0, 1_000),
    st.integers()
    | st.text(max_size=3)
    | st.lists(st.integers(), max_size=2)
    | st.just({"name": "x", "id": {"title": 1}}),
)
def test_a_new_field_reaches_no_view_until_it_is_allowed(history: History, seed: int, value: object) -> None:
    *_, (world, _) = lived(history)
    state = snapshot(world)
    grown = with_something_new(state, Random(seed), value)
    for view in VIEWS:
        assert project(grown, view) == project(state, view)
        assert project_patch(diff(state, grown), view) == {}
        assert project_patch(diff(grown, state), view) == {}


@pytest.mark.parametrize("projection", [project, project_patch])
def test_an_unknown_view_is_refused(projection: Any) -> None:
    with pytest.raises(KeyError):
        projection(full_house(), "everything")
