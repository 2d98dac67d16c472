"""States from outside: all that the table of fields allows is painted, all else is refused with a sentence."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.errors import InvalidInputError
from server.preview.painter import paint
from server.preview.state import batches_max, checked
from simulation.desk import WORKERS, Activity
from simulation.fields import FIELDS, Kind
from simulation.places import NODES
from simulation.views import ALLOWED, project
from tests.preview.states import NOW, busy, empty

SIZE = (192, 108)
MOMENT = st.one_of(st.integers(NOW - 10**7, NOW + 10**7), st.integers(0, 9_999_999_999_999))
COUNT = st.one_of(st.integers(0, 200), st.integers(0, 999_999_999))
TEXT = st.text(max_size=120)
PLACE = st.one_of(st.sampled_from(sorted(NODES)), st.text(max_size=16))
VALUES = {
    Kind.ID: st.sampled_from(["a1", "b2", "c3"]),
    Kind.WORD: st.one_of(st.sampled_from(["running", "timeout", "done", "exit"]), st.text(max_size=16)),
    Kind.TEXT: TEXT,
    Kind.COUNT: COUNT,
    Kind.MOMENT: MOMENT,
    Kind.COUNTS: st.tuples(COUNT, COUNT).map(list),
    Kind.MOMENTS: st.tuples(MOMENT, MOMENT).map(list),
    Kind.PROGRESS: st.tuples(MOMENT, st.integers(0, 1000), COUNT, st.integers(0, 1)).map(list),
    Kind.PACE: st.tuples(MOMENT, st.lists(COUNT, min_size=1, max_size=20)).map(
        lambda pace: [pace[0], *pace[1]]
    ),
    Kind.PATH: st.tuples(PLACE, PLACE, MOMENT, MOMENT).map(list),
}
EXACT = {
    "desks.*.activity": st.sampled_from([activity.value for activity in Activity]),
    "desks.*.worker": st.sampled_from(WORKERS),
    "desks.*.place": PLACE,
}


def part(prefix: str) -> st.SearchStrategy[dict[str, Any]]:
    own = {
        path.removeprefix(prefix): field
        for path, field in FIELDS.items()
        if path.startswith(prefix) and path.removeprefix(prefix).isalpha()
    }
    made = {name: EXACT.get(prefix + name, VALUES[field.kind]) for name, field in own.items()}
    always = {name: made[name] for name, field in own.items() if field.always}
    return st.fixed_dictionaries(always, optional={name: made[name] for name in made.keys() - always.keys()})


STATES = st.fixed_dictionaries(
    {
        "office": part("office."),
        "desks": st.dictionaries(st.sampled_from([str(n) for n in range(10)]), part("desks.*."), max_size=10),
        "overflow": st.fixed_dictionaries({"count": COUNT, "shown": st.just({})}),
        "queue": part("queue."),
        "batches": st.dictionaries(st.sampled_from(["a1", "b2", "c3"]), part("batches.*."), max_size=3),
    },
    optional={"quota": part("quota.")},
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(state=STATES, now_ms=MOMENT, night=st.booleans(), view=st.sampled_from(sorted(ALLOWED)))
def test_any_state_of_the_table_is_painted(state: dict[str, Any], now_ms: int, night: bool, view: str):
    assert paint(checked(project(state, view)), now_ms, SIZE, night=night).get_size() == SIZE


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_state_with_garbage_anywhere_is_refused_or_painted(data: st.DataObject):
    state = json.loads(json.dumps(busy()))
    spot: Any = state
    while isinstance(spot, dict) and spot:
        key = data.draw(st.sampled_from(sorted(spot)))
        if not isinstance(spot[key], dict) or not spot[key] or data.draw(st.booleans()):
            spot[key] = data.draw(JSON)
            break
        spot = spot[key]
    with suppress(InvalidInputError):
        paint(checked(state), NOW, SIZE)


@pytest.mark.parametrize("state", [None, 7, "x", [], {}, {"office": 1}, {"desks": {"10": {}}}, {"queue": []}])
def test_garbage_is_refused_with_a_sentence(state: object):
    with pytest.raises(InvalidInputError, match="expected"):
        checked(state)


def test_unknown_fields_are_left_out():
    state = busy()
    state["office"]["new"] = {"a": [None]}
    state["more"] = 1
    state["desks"]["0"]["secret"] = "x"
    known = checked(state)
    assert "new" not in known["office"]
    assert "more" not in known
    assert "secret" not in known["desks"]["0"]
    assert checked(empty())["overflow"] == {"count": 0, "shown": {}}


def test_more_batches_than_a_state_tells_are_refused():
    state = busy()
    state["batches"] = {f"b{n}": state["batches"]["batch0"] for n in range(batches_max + 1)}
    with pytest.raises(InvalidInputError, match="batches_max"):
        checked(state)
