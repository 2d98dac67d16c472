"""What each view may see, and that nobody sees what no list allows."""

import json
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.fields import FIELDS
from simulation.patch import apply, diff
from simulation.snapshot import snapshot
from simulation.views import ALLOWED, project, project_patch
from tests.simulation.facts import at, batch, end, office, queue, say, start
from tests.simulation.histories import SETTINGS, History, histories, lived
from tests.simulation.states import arbitrary, copied, foreign_to, homes, paths

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


OFFICE = {
    "office.id",
    "office.name",
    "office.tier",
    "office.slots",
    "office.running",
    "office.finished",
    "office.more",
}
QUEUE = {"queue.waiting", "queue.perhour", "queue.pace", "queue.eta", "queue.blocked", "queue.until"}
QUOTA = {"quota.used", "quota.limit", "quota.resets"}
DESKS = {
    "desks.*.worker", "desks.*.activity", "desks.*.since", "desks.*.batch", "desks.*.attempt",
    "desks.*.progress", "desks.*.until", "desks.*.place", "desks.*.path",
}  # fmt: skip
BATCHES = {
    "batches.*.state", "batches.*.total", "batches.*.done", "batches.*.failed", "batches.*.running",
    "batches.*.order", "batches.*.eta",
}  # fmt: skip
LEAST = OFFICE | QUEUE | QUOTA | DESKS | BATCHES | {"overflow.count"}
TEXTS = {"desks.*.title", "desks.*.note", "desks.*.reason"}
IDS = {"desks.*.execution", "desks.*.task"}
UPSTAIRS = {"overflow.shown.*.title", "overflow.shown.*.batch", "overflow.shown.*.since"}
REACHES = {
    "figures": LEAST | {"overflow.shown"},
    "batches": LEAST | {"overflow.shown", "batches.*.name"},
    "titles": LEAST | {"overflow.shown", "batches.*.name"} | TEXTS,
    "full": LEAST | {"batches.*.name"} | TEXTS | IDS | UPSTAIRS,
}


@pytest.mark.parametrize("view", VIEWS)
def test_exactly_this_reaches_each_view(view: str) -> None:
    whole = arbitrary(Random(1), whole=True)
    assert set(paths(whole)) == set(FIELDS)
    assert set(paths(project(whole, view))) == REACHES[view]
    assert set(paths(project_patch(diff({}, whole), view))) == REACHES[view] - {"overflow.shown"}


NOVEL = (7, "secret", ["secret"], {"name": "secret", "id": {"title": 1}}, {}, [[{"title": "secret"}]])


def grown_states(state: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Copies with one field more, for every object and every key that is not known there."""
    for number, (home, _) in enumerate(homes(state)):
        for key in foreign_to(home):
            for value in NOVEL:
                grown = copied(state)
                part = [*homes(grown)][number][1]
                part[key] = value
                yield grown


@pytest.mark.parametrize("view", VIEWS)
def test_a_new_field_reaches_no_view_until_it_is_allowed(view: str) -> None:
    """In every object of a state that has them all, under a name that is new or known elsewhere, whatever it holds."""
    state = arbitrary(Random(2))
    shown, tried = project(state, view), 0
    for grown in grown_states(state):
        tried += 1
        assert project(grown, view) == shown
        assert project_patch(diff(state, grown), view) == {}
        assert project_patch(diff(grown, state), view) == {}
    assert tried > 1_000


@SETTINGS
@given(histories(), st.integers(0, 2**32))
def test_a_new_field_in_a_state_of_any_history_reaches_no_view(history: History, seed: int) -> None:
    chance = Random(seed)
    *_, (world, _) = lived(history)
    state = snapshot(world)
    grown = with_foreign_fields(state, chance)
    for view in VIEWS:
        assert project(grown, view) == project(state, view)
        assert project_patch(diff(state, grown), view) == {}
        assert project_patch(diff(grown, state), view) == {}


def with_foreign_fields(state: dict[str, Any], chance: Random) -> dict[str, Any]:
    """A copy with up to five fields that no list knows where they are."""
    grown = copied(state)
    places = [*homes(grown)]
    for _ in range(chance.randrange(6)):
        home, part = chance.choice(places)
        part[chance.choice(foreign_to(home))] = chance.choice(NOVEL)
    return grown


@pytest.mark.parametrize("view", VIEWS)
def test_objects_in_arrays_are_shown_empty(view: str) -> None:
    """No array holds any; should one ever do, nobody sees into it."""
    state = arbitrary(Random(3), whole=True)
    state["queue"]["eta"] = [1, {"name": "secret"}, [{"title": "secret"}, 2]]
    assert project(state, view)["queue"]["eta"] == [1, {}, [{}, 2]]
    assert project_patch({"queue": {"eta": state["queue"]["eta"]}}, view)["queue"]["eta"] == [1, {}, [{}, 2]]


@SETTINGS
@given(st.integers(0, 2**32), st.booleans())
def test_projecting_a_diff_is_the_diff_of_the_projections_for_any_two_states(
    seed: int, foreign: bool
) -> None:
    """Whether an office could get from one to the other or not, and whatever else is in them."""
    chance = Random(seed)
    before, after = arbitrary(chance), arbitrary(chance)
    if foreign:
        before, after = with_foreign_fields(before, chance), with_foreign_fields(after, chance)
    patch = diff(before, after)
    for view in VIEWS:
        seen = project_patch(patch, view)
        assert seen == diff(project(before, view), project(after, view))
        assert apply(project(before, view), seen) == project(after, view)


@SETTINGS
@given(st.integers(0, 2**32))
def test_what_a_view_sees_of_what_another_sees_is_what_the_lesser_sees(seed: int) -> None:
    """So a recording of the full view can be projected again for whoever asks."""
    state = arbitrary(Random(seed))
    for number, lesser in enumerate(VIEWS):
        for greater in VIEWS[number:]:
            assert project(project(state, greater), lesser) == project(state, lesser)
        with_itself = project(state, lesser)
        assert project(with_itself, lesser) == with_itself


@pytest.mark.parametrize("projection", [project, project_patch])
def test_an_unknown_view_is_refused(projection: Any) -> None:
    with pytest.raises(KeyError):
        projection(full_house(), "everything")
